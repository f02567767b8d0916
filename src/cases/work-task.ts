import { z } from 'zod';
import { type Gate, loansAllowed, passGate } from '../contact/gate';
import { Refusal } from '../domain/refusal';
import { lockBorrowerOf } from '../store/case-lock';
import type { Contact } from '../store/contact-row';
import { latestCallOfTask } from '../store/calls';
import { contactByKey } from '../store/contact-claims';
import { setContactState } from '../store/contacts';
import { bestContactPoint, borrowersOwn } from '../store/customers';
import { inTransaction, type Queryable } from '../store/database';
import type { Owner } from '../store/party-loans';
import type { Task } from '../store/task-row';
import { claimTask as storeClaim, getTask } from '../store/tasks';
import { recordEvent } from '../store/timeline';
import type { Actor } from './actor';
import type { Desk } from './desk';
import { requireApprover } from './hand-to-legal';
import { loansToName } from './loans-to-name';
import { type CaseReading, readCase } from './read-facts';

export interface ClaimedTask {
  readonly task: Task;
  /** The contact that the gate reserved for a call or a visit. */
  readonly contact: Contact | null;
}

type Claim = ClaimedTask | { readonly refused: Refusal };

export const contactKeyOfTask = (taskId: string): string => `task/${taskId}`;

/**
 * Takes a task. A call or a visit is a contact like any other: the gate allows it or says why not and until when, and
 * its no is on the timeline.
 * @throws Refusal NotFound, TaskNotOpen, NotYourTask, Forbidden, FourEyes or ContactNotAllowed.
 */
export async function claimTask(desk: Desk, gate: Gate, taskId: string, actor: Actor): Promise<ClaimedTask> {
  const nowMs = await desk.clock.nowMs();
  const claim = await inTransaction(desk.pool, async (tx): Promise<Claim> => {
    const task = await lockTask(tx, taskId);
    if (isOthers(task, actor)) throw new Refusal('NotYourTask', 'somebody else has claimed the task');
    if (task.state !== 'open' && task.state !== 'claimed')
      throw new Refusal('TaskNotOpen', `the task is ${task.state}`);
    if (task.notBeforeMs > nowMs) {
      throw new Refusal('TaskNotOpen', `the task begins at ${new Date(task.notBeforeMs).toISOString()}`);
    }
    const reading = await readingOfTask(tx, desk, task, nowMs);
    if (task.kind === 'approve-legal') await requireApprover(tx, reading, task, actor);
    const reserved =
      task.kind === 'call' || task.kind === 'visit' ? await reserve(tx, gate, reading, task, actor, nowMs) : null;
    if (reserved instanceof Refusal) return { refused: reserved };
    return { task: await storeClaim(tx, { taskId, actor: actor.name, atMs: nowMs }), contact: reserved };
  });
  if ('refused' in claim) throw claim.refused;
  return claim;
}

/** The task as it is once its borrower is locked. @throws Refusal NotFound. */
export async function lockTask(tx: Queryable, taskId: string): Promise<Task> {
  const found = await getTask(tx, taskId);
  if (found === null) throw new Refusal('NotFound', 'no such task', 'taskId');
  await lockBorrowerOf(tx, found.loanId);
  return (await getTask(tx, taskId)) ?? found;
}

export function isOthers(task: Task, actor: Actor): boolean {
  return task.state === 'claimed' && task.assignee !== actor.name;
}

export function readingOfTask(tx: Queryable, desk: Desk, task: Task, nowMs: number): Promise<CaseReading> {
  const { loanId, caseNo, stage } = task;
  return readCase(tx, desk, { loanId, caseNo, stage, done: [] }, nowMs);
}

/** What a call or a visit may be about, before each is judged: the same loans that a message would name. */
export async function loansOfTask(
  tx: Queryable,
  gate: Gate,
  { policy, loan: { customerId, loanId }, today }: CaseReading,
  owner: Owner,
  nowMs: number,
): Promise<readonly string[]> {
  const loans = await loansToName(tx, gate, { customerId, loanId, owner, policy, today, nowMs });
  return loans.map((loan) => loan.loanId);
}

async function reserve(
  tx: Queryable,
  gate: Gate,
  reading: CaseReading,
  task: Task,
  actor: Actor,
  nowMs: number,
): Promise<Contact | Refusal> {
  const { taskId, loanId, caseNo, customerId } = task;
  const channel = task.kind === 'visit' ? 'visit' : 'call';
  const contactKey = contactKeyOfTask(taskId);
  const earlier = await contactByKey(tx, contactKey);
  if (earlier !== null) {
    if (await isBegun(tx, taskId, earlier)) return earlier;
    // What was allowed when the task was claimed first may not be any more: the slot is given back, and asked for anew.
    await setContactState(tx, earlier.contactId, { state: 'released', outcome: 'claimed again' });
  }
  const rest = restOf(reading);
  if (rest !== null) return refuse(tx, task, actor, nowMs, [], rest);
  const point = await bestContactPoint(tx, customerId, channel, [loanId], nowMs);
  if (channel === 'call' && point === null) {
    return refuse(tx, task, actor, nowMs, [], 'no usable phone number is on record');
  }
  const named = await loansOfTask(tx, gate, reading, point ?? borrowersOwn, nowMs);
  const purpose = 'follow-up';
  const contactPoint = point?.value ?? null;
  const asked = { contactKey, customerId, loanIds: named, channel, purpose, contactPoint, ownLoanId: loanId } as const;
  const { loanIds, seen } = await loansAllowed(tx, gate, asked, nowMs);
  const nothingSaidYet = { template: null, language: null, subject: null, body: null, offers: [], tags: null };
  const passage = await passGate(
    tx,
    gate,
    {
      ...{ contactKey, customerId, loanId, caseNo, loanIds, channel, purpose, contactPoint },
      ...{ madeBy: actor.name, sender: null, ...nothingSaidYet },
    },
    nowMs,
    seen,
  );
  switch (passage.kind) {
    case 'reserved':
    case 'known':
      return passage.contact;
    case 'covered':
      return refuse(tx, task, actor, nowMs, [], 'another contact named this loan today');
    case 'denied':
      return refuse(tx, task, actor, nowMs, passage.rules, passage.reason);
    case 'deferred': {
      const until = new Date(passage.untilMs).toISOString();
      return refuse(tx, task, actor, nowMs, passage.rules, `not before ${until} (${passage.rules.join(', ')})`);
    }
  }
}

/** Why nobody is contacted about the case now, whatever the rules say; null where it does not rest. */
export function restOf({ facts }: CaseReading): string | null {
  const rest = facts.pause !== null ? 'paused' : (facts.hold?.reason ?? null);
  return rest === null ? null : `the case rests: ${rest}`;
}

/** Rules that the gate left to whoever makes the contact: how a visit is made. */
export function conditionsOf({ verdict }: Contact): readonly string[] {
  return z.object({ conditions: z.array(z.string()).default([]) }).parse(verdict).conditions;
}

/** Whether somebody may have been disturbed already; each call through the provider asks the gate itself. */
async function isBegun(tx: Queryable, taskId: string, { state }: Contact): Promise<boolean> {
  return (state !== 'reserved' && state !== 'released') || (await latestCallOfTask(tx, taskId)) !== null;
}

/** The no to whoever works a task, on the timeline. */
export async function refuse(
  tx: Queryable,
  { taskId, kind, loanId, caseNo }: Task,
  actor: Actor,
  nowMs: number,
  rules: readonly string[],
  why: string,
): Promise<Refusal> {
  const named = rules.length === 0 || why.includes(rules.join(', ')) ? why : `${why} (${rules.join(', ')})`;
  const data = { taskId, channel: kind === 'visit' ? 'visit' : 'call', rules };
  const event = { loanId, caseNo, atMs: nowMs, kind: 'contact-denied', actor: actor.name, reason: named, data };
  // The same no, however often it is asked for, is one event.
  await recordEvent(tx, { ...event, eventKey: `denied/${taskId}/${named}` });
  return new Refusal('ContactNotAllowed', named);
}
