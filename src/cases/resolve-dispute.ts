import { accountAsOf, orderAsOf } from '../domain/account/account';
import { correctSchedule } from '../domain/dispute/correct-schedule';
import { type DisputeOutcome, upheldMinorOf } from '../domain/dispute/dispute';
import { Refusal } from '../domain/refusal';
import { scheduleAsOf } from '../domain/schedule';
import { lockBorrowerOf } from '../store/case-lock';
import { inTransaction, type Queryable } from '../store/database';
import { addCorrectedSchedule, type Dispute, getDispute, writeResolution } from '../store/disputes';
import { recordEvent } from '../store/timeline';
import { accountRules } from './account-rules';
import type { Actor } from './actor';
import type { Desk } from './desk';
import { endReviewTask } from './end-review';
import { writeFlagEnd } from './keep-flags';
import { notifyCase } from './notify';
import { disputeTaskKey, readBack } from './open-dispute';
import { type CaseReading, readCase } from './read-facts';

export interface DisputeDecision {
  readonly outcome: DisputeOutcome;
  /** What is upheld in part; null where the outcome says it by itself. */
  readonly amountMinor: number | null;
  /** The officer's own words; they are on the timeline. */
  readonly note: string;
}

/**
 * A person decides on a dispute. What is upheld is no longer asked for; the flag ends, and the case goes on with the step
 * it stood before. All of it is one transaction. The same decision again is known.
 * @throws Refusal NotFound, AlreadyExists or InputInvalid.
 */
export async function resolveDispute(
  desk: Desk,
  loanId: string,
  disputeId: string,
  decision: DisputeDecision,
  actor: Actor,
): Promise<Dispute> {
  const nowMs = await desk.clock.nowMs();
  const resolved = await inTransaction(desk.pool, async (tx) => {
    await lockBorrowerOf(tx, loanId);
    const dispute = await getDispute(tx, disputeId);
    if (dispute?.loanId !== loanId) throw new Refusal('NotFound', 'the loan has no such dispute', 'disputeId');
    if (dispute.outcome !== null) return requireSame(dispute, decision);
    const { caseNo, flagId, flagRuns } = dispute;
    const reading = await readCase(tx, desk, { loanId, caseNo, stage: '', done: [] }, nowMs);
    const correction = await takeOff(tx, reading, dispute, decision);
    const { outcome, note } = decision;
    await writeResolution(tx, disputeId, { outcome, ...correction, resolvedBy: actor.name, resolvedAtMs: nowMs });
    if (flagRuns) {
      const { customerId } = reading.loan;
      const ending = { id: flagId, customerId, atMs: nowMs, reason: `dispute ${outcome}`, actor: actor.name };
      await writeFlagEnd(tx, desk, ending);
    }
    await endReviewTask(tx, disputeTaskKey(dispute), actor, nowMs);
    const event = { loanId, caseNo, atMs: nowMs, actor: actor.name, kind: 'dispute-resolved', reason: note };
    const data = { disputeId, outcome, ...correction };
    await recordEvent(tx, { ...event, data, eventKey: `dispute-resolved/${disputeId}` });
    return readBack(await getDispute(tx, disputeId));
  });
  await notifyCase(desk, loanId);
  return resolved;
}

interface Correction {
  readonly upheldMinor: number;
  readonly creditedMinor: number;
  readonly scheduleNo: number | null;
}

/** What is upheld comes off what is unpaid, by another schedule; what was paid of it meanwhile is owed back, and shown as such. */
async function takeOff(
  tx: Queryable,
  { loan, policy, delinquency, today }: CaseReading,
  { disputeId, disputedMinor }: Dispute,
  { outcome, amountMinor }: DisputeDecision,
): Promise<Correction> {
  const { outstandingMinor } = delinquency;
  const upheldMinor = upheldMinorOf(outcome, amountMinor, disputedMinor, outstandingMinor);
  const creditedMinor = Math.min(upheldMinor, outstandingMinor);
  if (creditedMinor === 0) return { upheldMinor, creditedMinor, scheduleNo: null };
  const scheduleNo = Math.max(...loan.schedules.map(({ no }) => no)) + 1;
  const schedule = scheduleAsOf(loan.schedules, today);
  const rules = accountRules(policy);
  const [account, order] = [accountAsOf(loan, today, rules), orderAsOf(loan, today, rules)];
  const corrected = correctSchedule(schedule, scheduleNo, account, creditedMinor, order, today);
  await addCorrectedSchedule(tx, loan.loanId, corrected, disputeId);
  return { upheldMinor, creditedMinor, scheduleNo };
}

function requireSame(known: Dispute, { outcome, amountMinor }: DisputeDecision): Dispute {
  const same = known.outcome === outcome && (amountMinor === null || known.upheldMinor === amountMinor);
  if (!same) throw new Refusal('AlreadyExists', `it was decided before: ${known.outcome ?? ''}`, 'outcome');
  return known;
}
