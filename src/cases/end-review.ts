import type { Queryable } from '../store/database';
import { claimTask, completeTask, getTaskByKey } from '../store/tasks';
import type { Actor } from './actor';

/** Ends the review that a decision makes needless. One that is over, or that never was, stays as it is. */
export async function endReviewTask(tx: Queryable, taskKey: string, actor: Actor, nowMs: number): Promise<void> {
  const task = await getTaskByKey(tx, taskKey);
  if (task?.state !== 'open' && task?.state !== 'claimed') return;
  const { taskId } = task;
  if (task.state === 'open') await claimTask(tx, { taskId, actor: actor.name, atMs: nowMs });
  const nothingElse = { cause: null, willingness: null, note: null, offered: [], promisedDay: null };
  const done = { ...nothingElse, taskId, actor: task.state === 'open' ? actor.name : (task.assignee ?? actor.name) };
  await completeTask(tx, { ...done, atMs: nowMs, outcome: 'reviewed', promisedMinor: null, contactId: null });
}
