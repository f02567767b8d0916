import { z } from 'zod';

import { taskKinds } from '../domain/case';

export const taskRow = z.object({
  taskId: z.string(),
  /** The business key: adding it twice gives the same task. */
  taskKey: z.string(),
  loanId: z.string(),
  caseNo: z.int(),
  customerId: z.string(),
  kind: z.enum(taskKinds),
  stage: z.string(),
  asks: z.array(z.string()),
  attempt: z.int(),
  state: z.enum(['open', 'claimed', 'completed', 'cancelled']),
  assignee: z.string().nullable(),
  notBeforeMs: z.int(),
  dueAtMs: z.int(),
  claimedAtMs: z.int().nullable(),
  completedAtMs: z.int().nullable(),
  outcome: z.string().nullable(),
  cause: z.string().nullable(),
  willingness: z.string().nullable(),
  note: z.string().nullable(),
  offered: z.array(z.string()),
  promisedDay: z.string().nullable(),
  promisedMinor: z.int().nullable(),
  contactId: z.string().nullable(),
});
export type Task = z.infer<typeof taskRow>;
export type TaskState = Task['state'];

export const taskColumns = `task_id as "taskId", task_key as "taskKey", loan_id as "loanId", case_no as "caseNo",
  customer_id as "customerId", kind, stage, asks, attempt, state, assignee, not_before as "notBeforeMs",
  due_at as "dueAtMs", claimed_at as "claimedAtMs", completed_at as "completedAtMs", outcome, cause, willingness,
  note, offered, promised_on as "promisedDay", promised_minor as "promisedMinor", contact_id as "contactId"`;
