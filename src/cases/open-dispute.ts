import { type DisputeReason, requireDisputable } from '../domain/dispute/dispute';
import { Refusal } from '../domain/refusal';
import { inTransaction } from '../store/database';
import { addDispute, type Dispute, getDispute } from '../store/disputes';
import type { Task } from '../store/task-row';
import { recordEvent } from '../store/timeline';
import type { Actor } from './actor';
import { addCaseTask } from './add-task';
import type { Desk } from './desk';
import { lockOpenCase } from './hand-to-legal';
import { writeFlag } from './keep-flags';
import { notifyCase } from './notify';

export interface DisputeWish {
  readonly disputeId: string;
  readonly reasonCode: DisputeReason;
  /** Null: the whole debt. */
  readonly amountMinor: number | null;
  readonly evidence: string;
}

export const disputeTaskKey = ({
  loanId,
  caseNo,
  disputeId,
}: Pick<Dispute, 'loanId' | 'caseNo' | 'disputeId'>): string => `${loanId}/${caseNo}/dispute/${disputeId}`;

export const isTaskOfDispute = ({ taskKey, loanId, caseNo }: Pick<Task, 'taskKey' | 'loanId' | 'caseNo'>): boolean =>
  taskKey.startsWith(disputeTaskKey({ loanId, caseNo, disputeId: '' }));

/**
 * Writes down that a borrower objects. The loan is flagged as disputed, so that what the policy says rests, and a person
 * has to decide within the policy's time. The same id again is the same dispute.
 * @throws Refusal NotFound, CaseNotOpen, AlreadyExists or InputInvalid.
 */
export async function openDispute(desk: Desk, loanId: string, wish: DisputeWish, actor: Actor): Promise<Dispute> {
  const nowMs = await desk.clock.nowMs();
  const { disputeId, reasonCode, amountMinor: disputedMinor, evidence } = wish;
  const dispute = await inTransaction(desk.pool, async (tx) => {
    const reading = await lockOpenCase(tx, desk, loanId, nowMs);
    const known = await getDispute(tx, disputeId);
    if (known !== null) return requireSame(known, loanId, wish);
    requireDisputable(disputedMinor, reading.delinquency.outstandingMinor);
    const { caseNo, customerId } = reading.caseRow;
    const about = { customerId, loanId, partyId: null, fromMs: nowMs, untilMs: null, confirmed: true };
    const flagId = await writeFlag(tx, desk, { ...about, flag: 'disputed', evidence, actor: actor.name }, nowMs);
    const task = await addCaseTask(
      tx,
      reading,
      {
        ...{ taskKey: disputeTaskKey({ loanId, caseNo, disputeId }), kind: 'review', asks: [], attempt: 1 },
        ...{ within: reading.policy.disputes.answerWithin, reason: `disputed: ${reasonCode}`, notBeforeMs: nowMs },
      },
      nowMs,
    );
    const opened = { openedBy: actor.name, openedAtMs: nowMs, answerByMs: task.dueAtMs };
    await addDispute(tx, { disputeId, loanId, caseNo, reasonCode, disputedMinor, ...opened, flagId });
    const event = { loanId, caseNo, atMs: nowMs, actor: actor.name, kind: 'dispute-opened', reason: reasonCode };
    const data = { disputeId, reasonCode, disputedMinor, flagId, answerBy: new Date(task.dueAtMs).toISOString() };
    await recordEvent(tx, { ...event, data, eventKey: `dispute/${disputeId}` });
    return readBack(await getDispute(tx, disputeId));
  });
  await notifyCase(desk, loanId);
  return dispute;
}

function requireSame(known: Dispute, loanId: string, { reasonCode, amountMinor }: DisputeWish): Dispute {
  if (known.loanId === loanId && known.reasonCode === reasonCode && known.disputedMinor === amountMinor) return known;
  throw new Refusal('AlreadyExists', 'another dispute has this id', 'disputeId');
}

export function readBack(dispute: Dispute | null): Dispute {
  if (dispute === null) throw new Error('the dispute vanished');
  return dispute;
}
