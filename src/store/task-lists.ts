import { z } from 'zod';

import type { TaskKind } from '../domain/case';
import { cursorInstant, decodeCursor, type Page, toPage } from './cursor';
import type { Queryable } from './database';
import { many, maybeInstant } from './rows';
import { type Task, taskColumns, taskRow, type TaskState } from './task-row';

export interface TaskFilter {
  readonly state?: TaskState | undefined;
  readonly kind?: TaskKind | undefined;
  readonly assignee?: string | undefined;
  readonly stage?: string | undefined;
  readonly loanId?: string | undefined;
  /** Tasks that ask for this, among other things: the queue of a desk. */
  readonly asks?: string | undefined;
}

/** Tasks by the instant at which they are due. */
export async function listTasks(
  db: Queryable,
  filter: TaskFilter,
  cursor: string | null,
  limit: number,
): Promise<Page<Task>> {
  const [afterMs, afterId] = decodeCursor(cursor, z.tuple([cursorInstant, z.uuid()])) ?? [null, null];
  // Each call is planned with its values, so a filter that is not given costs nothing.
  const rows = await many(
    db,
    taskRow,
    `select ${taskColumns} from task
     where ($1::text is null or state = $1) and ($2::text is null or kind = $2)
       and ($3::text is null or assignee = $3) and ($4::text is null or stage = $4)
       and ($5::text is null or loan_id = $5)
       and ($9::text is null or $9 = any(asks))
       and ($6::timestamptz is null or (due_at, task_id) > ($6, $7::uuid))
     order by due_at, task_id limit $8`,
    [
      ...[filter.state, filter.kind, filter.assignee, filter.stage, filter.loanId],
      ...[maybeInstant(afterMs), afterId, limit + 1, filter.asks],
    ],
  );
  return toPage(rows, limit, (row) => [row.dueAtMs, row.taskId]);
}
