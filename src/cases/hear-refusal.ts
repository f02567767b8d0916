import { Refusal } from '../domain/refusal';
import { latestCallOfTask } from '../store/calls';
import { runningFlag } from '../store/contact-reach';
import { getContact } from '../store/contacts';
import type { Queryable } from '../store/database';
import type { Task } from '../store/task-row';
import type { Actor } from './actor';
import type { Desk } from './desk';
import { writeFlag } from './keep-flags';
import { tellCases } from './tell-cases';

/**
 * Somebody who was asked for the borrower does not want to be asked again, about any loan. Answers the loans whose cases were
 * told.
 * @throws Refusal InputInvalid where nobody can say who it was.
 */
export async function hearRefusal(
  tx: Queryable,
  desk: Desk,
  { taskId, customerId }: Task,
  said: string | null,
  { name: actor }: Actor,
  nowMs: number,
): Promise<readonly string[]> {
  const partyId = said ?? (await lastAsked(tx, taskId));
  if (partyId === null)
    throw new Refusal('InputInvalid', 'nobody was called for this task: say who refused', 'partyId');
  const flag = 'refused-contact';
  if ((await runningFlag(tx, customerId, flag, null, partyId)) !== null) return [];
  const about = { customerId, loanId: null, partyId, fromMs: nowMs, untilMs: null, confirmed: false, handler: null };
  await writeFlag(tx, desk, { ...about, flag, evidence: `trace ended: refused, task ${taskId}`, actor }, nowMs);
  const data = { flag, partyId, confirmed: false, untilMs: null, handler: null };
  return tellCases(tx, customerId, null, { atMs: nowMs, kind: 'flag-set', actor, reason: flag, data });
}

/** Of those who were rung for the trace the last. */
async function lastAsked(tx: Queryable, taskId: string): Promise<string | null> {
  const call = await latestCallOfTask(tx, taskId);
  if (call === null || call.dialledAtMs === null) return null;
  return (await getContact(tx, call.contactId))?.partyId ?? null;
}
