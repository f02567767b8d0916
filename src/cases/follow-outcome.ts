import type { Channel } from '../domain/case';
import { type OutcomeFlag, type OutcomeRule, stepOf } from '../domain/policy';
import type { Duration } from '../domain/policy-duration';
import { setEscalateTo } from '../store/cases';
import type { Contact } from '../store/contact-row';
import { recordConsent } from '../store/consents';
import { markContactPointInvalid } from '../store/customers';
import type { Queryable } from '../store/database';
import { setTaskHold } from '../store/task-holds';
import type { Task } from '../store/task-row';
import { addCaseTask, endOfDuration } from './add-task';
import type { Desk } from './desk';
import { hearFlag } from './keep-flags';
import type { CaseReading } from './read-facts';

/** What is learnt of a person is judged by the policies. */
type Learning = Pick<Desk, 'policies' | 'policyId'>;

interface Ended {
  readonly task: Task;
  readonly contact: Contact | null;
  readonly rule: OutcomeRule;
  readonly outcome: string;
  readonly actor: string;
  /** When it was made: from then the case rests, and from then is known what was heard. */
  readonly madeAtMs: number;
  readonly nowMs: number;
}

/** For a task that no step of the policy made. */
const usualTime: Duration = { amount: 2, unit: 'workingDays' };

/** Does all that the pinned policy names for the outcome of a task. Answers the loans whose cases were told of the person. */
export async function followOutcome(
  tx: Queryable,
  deps: Learning,
  reading: CaseReading,
  ended: Ended,
): Promise<readonly string[]> {
  await again(tx, reading, ended);
  return followOnce(tx, deps, reading, ended);
}

/** The same without another attempt. */
export async function followOnce(
  tx: Queryable,
  deps: Learning,
  reading: CaseReading,
  ended: Ended,
): Promise<readonly string[]> {
  await hold(tx, reading, ended);
  await escalate(tx, reading, ended);
  await nextTask(tx, reading, ended);
  const { task, contact, ...heard } = ended;
  const { customerId, loanId } = task;
  const channel = task.kind === 'visit' ? 'visit' : 'call';
  return learnFromOutcome(tx, deps, {
    ...heard,
    customerId,
    loanId,
    channel,
    contactPoint: contact?.contactPoint ?? null,
    partyId: contact?.partyId ?? null,
  });
}

async function hold(tx: Queryable, { calendar }: CaseReading, { task, rule, madeAtMs }: Ended): Promise<void> {
  // A promise rests the case by itself, as long as it runs.
  if (rule.hold?.until !== 'elapsed') return;
  await setTaskHold(tx, task.taskId, endOfDuration(calendar, madeAtMs, rule.hold.after));
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

export interface Learnt extends Omit<Ended, 'task' | 'contact'> {
  readonly customerId: string;
  /** Of the case in which it was heard. */
  readonly loanId: string;
  readonly channel: Channel;
  readonly contactPoint: string | null;
  /** Who was spoken with; null: the borrower. */
  readonly partyId: string | null;
}

/**
 * What the outcome says of the number or address that was used, of the way, and of the person or the loan. Answers the loans
 * whose cases were told.
 */
export async function learnFromOutcome(tx: Queryable, deps: Learning, learnt: Learnt): Promise<readonly string[]> {
  const { customerId, channel, contactPoint, partyId, rule, actor, madeAtMs: atMs, nowMs } = learnt;
  const source = sourceOf(learnt);
  if (rule.contactPoint === 'invalid' && contactPoint !== null) {
    await markContactPointInvalid(tx, customerId, channel === 'call' ? 'phone' : 'address', contactPoint, source);
  }
  if (rule.optOut === true) {
    await recordConsent(tx, { customerId, channel, state: 'opted-out', source, atMs, partyId, actor }, nowMs);
  }
  return rule.flag === undefined ? [] : raiseFlag(tx, deps, learnt, rule.flag);
}

const sourceOf = ({ channel, outcome }: Learnt): string => `${channel} ended: ${outcome}`;

async function raiseFlag(tx: Queryable, deps: Learning, learnt: Learnt, flag: OutcomeFlag): Promise<readonly string[]> {
  const { customerId, actor, madeAtMs: fromMs, nowMs } = learnt;
  // A death is the person's, whoever told of it; a dispute is about the one debt.
  const loanId = flag === 'deceased' ? null : learnt.loanId;
  // Until it is somebody else's, whoever heard it looks after it.
  const heard = { customerId, loanId, partyId: null, fromMs, flag, evidence: sourceOf(learnt), actor, handler: actor };
  return hearFlag(tx, deps, heard, nowMs);
}
