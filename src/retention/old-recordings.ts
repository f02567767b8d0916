import type { Pool } from 'pg';
import { delinquencyRules } from '../cases/read-facts';
import type { VoiceChannel } from '../channels/twilio-voice';
import { keepsRecordingsOfPlans } from '../domain/contact/keep-recording';
import { inTransaction, type Queryable } from '../store/database';
import { loadLoanFacts } from '../store/loan-facts';
import { type DueRecording, markDeleted, recordingsToDelete } from '../store/recordings';
import { recordEvent } from '../store/timeline';
import { type RecordKeeping, settledDay } from './keep-case';

/** Null where the bank has not said from which number it calls: then there are no recordings either. */
export type RecordingStore = Pick<VoiceChannel, 'removeRecording'> | null;

/** Deletes at the provider what no pack keeps any longer; answers how many are gone. One that cannot be deleted stays due. */
export async function deleteOldRecordings(
  pool: Pool,
  keeping: RecordKeeping,
  store: RecordingStore,
  nowMs: number,
): Promise<number> {
  if (store === null) return 0;
  let gone = 0;
  for (const recording of await recordingsToDelete(pool, nowMs)) {
    if (await isKeptForPlan(pool, keeping, recording, nowMs)) continue;
    if (!(await store.removeRecording(recording.providerId))) continue;
    await inTransaction(pool, (tx) => noteDeleted(tx, recording, nowMs));
    gone += 1;
  }
  return gone;
}

/** Whether it may hold the word by which a plan was agreed, of a loan that is not settled. */
async function isKeptForPlan(
  db: Queryable,
  { policies, policyId, packs }: RecordKeeping,
  { withPlan }: DueRecording,
  nowMs: number,
): Promise<boolean> {
  if (withPlan.length === 0 || !keepsRecordingsOfPlans(packs)) return false;
  const { policy, calendar } = await policies.latest(db, policyId);
  const facts = await Promise.all(withPlan.map((loanId) => loadLoanFacts(db, loanId)));
  const today = calendar.dayOf(nowMs);
  return facts.some((loan) => loan !== null && settledDay(loan, today, delinquencyRules(policy)) === null);
}

async function noteDeleted(tx: Queryable, { recordingId, loanId, caseNo }: DueRecording, nowMs: number): Promise<void> {
  await markDeleted(tx, recordingId, nowMs);
  const event = { loanId, caseNo, atMs: nowMs, kind: 'recording-deleted', actor: 'arrears' };
  const reason = 'no rule keeps the recording any longer';
  await recordEvent(tx, { ...event, reason, data: { recordingId }, eventKey: `deleted/${recordingId}` });
}
