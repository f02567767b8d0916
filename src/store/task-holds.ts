import { z } from 'zod';

import type { Queryable } from './database';
import { execute, instant, many } from './rows';

const holdRow = z.object({ untilMs: z.int(), outcome: z.string() });
/** A rest of the case that the outcome of a task brought about. */
export type TaskHold = z.infer<typeof holdRow>;

export async function setTaskHold(db: Queryable, taskId: string, untilMs: number): Promise<void> {
  await execute(db, 'update task set hold_until = $2 where task_id = $1', [taskId, instant(untilMs)]);
}

/** Every rest of the case, past and running, oldest first. */
export async function taskHolds(db: Queryable, loanId: string, caseNo: number): Promise<TaskHold[]> {
  return many(
    db,
    holdRow,
    `select hold_until as "untilMs", outcome from task
     where loan_id = $1 and case_no = $2 and hold_until is not null order by completed_at, task_id`,
    [loanId, caseNo],
  );
}
