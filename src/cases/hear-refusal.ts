import { Refusal } from '../domain/refusal';
import { latestCallOfTask } from '../store/calls';
import { getContact } from '../store/contacts';
import type { Queryable } from '../store/database';
import type { Task } from '../store/task-row';
import type { Actor } from './actor';
import type { Desk } from './desk';
import { hearFlag } from './keep-flags';

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
  if (partyId === null) {
    throw new Refusal('InputInvalid', 'nobody was called for this task: say who refused', 'partyId');
  }
  const evidence = `trace ended: refused, task ${taskId}`;
  const about = { customerId, loanId: null, partyId, fromMs: nowMs, handler: null };
  return hearFlag(tx, desk, { ...about, flag: 'refused-contact', evidence, actor }, nowMs);
}

/** Of those who were rung for the trace the last. */
async function lastAsked(tx: Queryable, taskId: string): Promise<string | null> {
  const call = await latestCallOfTask(tx, taskId);
  if (call === null || call.dialledAtMs === null) return null;
  return (await getContact(tx, call.contactId))?.partyId ?? null;
}
