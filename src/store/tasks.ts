import { z } from 'zod';

import { Refusal } from '../domain/refusal';
import type { Queryable } from './database';
import { execute, instant, many, maybeOne, one } from './rows';
import { type Task, taskColumns, taskRow } from './task-row';

export type NewTask = Pick<
  Task,
  | 'taskId'
  | 'taskKey'
  | 'loanId'
  | 'caseNo'
  | 'customerId'
  | 'kind'
  | 'stage'
  | 'asks'
  | 'attempt'
  | 'assignee'
  | 'notBeforeMs'
  | 'dueAtMs'
>;

/** Adds a task once: the same key again gives the task that is there. */
export async function addTask(db: Queryable, task: NewTask): Promise<{ task: Task; added: boolean }> {
  const text = `insert into task (task_id, task_key, loan_id, case_no, customer_id, kind, stage, asks, attempt,
      assignee, not_before, due_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    on conflict (task_key) do nothing returning ${taskColumns}`;
  const added = await maybeOne(db, taskRow, text, [
    ...[task.taskId, task.taskKey, task.loanId, task.caseNo, task.customerId, task.kind, task.stage, task.asks],
    ...[task.attempt, task.assignee, instant(task.notBeforeMs), instant(task.dueAtMs)],
  ]);
  if (added !== null) return { task: added, added: true };
  const select = `select ${taskColumns} from task where task_key = $1`;
  return { task: await one(db, taskRow, select, [task.taskKey]), added: false };
}

export async function getTask(db: Queryable, taskId: string): Promise<Task | null> {
  return maybeOne(db, taskRow, `select ${taskColumns} from task where task_id = $1`, [taskId]);
}

export async function getTaskByKey(db: Queryable, taskKey: string): Promise<Task | null> {
  return maybeOne(db, taskRow, `select ${taskColumns} from task where task_key = $1`, [taskKey]);
}

/**
 * Takes an open task; whoever has it already may take it again.
 * @throws Refusal NotFound, TaskNotOpen or NotYourTask.
 */
export async function claimTask(
  db: Queryable,
  claim: { readonly taskId: string; readonly actor: string; readonly atMs: number },
): Promise<Task> {
  const text = `update task set state = 'claimed', assignee = $2, claimed_at = coalesce(claimed_at, $3)
    where task_id = $1 and (state = 'open' or (state = 'claimed' and assignee = $2)) returning ${taskColumns}`;
  const task = await maybeOne(db, taskRow, text, [claim.taskId, claim.actor, instant(claim.atMs)]);
  if (task === null) throw await whyNot(db, claim.taskId);
  return task;
}

export interface Completion {
  readonly taskId: string;
  readonly actor: string;
  readonly atMs: number;
  readonly outcome: string;
  readonly cause: string | null;
  readonly willingness: string | null;
  readonly note: string | null;
  readonly offered: readonly string[];
  readonly promisedDay: string | null;
  readonly promisedMinor: number | null;
  readonly contactId: string | null;
}

/**
 * Completes a task that is open, or claimed by the same person. The same person's same outcome again is known.
 * @throws Refusal NotFound, TaskNotOpen or NotYourTask.
 */
export async function completeTask(db: Queryable, done: Completion): Promise<{ task: Task; completed: boolean }> {
  const text = `update task set state = 'completed', assignee = $2, claimed_at = coalesce(claimed_at, $3),
      completed_at = $3, outcome = $4, cause = $5, willingness = $6, note = $7, offered = $8, promised_on = $9,
      promised_minor = $10, contact_id = $11
    where task_id = $1 and (state = 'open' or (state = 'claimed' and assignee = $2)) returning ${taskColumns}`;
  const task = await maybeOne(db, taskRow, text, [
    ...[done.taskId, done.actor, instant(done.atMs), done.outcome, done.cause, done.willingness, done.note],
    ...[done.offered, done.promisedDay, done.promisedMinor, done.contactId],
  ]);
  if (task !== null) return { task, completed: true };
  const stored = await getTask(db, done.taskId);
  if (stored?.state === 'completed' && stored.assignee === done.actor && stored.outcome === done.outcome) {
    return { task: stored, completed: false };
  }
  throw await whyNot(db, done.taskId);
}

async function whyNot(db: Queryable, taskId: string): Promise<Refusal> {
  const task = await getTask(db, taskId);
  if (task === null) return new Refusal('NotFound', 'no such task', 'taskId');
  if (task.state === 'claimed') return new Refusal('NotYourTask', 'somebody else has claimed the task');
  return new Refusal('TaskNotOpen', `the task is ${task.state}`);
}

/** Cancels what is open or claimed in the case, but for what a person asked about their data; answers the ids. */
export async function cancelOpenTasks(db: Queryable, loanId: string, caseNo: number): Promise<string[]> {
  const text = `update task set state = 'cancelled'
    where loan_id = $1 and case_no = $2 and state in ('open', 'claimed') and not 'data-request' = any(asks)
    returning task_id as "taskId"`;
  return (await many(db, z.object({ taskId: z.string() }), text, [loanId, caseNo])).map(({ taskId }) => taskId);
}

/** Cancels the task of this key if it is open or claimed; answers whether it was. */
export async function cancelTask(db: Queryable, taskKey: string): Promise<boolean> {
  const text = `update task set state = 'cancelled' where task_key = $1 and state in ('open', 'claimed')`;
  return (await execute(db, text, [taskKey])) > 0;
}
