import type { Pool } from 'pg';
import type { DeadlineRule } from '../domain/contact/rule';
import { rulesOn } from '../domain/contact/rules-on-day';
import { type CaseEventName, caseEventNames } from '../domain/contact/situation';
import { addDays, type Day } from '../domain/day';
import { lastDayOf, phaseOf, usualReminder } from '../domain/deadline/deadline';
import { Refusal } from '../domain/refusal';
import type { StoredCase } from '../store/case-row';
import { getCase } from '../store/cases';
import { lockCustomer } from '../store/customers';
import { listDataRequests } from '../store/data-requests';
import { inTransaction, type Queryable } from '../store/database';
import {
  cancelDeadlineTasks,
  cancelMetDuties,
  caseOfPerson,
  casesAwaiting,
  casesOverdueSince,
} from '../store/deadlines';
import { readHandoffFile } from '../store/handoff-file';
import { getTaskByKey } from '../store/tasks';
import { addCaseTask } from './add-task';
import { readCase, type ReadingDeps } from './read-facts';
import { readLimitations } from './read-limitation';

const dayMs = 86_400_000;

export interface DeadlineDeps extends ReadingDeps {
  readonly policyId: string;
}

interface Deadline {
  /** What the desk goes by: `limitation`, `data-request`, or what must be on record. */
  readonly kind: string;
  readonly rule: string;
  /** Tells one deadline of the case from another. */
  readonly name: string;
  readonly lastDay: Day;
  readonly remindDaysBefore: readonly number[];
  readonly what: string;
}

interface Now {
  readonly today: Day;
  readonly nowMs: number;
}

/** What a round over all deadlines came to. */
export interface Reminded {
  /** New tasks. */
  readonly tasks: number;
  /** Cases that could not be read, because their policy is damaged: they do not stop the others. */
  readonly unread: number;
}

/**
 * Puts a task before people for every time limit that comes near or was missed, one for each reminder of it and never twice:
 * limitations of claims, what must follow an event, and what people asked about their data. A limit that was met or moved
 * takes its task with it.
 */
export async function watchDeadlines(pool: Pool, deps: DeadlineDeps, nowMs: number): Promise<Reminded> {
  const { calendar } = await deps.policies.latest(pool, deps.policyId);
  const now = { today: calendar.dayOf(nowMs), nowMs };
  let [tasks, unread] = [0, 0];
  for (const watch of [watchLimitations, watchDuties, watchDataRequests]) {
    for await (const added of watch(pool, deps, now)) {
      if (added === null) unread += 1;
      else tasks += added;
    }
  }
  return { tasks, unread };
}

/** How many tasks are new, with the borrower locked; null where a refusal says that the case cannot be read. */
async function lockedFor(
  pool: Pool,
  customerId: string,
  work: (tx: Queryable) => Promise<number>,
): Promise<number | null> {
  try {
    return await inTransaction(pool, async (tx) => {
      await lockCustomer(tx, customerId);
      return work(tx);
    });
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

async function* watchLimitations(pool: Pool, deps: DeadlineDeps, { today, nowMs }: Now): AsyncGenerator<number | null> {
  const rules = rulesOn(deps.packs, 'limitation', today);
  if (rules.length === 0) return;
  // No claim ends earlier than this after the oldest instalment that is unpaid; a month more for the months' lengths.
  const soonest = Math.min(
    ...rules.map(({ years, remindDaysBefore }) => years * 365 - Math.max(0, ...remindDaysBefore) - 31),
  );
  for (const { loanId, caseNo, customerId, stage } of await casesOverdueSince(pool, nowMs - soonest * dayMs)) {
    yield await lockedFor(pool, customerId, async (tx) => {
      const reading = await readCase(tx, deps, { loanId, caseNo, stage, done: [] }, nowMs);
      if (reading.caseRow.status !== 'open') return 0;
      const { events } = await readHandoffFile(tx, loanId, nowMs);
      let count = 0;
      for (const { rule, lastDay } of await readLimitations(tx, rules, reading, events)) {
        const { id, remindDaysBefore } = rule;
        const deadline = { kind: 'limitation', rule: id, name: `${loanId}/${id}`, lastDay, remindDaysBefore };
        const what = 'the claim can be brought until';
        count += await remind(tx, deps, reading.caseRow, { ...deadline, what }, { today, nowMs });
      }
      return count;
    });
  }
}

type Duty = DeadlineRule & { readonly trigger: CaseEventName; readonly action: CaseEventName };

/** Rules by which something that is put on record must follow something that is. */
function isDuty(rule: DeadlineRule): rule is Duty {
  return [rule.trigger, rule.action].every((name) => caseEventNames.some((event) => event === name));
}

async function* watchDuties(pool: Pool, deps: DeadlineDeps, { today, nowMs }: Now): AsyncGenerator<number | null> {
  const duties = rulesOn(deps.packs, 'deadline', today).filter(isDuty);
  for (const duty of duties) {
    const { id, trigger, action, remindDaysBefore = usualReminder } = duty;
    await cancelMetDuties(pool, id, action);
    const waiting = await casesAwaiting(pool, trigger, action);
    for (const { loanId, caseNo, customerId, startedMs } of waiting) {
      yield await lockedFor(pool, customerId, async (tx) => {
        const caseRow = await getCase(tx, loanId, caseNo);
        if (caseRow?.status !== 'open') return 0;
        const { calendar } = await deps.policies.pinned(tx, caseRow.policyId, caseRow.policyVersion);
        const lastDay = lastDayOf(duty, calendar.dayOf(startedMs));
        const deadline = { kind: action, rule: id, name: `${loanId}/${id}`, lastDay, remindDaysBefore };
        const what = `${action} must be on record by`;
        return remind(tx, deps, caseRow, { ...deadline, what }, { today, nowMs });
      });
    }
  }
}

async function* watchDataRequests(pool: Pool, deps: DeadlineDeps, now: Now): AsyncGenerator<number | null> {
  const soon = addDays(now.today, Math.max(...usualReminder) + 1);
  for (let cursor: string | null = null; ;) {
    const page = await listDataRequests(pool, { overdueOn: soon }, cursor, 200);
    for (const { requestId, customerId, kind, dueDay, rule } of page.items) {
      yield await lockedFor(pool, customerId, async (tx) => {
        const caseRow = await caseOfPerson(tx, customerId);
        if (caseRow === null) return 0;
        const deadline = { kind: 'data-request', rule, name: requestId, lastDay: dueDay };
        const what = `a request of ${kind} must be answered by`;
        return remind(tx, deps, caseRow, { ...deadline, remindDaysBefore: usualReminder, what }, now);
      });
    }
    cursor = page.nextCursor;
    if (cursor === null) return;
  }
}

/** The task of the reminder that is due, if it is not there; tasks of earlier reminders end with it. Answers 1 for a new one. */
async function remind(
  tx: Queryable,
  { policies }: DeadlineDeps,
  caseRow: StoredCase,
  { kind, rule, name, lastDay, remindDaysBefore, what }: Deadline,
  { today, nowMs }: Now,
): Promise<number> {
  const phase = phaseOf(lastDay, remindDaysBefore, today);
  const taskKey = phase === null ? null : `${caseRow.loanId}/${caseRow.caseNo}/deadline/${name}/${lastDay}/${phase}`;
  await cancelDeadlineTasks(tx, caseRow.customerId, name, taskKey);
  if (phase === null || taskKey === null || (await getTaskByKey(tx, taskKey)) !== null) return 0;
  const { calendar } = await policies.pinned(tx, caseRow.policyId, caseRow.policyVersion);
  const wanted = {
    ...{ taskKey, kind: 'review' as const, asks: [kind, rule], attempt: 1, assignee: null, notBeforeMs: nowMs },
    ...{ dueAtMs: calendar.startOfDayMs(addDays(lastDay, 1)) },
    reason: `${what} ${lastDay} (${rule})${phase === 'missed' ? ': missed' : ''}`,
  } as const;
  await addCaseTask(tx, { caseRow, calendar }, wanted, nowMs);
  return 1;
}
