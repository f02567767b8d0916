import { Refusal } from '../domain/refusal';
import { recordConsent } from '../store/consents';
import { lockCustomer, partyOfPoint } from '../store/customers';
import { inTransaction, type Queryable } from '../store/database';
import { decideInbound, getInbound, type InboundMessage } from '../store/inbound-messages';
import { latestCases } from '../store/latest-cases';
import { endReview } from '../store/review-flags';
import { claimTask, completeTask, getTask } from '../store/tasks';
import { recordEvent } from '../store/timeline';
import type { Actor } from './actor';
import type { Desk } from './desk';
import { notifyCase } from './notify';

export const messageDecisions = ['opt-out', 'not-an-opt-out', 'read'] as const;
export type MessageDecision = (typeof messageDecisions)[number];

/**
 * A person says what a message was. An opt-out closes the way from the instant at which it was written; anything else lets
 * messages go on. Who decided and when is on record, and the review that asked for it is done.
 * @throws Refusal NotFound, InputInvalid, AlreadyExists, TaskNotOpen or NotYourTask.
 */
export async function decideMessage(
  desk: Desk,
  inboundId: string,
  decision: MessageDecision,
  actor: Actor,
): Promise<InboundMessage> {
  const nowMs = await desk.clock.nowMs();
  const { message, wake } = await inTransaction(desk.pool, async (tx) => {
    const found = await getInbound(tx, inboundId);
    if (found === null) throw new Refusal('NotFound', 'no such message', 'inboundId');
    for (const { customerId } of found.customers) await lockCustomer(tx, customerId);
    check(found, decision);
    if (!(await decideInbound(tx, { inboundId, decision, actor: actor.name, atMs: nowMs }))) {
      throw new Refusal('AlreadyExists', 'it was decided before', 'decision');
    }
    await endReview(tx, inboundId, nowMs);
    const loans: string[] = [];
    for (const { customerId, taskId } of found.customers) {
      if (decision === 'opt-out') await optOut(tx, found, customerId, actor, nowMs);
      if (taskId !== null) await endTask(tx, taskId, actor, nowMs);
      loans.push(...(await tell(tx, found, customerId, decision, actor, nowMs)));
    }
    return { message: (await getInbound(tx, inboundId)) ?? found, wake: loans };
  });
  for (const loanId of wake) await notifyCase(desk, loanId);
  return message;
}

function check({ understoodAs, decision: earlier }: InboundMessage, decision: MessageDecision): void {
  if (earlier !== null) throw new Refusal('AlreadyExists', 'it was decided before', 'decision');
  if (understoodAs === 'possible-stop' && decision === 'read') {
    throw new Refusal('InputInvalid', 'it may be an opt-out: say opt-out or not-an-opt-out', 'decision');
  }
}

async function optOut(
  tx: Queryable,
  { channel, sender, atMs, inboundId }: InboundMessage,
  customerId: string,
  { name: actor }: Actor,
  nowMs: number,
): Promise<void> {
  const partyId = await partyOfPoint(tx, customerId, channel, sender);
  const source = `message ${inboundId}, read by a person`;
  await recordConsent(tx, { customerId, channel, state: 'opted-out', source, atMs, partyId, actor }, nowMs);
}

async function endTask(tx: Queryable, taskId: string, actor: Actor, nowMs: number): Promise<void> {
  const task = await getTask(tx, taskId);
  // A call that was asked for is made, not read; a review that is over stays as it is.
  if (task?.kind !== 'review' || (task.state !== 'open' && task.state !== 'claimed')) return;
  await claimTask(tx, { taskId, actor: actor.name, atMs: nowMs });
  const nothingElse = { cause: null, willingness: null, note: null, offered: [], promisedDay: null };
  const done = { ...nothingElse, taskId, actor: actor.name, atMs: nowMs, outcome: 'reviewed' };
  await completeTask(tx, { ...done, promisedMinor: null, contactId: null });
}

async function tell(
  tx: Queryable,
  { inboundId, channel }: InboundMessage,
  customerId: string,
  decision: MessageDecision,
  actor: Actor,
  nowMs: number,
): Promise<string[]> {
  const open = (await latestCases(tx, customerId)).filter(({ status }) => status === 'open');
  for (const { loanId, caseNo } of open) {
    const event = { loanId, caseNo, atMs: nowMs, actor: actor.name, kind: 'message-decided', reason: decision };
    await recordEvent(tx, { ...event, data: { inboundId, channel }, eventKey: `decided/${inboundId}` });
  }
  return open.map(({ loanId }) => loanId);
}
