import { z } from 'zod';
import { channels, taskKinds } from '../domain/case';
import { causeAnswers } from '../domain/cause/cause';
import { offerKinds } from '../domain/policy';
import { willingnesses } from '../domain/task-answers';
import type { Task } from '../store/task-row';
import { day, id, iso, maybeIso, positiveMinor, shortText, shownDay, shownInstant, words } from './shapes';

const taskFields = {
  taskId: z.string(),
  loanId: z.string(),
  caseNo: z.int(),
  customerId: z.string(),
  kind: z.enum(taskKinds),
  stage: z.string(),
  asks: z.array(z.string()),
  attempt: z.int(),
  state: z.enum(['open', 'claimed', 'completed', 'cancelled']),
  assignee: z.string().nullable(),
  notBefore: shownInstant,
  dueAt: shownInstant,
  claimedAt: shownInstant.nullable(),
  completedAt: shownInstant.nullable(),
  outcome: z.string().nullable(),
  cause: z.string().nullable(),
  willingness: z.string().nullable(),
  offered: z.array(z.string()),
  promisedDay: shownDay.nullable(),
  promisedMinor: z.int().nullable(),
  contactId: z.string().nullable(),
};
export const shownTask = z.object(taskFields).meta({ id: 'Task' });

export const claimedTask = z
  .object({
    ...taskFields,
    /** What the gate reserved: whom to call or visit, and where. */
    contact: z
      .object({
        contactId: z.string(),
        channel: z.enum(channels),
        contactPoint: z.string().nullable(),
        /** Rules that whoever makes the contact keeps: how a visit is made. */
        conditions: z.array(z.string()),
      })
      .nullable(),
  })
  .meta({ id: 'ClaimedTask' });

export function showTask(task: Task): z.infer<typeof shownTask> {
  const { notBeforeMs, dueAtMs, claimedAtMs, completedAtMs, ...rest } = task;
  return {
    ...rest,
    notBefore: iso(notBeforeMs),
    dueAt: iso(dueAtMs),
    claimedAt: maybeIso(claimedAtMs),
    completedAt: maybeIso(completedAtMs),
  };
}

/** How a visit was made; what nobody says was not done. */
export const visitPlan = z.strictObject({
  staff: z.int().min(1).max(20),
  recorded: z.boolean(),
  identityCard: z.boolean().default(false),
});

export const completionBody = z.strictObject({
  /** Which ones there are depends on the kind of the task. */
  outcome: shortText(40),
  /** Asked for by the task where `asks` names it: a talk with the borrower then ends with an answer. */
  cause: z.enum(causeAnswers).nullable().default(null),
  willingness: z.enum(willingnesses).nullable().default(null),
  note: words.nullable().default(null),
  /** What was offered; what the policy's step offers if it is left out and the borrower was reached. */
  offered: z.array(z.enum(offerKinds)).max(10).nullable().default(null),
  promisedDay: day.nullable().default(null),
  promisedMinor: positiveMinor.nullable().default(null),
  /** When the call or the visit was made, where that is not now; never before the task was claimed. */
  madeAt: z.iso.datetime({ offset: true }).nullable().default(null),
  /** Asked for where a rule in force says how visits are made. */
  visit: visitPlan.nullable().default(null),
  /** Who does not want to be asked again, where a trace ends as refused; left out: whoever was rung last for it. */
  partyId: id.nullable().default(null),
});
