import { completeTask, type TaskCompletion } from '../../src/cases/complete-task';
import { claimTask } from '../../src/cases/work-task';
import type { TaskKind } from '../../src/domain/case';
import { listTasks } from '../../src/store/task-lists';
import type { Task } from '../../src/store/task-row';
import type { CaseService } from './case-service';

export const collector = { name: 'collector-zhou', roles: ['collector'] } as const;

/** The tasks of a loan that may be worked now. */
export async function openTasksOf({ desk }: CaseService, loanId: string, kind?: TaskKind): Promise<Task[]> {
  const nowMs = await desk.clock.nowMs();
  const { items } = await listTasks(desk.pool, { loanId, kind, state: 'open' }, null, 200);
  return items.filter(({ notBeforeMs }) => notBeforeMs <= nowMs);
}

/** Takes one task and ends it as a collector does. */
export async function workTask(
  { desk, gate }: CaseService,
  { taskId, kind, asks }: Task,
  outcome: string,
  said: Partial<TaskCompletion> = {},
): Promise<Task> {
  await claimTask(desk, gate, taskId, collector);
  const cause = asks.includes('cause') ? 'unknown' : null;
  const nothingElse = { cause, willingness: null, note: null, offered: null } as const;
  const noPromise = { promisedDay: null, promisedMinor: null, madeAtMs: null };
  const visit = kind === 'visit' ? { staff: 2, recorded: true, identityCard: true } : null;
  return completeTask(desk, gate, taskId, { outcome, ...nothingElse, ...noPromise, visit, ...said }, collector);
}

/** Works every call, visit and review of the loan that may be worked now; calls and visits end with `outcome`. */
export async function workOpenTasks(service: CaseService, loanId: string, outcome: string): Promise<void> {
  for (const task of await openTasksOf(service, loanId)) {
    if (task.kind !== 'approve-legal') await workTask(service, task, task.kind === 'review' ? 'reviewed' : outcome);
  }
}
