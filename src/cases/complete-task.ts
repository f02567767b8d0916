import type { Gate } from '../contact/gate';
import { connectionAfterCall } from '../domain/call/call-leg';
import { type CauseAnswer, mustNameCause } from '../domain/cause/cause';
import { connectionOf } from '../domain/contact/past-contact';
import type { VisitPlan } from '../domain/contact/situation';
import { stepOf } from '../domain/policy';
import { Refusal } from '../domain/refusal';
import type { Willingness } from '../domain/task-answers';
import { type ContactOutcome, taskOutcomes } from '../domain/task-outcome';
import { connectionOfContact, contactOfTask, getCall, setConnection } from '../store/calls';
import type { Contact } from '../store/contact-row';
import { inTransaction, type Queryable } from '../store/database';
import type { Task } from '../store/task-row';
import { completeTask as storeCompletion } from '../store/tasks';
import { recordEvent } from '../store/timeline';
import type { Actor } from './actor';
import { bookMade } from './book-made';
import type { Desk } from './desk';
import { followOutcome } from './follow-outcome';
import { decide, handoffOfTask } from './hand-to-legal';
import { followTrace, reviewReach } from './lost-contact';
import { hearRefusal } from './hear-refusal';
import { hearCause } from './hear-cause';
import { notifyCase } from './notify';
import { isTaskOfDispute } from './open-dispute';
import { followPauseReview } from './pause-reviews';
import type { CaseReading } from './read-facts';
import { conditionsOf, contactKeyOfTask, isOthers, lockTask, readingOfTask } from './work-task';
import { promiseLimit, promiseProblem, writePromise } from './write-promise';

export interface TaskCompletion {
  readonly outcome: string;
  readonly cause: CauseAnswer | null;
  readonly willingness: Willingness | null;
  /** The collector's own words; they stay on the task. */
  readonly note: string | null;
  /** What was offered; null where it is what the policy's step offers. */
  readonly offered: readonly string[] | null;
  readonly promisedDay: string | null;
  readonly promisedMinor: number | null;
  /** When a call or a visit was made; null: now, or when the provider dialled. */
  readonly madeAtMs: number | null;
  /** How a visit was made; a rule in force may ask for it. */
  readonly visit: VisitPlan | null;
  /** Who refused, where a trace ends so; left out: who was rung last. */
  readonly partyId?: string | null;
}

/** Nobody who owes the money was spoken to, so nothing was offered. */
const nobodyReached: readonly string[] = [
  ...['no-answer', 'voicemail', 'busy', 'other-person', 'other-language', 'wrong-number', 'deceased'],
];

/**
 * Ends a task that the actor has claimed, and does what the policy says of its outcome. The same again is known.
 * @throws Refusal NotFound, TaskNotOpen, NotYourTask or InputInvalid; for an approval also FourEyes and Forbidden.
 */
export async function completeTask(
  desk: Desk,
  gate: Gate,
  taskId: string,
  done: TaskCompletion,
  actor: Actor,
): Promise<Task> {
  const nowMs = await desk.clock.nowMs();
  const { task, told } = await inTransaction(desk.pool, async (tx) => {
    const claimed = await lockTask(tx, taskId);
    if (claimed.state === 'open') throw new Refusal('NotYourTask', 'claim it first');
    if (isOthers(claimed, actor)) throw new Refusal('NotYourTask', 'somebody else has claimed the task');
    const reading = await readingOfTask(tx, desk, claimed, nowMs);
    // Calls of a trace end by themselves: what it came to says nothing of any of them.
    const contact = claimed.kind === 'trace' ? null : await contactOfTask(tx, taskId, contactKeyOfTask(taskId));
    if (claimed.state === 'claimed') {
      checkCompletion(claimed, done, reading);
      checkMade(claimed, done, nowMs);
      checkVisit(claimed, contact, done);
    }
    return writeCompletion(tx, desk, gate, reading, { task: claimed, contact }, done, actor, nowMs);
  });
  for (const loanId of new Set([task.loanId, ...told])) await notifyCase(desk, loanId);
  return task;
}

function checkCompletion(task: Task, done: TaskCompletion, reading: CaseReading): void {
  const { kind, asks } = task;
  const outcomes = taskOutcomes[kind];
  if (!outcomes.includes(done.outcome)) {
    throw new Refusal('InputInvalid', `a ${kind} ends with one of ${outcomes.join(', ')}`, 'outcome');
  }
  if (isTaskOfDispute(task)) throw new Refusal('InputInvalid', 'it ends with the resolution of the dispute', 'outcome');
  if (done.cause === null && mustNameCause(asks, done.outcome)) {
    throw new Refusal('InputInvalid', 'the task asks for it; unknown where the borrower did not say', 'cause');
  }
  if ((done.partyId ?? null) !== null && !isRefusedTrace(task, done)) {
    throw new Refusal('InputInvalid', 'belongs to a trace that was refused', 'partyId');
  }
  checkPromised(done, reading);
}

function isRefusedTrace({ kind }: Task, { outcome }: Pick<TaskCompletion, 'outcome'>): boolean {
  return kind === 'trace' && outcome === 'refused';
}

/** @throws Refusal InputInvalid, or PromiseInvalid for a promise that cannot be. */
function checkPromised({ outcome, promisedDay, promisedMinor }: TaskCompletion, reading: CaseReading): void {
  if (outcome !== 'promised') {
    if (promisedDay !== null) throw new Refusal('InputInvalid', 'belongs to the outcome promised', 'promisedDay');
    if (promisedMinor !== null) throw new Refusal('InputInvalid', 'belongs to the outcome promised', 'promisedMinor');
    return;
  }
  if (promisedDay === null) throw new Refusal('InputInvalid', 'a promise names its day', 'promisedDay');
  if (promisedMinor === null) throw new Refusal('InputInvalid', 'a promise names its amount', 'promisedMinor');
  const problem = promiseProblem(reading, [{ dueDay: promisedDay, amountMinor: promisedMinor }]);
  if (problem !== null) {
    const field = problem.field?.endsWith('dueDay') === true ? 'promisedDay' : 'promisedMinor';
    throw new Refusal(problem.type, problem.reason, field);
  }
  const limit = promiseLimit(reading);
  if (limit !== null) throw new Refusal(limit.type, limit.reason, 'outcome');
}

function checkMade({ kind, claimedAtMs }: Task, { madeAtMs }: TaskCompletion, nowMs: number): void {
  if (madeAtMs === null) return;
  if (kind !== 'call' && kind !== 'visit') throw new Refusal('InputInvalid', 'belongs to a call or a visit', 'madeAt');
  if (madeAtMs > nowMs) throw new Refusal('InputInvalid', 'lies in the future', 'madeAt');
  if (claimedAtMs !== null && madeAtMs < claimedAtMs) {
    throw new Refusal('InputInvalid', 'lies before the task was claimed', 'madeAt');
  }
}

/** A visit of which nobody says how it was made cannot be shown to have been lawful. */
function checkVisit({ kind }: Task, contact: Contact | null, { visit }: TaskCompletion): void {
  if (kind !== 'visit') {
    if (visit !== null) throw new Refusal('InputInvalid', 'belongs to a visit', 'visit');
    return;
  }
  const conditions = contact === null ? [] : conditionsOf(contact);
  if (visit === null && conditions.length > 0) {
    throw new Refusal('InputInvalid', `${conditions.join(', ')} ask how the visit was made`, 'visit');
  }
}

interface Completed {
  readonly task: Task;
  /** The loans whose cases were told that the contact was about them too, or what was heard of the person. */
  readonly told: readonly string[];
}

async function writeCompletion(
  tx: Queryable,
  desk: Desk,
  gate: Gate,
  reading: CaseReading,
  { task: claimed, contact }: { readonly task: Task; readonly contact: Contact | null },
  done: TaskCompletion,
  actor: Actor,
  nowMs: number,
): Promise<Completed> {
  const { taskId, kind, attempt, loanId, caseNo } = claimed;
  const { outcome, cause, willingness } = done;
  const offered = [...(done.offered ?? offersOf(reading, claimed, outcome))];
  const completion = {
    ...done,
    taskId,
    actor: actor.name,
    atMs: nowMs,
    offered,
    contactId: contact?.contactId ?? null,
  };
  const { task, completed } = await storeCompletion(tx, completion);
  if (!completed) return { task, told: [] };

  const data = { taskId, task: kind, attempt, outcome, cause, willingness, offered };
  const promise = { promisedDay: done.promisedDay, promisedMinor: done.promisedMinor };
  const event = { loanId, caseNo, atMs: nowMs, actor: actor.name, reason: `${kind} ended: ${outcome}` };
  await recordEvent(tx, {
    ...event,
    kind: 'task-completed',
    data: outcome === 'promised' ? { ...data, ...promise } : data,
    eventKey: `completed/${taskId}`,
  });
  const covered = contact === null ? [] : await writeContact(tx, gate, contact, done, actor, nowMs);
  const { promisedDay: dueDay, promisedMinor: amountMinor } = done;
  if (dueDay !== null && amountMinor !== null) {
    const said = { promiseId: taskId, source: 'task', sourceId: taskId, parts: [{ dueDay, amountMinor }] } as const;
    await writePromise(tx, reading, said, actor.name, nowMs);
  }
  if (cause !== null && cause !== 'unknown') {
    const heard = { loanId, caseNo, code: cause, fromDay: reading.today, source: 'task', sourceId: taskId } as const;
    await hearCause(tx, heard, actor.name, nowMs);
  }
  const told = await followUp(tx, desk, reading, task, contact, done, actor, nowMs);
  return { task, told: [...covered, ...told] };
}

/**
 * The provider's word and the collector's together say how far the call came, and when it was made. Answers the loans whose
 * cases were told that it was about them too.
 */
async function writeContact(
  tx: Queryable,
  gate: Gate,
  contact: Contact,
  { outcome, madeAtMs, visit }: TaskCompletion,
  actor: Actor,
  nowMs: number,
): Promise<readonly string[]> {
  const { contactId } = contact;
  const call = await getCall(tx, contactId);
  const isDialled = call !== null && call.dialledAtMs !== null;
  if (isDialled && madeAtMs !== null) {
    throw new Refusal('InputInvalid', 'the provider made the call, and says when', 'madeAt');
  }
  const made = { atMs: madeAtMs ?? nowMs, visit };
  const covered = isDialled ? [] : await bookMade(tx, gate, contact, made, actor, nowMs);
  const reported = await connectionOfContact(tx, contactId);
  const connection = connectionAfterCall(call?.borrowerStatus ?? null, reported, connectionOf(outcome));
  await setConnection(tx, contactId, { connection, outcome });
  return covered;
}

async function followUp(
  tx: Queryable,
  desk: Desk,
  reading: CaseReading,
  task: Task,
  contact: Contact | null,
  { outcome, note, madeAtMs, partyId = null }: TaskCompletion,
  actor: Actor,
  nowMs: number,
): Promise<readonly string[]> {
  if (task.kind === 'approve-legal') {
    const state = outcome === 'approved' ? 'approved' : 'rejected';
    const handoff = await handoffOfTask(tx, task);
    await decide(tx, desk, reading, handoff, { state, reason: note ?? outcome }, actor, nowMs);
    return [];
  }
  if (task.kind === 'review') await followPauseReview(tx, reading, task, nowMs);
  if (task.kind === 'trace') {
    await followTrace(tx, reading, task, nowMs);
    // What the policy says of a refusal is about the borrower's.
    return isRefusedTrace(task, { outcome }) ? hearRefusal(tx, desk, task, partyId, actor, nowMs) : [];
  }
  const rule = reading.policy.outcomes[outcome as ContactOutcome];
  const ended = { task, contact, outcome, actor: actor.name, madeAtMs: madeAtMs ?? nowMs, nowMs };
  const told = rule === undefined ? [] : await followOutcome(tx, desk, reading, { ...ended, rule });
  await reviewReach(tx, desk, task.customerId, nowMs);
  return told;
}

function offersOf(
  { policy, loan }: CaseReading,
  { taskKey, loanId, caseNo }: Task,
  outcome: string,
): readonly string[] {
  if (nobodyReached.includes(outcome)) return [];
  const stepKey = taskKey.slice(`${loanId}/${caseNo}/`.length).replace(/#\d+$/, '');
  const action = stepOf(policy, loan.riskTier, stepKey)?.action;
  return action?.kind === 'task' ? action.offers : [];
}
