import type { Channel } from '../domain/case';
import { addDays } from '../domain/day';
import { type OutcomeRule, stepOf } from '../domain/policy';
import type { Duration } from '../domain/policy-duration';
import { setEscalateTo } from '../store/cases';
import type { Contact } from '../store/contact-row';
import { markContactPointInvalid, recordConsent } from '../store/customers';
import type { Queryable } from '../store/database';
import { setTaskHold } from '../store/task-holds';
import type { Task } from '../store/task-row';
import { addCaseTask, endOfDuration } from './add-task';
import type { CaseReading } from './read-facts';

interface Ended {
  readonly task: Task;
  readonly contact: Contact | null;
  readonly rule: OutcomeRule;
  readonly outcome: string;
  readonly nowMs: number;
}

/** For a task that no step of the policy made. */
const usualTime: Duration = { amount: 2, unit: 'workingDays' };

/** Does all that the pinned policy names for the outcome of a call or a visit. */
export async function followOutcome(tx: Queryable, reading: CaseReading, ended: Ended): Promise<void> {
  await hold(tx, reading, ended);
  await escalate(tx, reading, ended);
  await again(tx, reading, ended);
  await nextTask(tx, reading, ended);
  const { task, contact, rule, outcome, nowMs } = ended;
  const channel = task.kind === 'visit' ? 'visit' : 'call';
  const about = { customerId: task.customerId, channel, contactPoint: contact?.contactPoint ?? null } as const;
  await learnFromOutcome(tx, { ...about, rule, outcome, nowMs });
}

async function hold(tx: Queryable, { calendar }: CaseReading, { task, rule, nowMs }: Ended): Promise<void> {
  if (rule.hold === undefined) return;
  if (rule.hold.until === 'elapsed') {
    return setTaskHold(tx, task.taskId, endOfDuration(calendar, nowMs, rule.hold.after));
  }
  if (task.promisedDay === null) return;
  // The promised day and the days of grace are the borrower's until they are over.
  await setTaskHold(tx, task.taskId, calendar.startOfDayMs(addDays(task.promisedDay, rule.hold.graceDays + 1)));
}

async function escalate(tx: Queryable, reading: CaseReading, { rule }: Ended): Promise<void> {
  if (rule.escalate === undefined) return;
  const { loanId, caseNo, escalateTo } = reading.caseRow;
  const names = reading.policy.courses[reading.loan.riskTier].map(({ name }) => name);
  // Only ever onwards: an outcome must not undo what a person has asked for.
  if (names.indexOf(rule.escalate) > names.indexOf(escalateTo ?? '')) {
    await setEscalateTo(tx, loanId, caseNo, rule.escalate);
  }
}

async function again(tx: Queryable, reading: CaseReading, { task, rule, outcome, nowMs }: Ended): Promise<void> {
  if (rule.again === undefined || task.attempt > rule.again.atMost) return;
  const { loanId, caseNo, taskKey, kind, asks } = task;
  const firstKey = taskKey.replace(/#\d+$/, '');
  const action = stepOf(reading.policy, reading.loan.riskTier, firstKey.slice(`${loanId}/${caseNo}/`.length))?.action;
  const attempt = task.attempt + 1;
  const wanted = {
    ...{ taskKey: `${firstKey}#${attempt}`, kind, asks, attempt },
    within: action?.kind === 'task' ? action.within : usualTime,
    reason: `${kind} ended: ${outcome}`,
    notBeforeMs: endOfDuration(reading.calendar, nowMs, rule.again.after),
  };
  await addCaseTask(tx, reading, wanted, nowMs);
}

async function nextTask(tx: Queryable, reading: CaseReading, { task, rule, outcome, nowMs }: Ended): Promise<void> {
  if (rule.task === undefined) return;
  const { kind, within } = rule.task;
  const wanted = {
    ...{ taskKey: `${task.loanId}/${task.caseNo}/after/${task.taskId}`, kind, within, asks: task.asks, attempt: 1 },
    ...{ reason: `${task.kind} ended: ${outcome}`, notBeforeMs: nowMs },
  };
  await addCaseTask(tx, reading, wanted, nowMs);
}

export interface Learnt {
  readonly customerId: string;
  readonly channel: Channel;
  readonly contactPoint: string | null;
  readonly rule: OutcomeRule;
  readonly outcome: string;
  readonly nowMs: number;
}

/** What the outcome says of the number or address that was used, and of the way. */
export async function learnFromOutcome(
  tx: Queryable,
  { customerId, channel, contactPoint, rule, outcome, nowMs }: Learnt,
): Promise<void> {
  const source = `${channel} ended: ${outcome}`;
  if (rule.contactPoint === 'invalid' && contactPoint !== null) {
    await markContactPointInvalid(tx, customerId, channel === 'call' ? 'phone' : 'address', contactPoint, source);
  }
  if (rule.optOut === true) {
    await recordConsent(tx, { customerId, channel, state: 'opted-out', source, atMs: nowMs });
  }
}
