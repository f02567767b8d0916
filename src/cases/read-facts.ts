import type { BankCalendar } from '../domain/bank-calendar';
import type { CaseFacts, TimetableStep } from '../domain/case';
import { nextThresholdDay } from '../domain/classification/next-threshold';
import type { ContactPack } from '../domain/contact/rule';
import { type Delinquency, delinquencyAsOf, type DelinquencyRules } from '../domain/delinquency';
import { addDays, type Day } from '../domain/day';
import { laterStage } from '../domain/ending/write-off';
import type { LoanFacts, RiskTier } from '../domain/loan';
import { planOfCase } from '../domain/own-course/plan-of-case';
import type { Policy } from '../domain/policy';
import { brokenPromiseSteps } from '../domain/promise/broken-promise-steps';
import { type JudgedPromise, judgePromises } from '../domain/promise/judge-promises';
import type { PromiseToPay } from '../domain/promise/promise';
import { isPromiseReminder, promiseReminders } from '../domain/promise/promise-reminders';
import { promiseRests, type Rest } from '../domain/promise/promise-rests';
import { type PromiseRules, promiseRulesOf } from '../domain/promise/promise-rules';
import { stageForBroken } from '../domain/promise/stage-for-broken';
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
import { wantedRetries } from '../store/contact-retries';
import { listPromises } from '../store/promises';
import { type TaskHold, taskHolds } from '../store/task-holds';
import { accountRules } from './account-rules';
import type { PublishedPolicies, PublishedPolicy } from './published-policies';
import { readHandoffGaps } from './read-handoff';
import { restOf, type WatchedArrangement, watchArrangements } from './watch-arrangements';
import { nextWaiverEndMs } from './watch-waivers';

/** A case with everything that was read to decide on it. */
export interface CaseReading {
  readonly facts: CaseFacts;
  readonly caseRow: StoredCase;
  readonly loan: StoredLoanFacts;
  readonly policy: Policy;
  readonly published: PublishedPolicy;
  readonly calendar: BankCalendar;
  readonly delinquency: Delinquency;
  /** The loan's promises to pay as they stand, in whichever case they were given, the oldest first. */
  readonly promises: readonly JudgedPromise[];
  readonly today: Day;
  /** Of the loan, in whichever case they were agreed on. */
  readonly arrangements: readonly WatchedArrangement[];
}

export interface ReadingDeps {
  readonly policies: PublishedPolicies;
  /** The rules of contact and of handoff in force. */
  readonly packs: readonly ContactPack[];
}

/**
 * Reads how a case stands at an instant of the bank's time: the loan's facts, what was done for it, and the timetable that
 * its pinned policy gives. `done` keys are left out of the timetable. Throws `NotFound` for an unknown case.
 */
export async function readCase(
  db: Queryable,
  { policies, packs }: ReadingDeps,
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
  const { given, promises, broken, rules } = await readPromisesOfCase(db, loan, policy, key, today);
  const otherRests = restsAfterTasks(await taskHolds(db, key.loanId, key.caseNo), rules);
  const holds = [...otherRests, ...promiseRests(promises, rules, calendar)];
  const handoff = await latestHandoff(db, key.loanId, key.caseNo);
  const arrangements = await watchArrangements(db, loan, policy, today);
  const { kept, hold: arrangementHold, ...look } = restOf(arrangements, calendar);
  const looks = [look.nextLookAtMs, nextWaiverEndMs(loan, today, calendar)].filter((atMs) => atMs !== undefined);

  const anchorDay = delinquency.oldestUnpaidDueDay ?? delinquency.nextDueDay ?? today;
  const done = new Set(key.done);
  const clockPauses = pausesThatStop(loan.pauses, 'clock', policy.rests);
  const course = timetable(policy, loan.riskTier, anchorDay, clockPauses, calendar, done);
  const retries = retrySteps(await wantedRetries(db, key.loanId, key.caseNo), calendar, done).filter(
    // A reminder that reached nobody is not sent again: by then the promise is no longer ahead.
    (step) => !isPromiseReminder(step.key),
  );
  const restsForPromises = nextToEnd(otherRests, nowMs) === null;
  const reminders = restsForPromises ? promiseReminders(promises, given, rules, today, calendar, done) : [];
  const afterBroken = brokenPromiseSteps(broken, rules, key.stage, calendar, done);
  const plan = planOfCase(
    policy.ownCourses ?? [],
    {
      ...{ course, retries, afterBroken, stage: key.stage, done, pauses: loan.pauses, clockPauses, today },
      ...{ overdueSinceDay: delinquency.oldestUnpaidDueDay, nextDueDay: delinquency.nextDueDay },
    },
    calendar,
  );
  const { stages } = plan.timetable;
  const brokenTo = stageForBroken(stages, broken.length);
  const next = stages[stages.findIndex(({ name }) => name === key.stage) + 1];
  const handoffGaps =
    next?.legal === undefined
      ? null
      : await readHandoffGaps(db, packs, { loan, delinquency, calendar, today, arrangements }, contacts.offered, nowMs);
  const beforeDue = course.stages.some(({ name, beforeDue }) => name === key.stage && beforeDue === true);
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
    ...(loan.sold && { sold: true }),
    ...restsOn(loan.pauses, policy.rests, today, calendar),
    ...nextClassOf(policy, delinquency, calendar),
    // Who keeps an arrangement owes nothing else, whatever was promised before.
    hold: arrangementHold ?? withReminders(nextToEnd(holds, nowMs), reminders),
    ...(looks.length > 0 && { nextLookAtMs: Math.min(...looks) }),
    contacts,
    brokenPromises: broken.length,
    ...(brokenTo !== null && { brokenPromisesTo: brokenTo }),
    offered: contacts.offered,
    escalateTo: laterStage(course.stages, caseRow.escalateTo, loan.writtenOffOn != null ? policy.writeOff.stage : null),
    legal: handoff?.state ?? null,
    ...(handoffGaps !== null && handoffGaps.length > 0 && { handoff: handoffGaps }),
    ...plan,
  };
  return { facts, caseRow, loan, policy, published, calendar, delinquency, promises, today, arrangements };
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
  return { ...accountRules(policy), buckets: policy.buckets };
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

/** All promises of the loan, and which of those that were given in this case are broken. */
async function readPromisesOfCase(
  db: Queryable,
  { payments }: LoanFacts,
  policy: Policy,
  { loanId, caseNo }: { readonly loanId: string; readonly caseNo: number },
  today: Day,
): Promise<{
  given: readonly PromiseToPay[];
  promises: readonly JudgedPromise[];
  broken: readonly JudgedPromise[];
  rules: PromiseRules;
}> {
  const given = await listPromises(db, loanId);
  const rules = promiseRulesOf(policy);
  const promises = judgePromises(given, payments, rules, today);
  const ofCase = new Set(given.filter((promise) => promise.caseNo === caseNo).map(({ promiseId }) => promiseId));
  const broken = promises.filter(({ promiseId, state }) => state === 'broken' && ofCase.has(promiseId));
  return { given, promises, broken, rules };
}

function restsAfterTasks(holds: readonly TaskHold[], { rests }: PromiseRules): readonly Rest[] {
  // Tasks of earlier releases still say how long their promise was to rest the case; the promise itself does now.
  return holds
    .filter(({ outcome }) => outcome !== 'promised' || !rests)
    .map(({ untilMs, outcome }) => ({ untilMs, reason: `rests after outcome ${outcome}` }));
}

function withReminders(rest: Rest | null, reminders: readonly TimetableStep[]): CaseFacts['hold'] {
  return rest === null || reminders.length === 0 ? rest : { ...rest, allows: reminders };
}

/** The rest that ends first: whoever waits for it looks again, and finds the next. */
function nextToEnd(rests: readonly Rest[], nowMs: number): Rest | null {
  const running = rests.filter(({ untilMs }) => untilMs > nowMs);
  return running.reduce<Rest | null>((a, b) => (a === null || b.untilMs < a.untilMs ? b : a), null);
}
