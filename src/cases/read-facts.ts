import type { BankCalendar } from '../domain/bank-calendar';
import type { CaseFacts } from '../domain/case';
import { nextThresholdDay } from '../domain/classification/next-threshold';
import { type Delinquency, delinquencyAsOf, type DelinquencyRules } from '../domain/delinquency';
import { addDays, type Day } from '../domain/day';
import { laterStage } from '../domain/ending/write-off';
import type { LoanFacts, RiskTier } from '../domain/loan';
import type { Policy } from '../domain/policy';
import { isKept, type PromiseToPay } from '../domain/promise';
import { pausesThatStop } from '../domain/rest/rest-rules';
import { restsOn } from '../domain/rest/rests-on';
import { retrySteps } from '../domain/retry-steps';
import { timetable } from '../domain/timetable';
import { Refusal } from '../domain/refusal';
import type { StoredCase } from '../store/case-row';
import { getCase } from '../store/cases';
import { contactRecord } from '../store/contact-ledger';
import type { Queryable } from '../store/database';
import { latestHandoff } from '../store/legal';
import { loadLoanFacts, type StoredLoanFacts } from '../store/loan-facts';
import { endingOf } from '../store/sales';
import { wantedRetries } from '../store/contact-retries';
import { taskHolds, type TaskHold } from '../store/task-holds';
import type { PublishedPolicies, PublishedPolicy } from './published-policies';
import { restOf, type WatchedArrangement, watchArrangements } from './watch-arrangements';

/** A case with everything that was read to decide on it. */
export interface CaseReading {
  readonly facts: CaseFacts;
  readonly caseRow: StoredCase;
  readonly loan: StoredLoanFacts;
  readonly policy: Policy;
  readonly published: PublishedPolicy;
  readonly calendar: BankCalendar;
  readonly delinquency: Delinquency;
  readonly today: Day;
  /** Of the loan, in whichever case they were agreed on. */
  readonly arrangements: readonly WatchedArrangement[];
}

export interface ReadingDeps {
  readonly policies: PublishedPolicies;
}

/**
 * Reads how a case stands at an instant of the bank's time: the loan's facts, what was done for it, and the timetable that
 * its pinned policy gives. `done` keys are left out of the timetable. Throws `NotFound` for an unknown case.
 */
export async function readCase(
  db: Queryable,
  { policies }: ReadingDeps,
  key: { loanId: string; caseNo: number; stage: string; done: readonly string[] },
  nowMs: number,
): Promise<CaseReading> {
  const [caseRow, loan] = [await getCase(db, key.loanId, key.caseNo), await loadLoanFacts(db, key.loanId)];
  if (caseRow === null || loan === null) throw new Refusal('NotFound', `no case ${key.loanId}/${key.caseNo}`);
  const published = await policies.pinned(db, caseRow.policyId, caseRow.policyVersion);
  const { policy, calendar } = published;
  const today = calendar.dayOf(nowMs);
  const delinquency = delinquencyAsOf(loan, today, delinquencyRules(policy));
  const contacts = await contactRecord(db, key.loanId, key.caseNo);
  const holds = (await taskHolds(db, key.loanId, key.caseNo)).map((hold) => judgeHold(hold, loan, today, calendar));
  const handoff = await latestHandoff(db, key.loanId, key.caseNo);
  const arrangements = await watchArrangements(db, loan, policy, today);
  const { kept, hold: arrangementHold, ...look } = restOf(arrangements, calendar);
  const ending = await endingOf(db, key.loanId);

  const anchorDay = delinquency.oldestUnpaidDueDay ?? delinquency.nextDueDay ?? today;
  const done = new Set(key.done);
  const clockPauses = pausesThatStop(loan.pauses, 'clock', policy.rests);
  const course = timetable(policy, loan.riskTier, anchorDay, clockPauses, calendar, done);
  const retries = retrySteps(await wantedRetries(db, key.loanId, key.caseNo), calendar, done);
  const plan = { ...course, steps: [...course.steps, ...retries] };
  const beforeDue = plan.stages.some(({ name, beforeDue }) => name === key.stage && beforeDue === true);
  const facts: CaseFacts = {
    tier: loan.riskTier,
    branch: loan.branch,
    assignee: caseRow.assignee,
    currency: loan.currency,
    rawDpd: delinquency.rawDpd,
    effectiveDpd: delinquency.effectiveDpd,
    bucket: delinquency.bucket,
    overdueMinor: delinquency.overdueMinor,
    cleared: caseRow.status === 'closed' || (!kept && isCleared(policy, loan.riskTier, delinquency, today, beforeDue)),
    ...(ending.sold && { sold: true }),
    ...restsOn(loan.pauses, policy.rests, today, calendar),
    ...nextClassOf(policy, delinquency, calendar),
    // Who keeps an arrangement owes nothing else, whatever was promised before.
    hold: arrangementHold ?? longestRunning(holds, nowMs),
    ...look,
    contacts,
    brokenPromises: holds.filter(({ untilMs, kept }) => untilMs <= nowMs && kept === false).length,
    offered: contacts.offered,
    escalateTo: laterStage(course.stages, caseRow.escalateTo, ending.writtenOff ? policy.writeOff.stage : null),
    legal: handoff?.state ?? null,
    timetable: plan,
  };
  return { facts, caseRow, loan, policy, published, calendar, delinquency, today, arrangements };
}

function nextClassOf(
  { classification }: Policy,
  delinquency: Delinquency,
  calendar: BankCalendar,
): Pick<CaseFacts, 'nextClassAtMs'> {
  const day = classification === null ? null : nextThresholdDay(delinquency, classification);
  return day === null ? {} : { nextClassAtMs: calendar.startOfDayMs(day) };
}

export function delinquencyRules(policy: Policy): DelinquencyRules {
  const { allocation: order, buckets, rests } = policy;
  return { order, toleranceMinor: policy.grace.toleranceMinor, buckets, rests };
}

/** Whether an instalment that the courtesy stage announces to borrowers of this tier is still to be paid. */
export function isDueSoon(
  policy: Policy,
  tier: RiskTier,
  { nextDueDay, nextDueMinor }: Delinquency,
  today: Day,
): boolean {
  const [first] = policy.courses[tier];
  if (first === undefined || first.from > 0 || nextDueDay === null) return false;
  // A stage shared with other tiers may have no step for this one: a case would open to say nothing.
  if (!first.steps.some(({ condition }) => condition?.tiers?.includes(tier) ?? true)) return false;
  return nextDueMinor > policy.grace.toleranceMinor && addDays(nextDueDay, first.from) <= today;
}

function isCleared(policy: Policy, tier: RiskTier, delinquency: Delinquency, today: Day, beforeDue: boolean): boolean {
  if (delinquency.oldestUnpaidDueDay !== null) return false;
  return !(beforeDue && isDueSoon(policy, tier, delinquency, today));
}

interface JudgedHold {
  readonly untilMs: number;
  readonly reason: string;
  /** Null where the rest is not for a promise to pay. */
  readonly kept: boolean | null;
}

function judgeHold(hold: TaskHold, { payments }: LoanFacts, today: Day, calendar: BankCalendar): JudgedHold {
  const promise = promiseIn(hold, calendar);
  const reason = promise === null ? `rests after outcome ${hold.outcome}` : `promise to pay by ${promise.dueDay}`;
  return { untilMs: hold.untilMs, reason, kept: promise === null ? null : isKept(promise, payments, today) };
}

function longestRunning(holds: readonly JudgedHold[], nowMs: number): CaseFacts['hold'] {
  const running = holds.filter(({ untilMs, kept }) => untilMs > nowMs && kept !== true);
  const last = running.reduce<JudgedHold | null>((a, b) => (a === null || b.untilMs > a.untilMs ? b : a), null);
  return last === null ? null : { untilMs: last.untilMs, reason: last.reason };
}

function promiseIn(hold: TaskHold, calendar: BankCalendar): PromiseToPay | null {
  const { promisedDay, promisedMinor, completedAtMs } = hold;
  if (promisedDay === null || promisedMinor === null) return null;
  return { givenDay: calendar.dayOf(completedAtMs), dueDay: promisedDay, amountMinor: promisedMinor };
}
