import { randomUUID } from 'node:crypto';
import { recordingKeptUntilMs } from '../domain/contact/keep-recording';
import { Refusal } from '../domain/refusal';
import { inTransaction } from '../store/database';
import { addRecording, getRecording, recordAccess, type Recording } from '../store/recordings';
import { recordEvent } from '../store/timeline';
import type { Actor } from './actor';
import type { CallDeps } from './call-deps';
import type { Desk } from './desk';
import { withCall } from './take-call-report';

export interface RecordingReport {
  readonly contactId: string;
  readonly providerId: string;
  readonly url: string;
  readonly durationSeconds: number;
}

/** Keeps the link to a recording, with the day until which it is kept by the packs in force. */
export async function takeRecording({ desk, gate }: CallDeps, report: RecordingReport): Promise<void> {
  const { contactId, providerId, url, durationSeconds } = report;
  if (!/^RE[0-9a-f]{32}$/i.test(providerId) || !/^https:\/\//.test(url) || !Number.isInteger(durationSeconds)) return;
  const nowMs = await desk.clock.nowMs();
  await withCall(desk, contactId, async (tx, _call, { loanId, caseNo }) => {
    const retainUntilMs = recordingKeptUntilMs(gate.inForce.packs, nowMs);
    const recording = { recordingId: randomUUID(), contactId, providerId, url, durationSeconds, madeAtMs: nowMs };
    if (!(await addRecording(tx, { ...recording, retainUntilMs }))) return false;
    const event = { loanId, caseNo, atMs: nowMs, kind: 'call-recorded', actor: 'provider' };
    const data = { contactId, recordingId: recording.recordingId };
    await recordEvent(tx, { ...event, reason: 'the call was recorded', data, eventKey: `recorded/${providerId}` });
    return false;
  });
}

/**
 * Gives out the link to a recording; who asked, and why, is on record before.
 * @throws Refusal NotFound, also when it was deleted.
 */
export async function openRecording(desk: Desk, recordingId: string, reason: string, actor: Actor): Promise<Recording> {
  const nowMs = await desk.clock.nowMs();
  return inTransaction(desk.pool, async (tx) => {
    const recording = await getRecording(tx, recordingId);
    if (recording === null || recording.deletedAtMs !== null || recording.url === '') {
      throw new Refusal('NotFound', 'no such recording is kept', 'recordingId');
    }
    await recordAccess(tx, { recordingId, actor: actor.name, reason, atMs: nowMs });
    const { loanId, caseNo } = recording;
    const event = { loanId, caseNo, atMs: nowMs, kind: 'recording-opened', actor: actor.name };
    await recordEvent(tx, { ...event, reason: 'the link to a recording was given out', data: { recordingId } });
    return recording;
  });
}
