import { randomUUID } from 'node:crypto';
import type { ContactOutcome } from '../domain/task-outcome';
import type { StoredCase } from '../store/case-row';
import type { Contact } from '../store/contact-row';
import type { Queryable } from '../store/database';
import type { Task } from '../store/task-row';
import { addTask, completeTask } from '../store/tasks';
import type { Actor } from './actor';
import type { Desk } from './desk';
import { followOnce, learnFromOutcome } from './follow-outcome';
import { readCase } from './read-facts';

/**
 * Does what the pinned policy names for the outcome of a call or a visit that was made elsewhere. It is not made again here:
 * whoever made it says when they try again. Answers the loans whose cases were told of the person.
 */
export async function followReport(
  tx: Queryable,
  desk: Desk,
  caseRow: StoredCase,
  contact: Contact,
  outcome: ContactOutcome,
  actor: Actor,
  nowMs: number,
): Promise<readonly string[]> {
  const { loanId, caseNo, stage, policyId, policyVersion } = caseRow;
  const { policy } = await desk.policies.pinned(tx, policyId, policyVersion);
  const rule = policy.outcomes[outcome];
  if (rule === undefined) return [];
  const madeAtMs = contact.atMs;
  if (caseRow.status !== 'open') {
    const { customerId, channel, contactPoint, partyId } = contact;
    const about = { customerId, loanId, channel, contactPoint, partyId };
    return learnFromOutcome(tx, desk, { ...about, rule, outcome, actor: actor.name, madeAtMs, nowMs });
  }
  const reading = await readCase(tx, desk, { loanId, caseNo, stage, done: [] }, nowMs);
  const task = await doneElsewhere(tx, caseRow, contact, outcome, actor, nowMs);
  return followOnce(tx, desk, reading, { task, contact, rule, outcome, actor: actor.name, madeAtMs, nowMs });
}

/** What a case rests for is the outcome of a task; this one was done before anybody here was asked to. */
async function doneElsewhere(
  tx: Queryable,
  { loanId, caseNo, stage }: StoredCase,
  { contactId, contactKey, customerId, channel }: Contact,
  outcome: ContactOutcome,
  { name: actor }: Actor,
  nowMs: number,
): Promise<Task> {
  const kind = channel === 'visit' ? 'visit' : 'call';
  const times = { notBeforeMs: nowMs, dueAtMs: nowMs };
  const { task } = await addTask(tx, {
    ...{ taskId: randomUUID(), taskKey: contactKey, loanId, caseNo, customerId, kind, stage, asks: [], attempt: 1 },
    ...{ assignee: actor, ...times },
  });
  const { task: done } = await completeTask(tx, {
    ...{ taskId: task.taskId, actor, atMs: nowMs, outcome, cause: null, willingness: null, note: null, offered: [] },
    ...{ promisedDay: null, promisedMinor: null, contactId },
  });
  return done;
}
