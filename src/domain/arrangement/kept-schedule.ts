import { accountAsOf, waiversOn } from '../account/account';
import { addDays, addMonths, type Day } from '../day';
import { type LoanFacts, type Schedule, totalMinor } from '../loan';
import { type AgreedArrangement, type ArrangementRules, type Found, type StateSince, stateOf } from './state';

/** A day on which something has to be paid, and all that falls due up to it. */
interface Check {
  readonly day: Day;
  /** The value day on which nothing of it was unpaid any more; null while something is. */
  readonly paidOn: Day | null;
}

/** The instalments that decide whether the arrangement is kept. */
interface Watched {
  readonly schedule: Schedule;
  /** What falls due later is not a matter of the arrangement any more. */
  readonly lastDay: Day;
}

/** A plan is over with its last instalment; whatever changes the rest of the loan, with the observation of it. */
function watch(
  { schedules }: LoanFacts,
  { terms, scheduleNo }: AgreedArrangement,
  effectiveFrom: Day,
  { observationMonths }: ArrangementRules,
): Watched {
  const schedule = schedules.find(({ no }) => no === scheduleNo);
  if (schedule === undefined) throw new RangeError('an arrangement in force has the schedule that it made');
  const days = schedule.instalments
    .filter(({ due }) => totalMinor(due) > 0)
    .map(({ dueDay }) => dueDay)
    .sort();
  const first = days.find((day) => day >= effectiveFrom) ?? effectiveFrom;
  const last = days.at(-1) ?? effectiveFrom;
  if (terms.kind === 'instalments') {
    const made = schedule.instalments.reduce((a, b) => (b.no > a.no ? b : a));
    return { schedule, lastDay: made.dueDay };
  }
  const observed = addMonths(effectiveFrom, observationMonths);
  return { schedule, lastDay: observed < first ? first : observed < last ? observed : last };
}

/** Whether a schedule that was agreed on is kept: each day on which something falls due is looked at, the earliest first. */
export function judgeSchedule(
  loan: LoanFacts,
  agreed: AgreedArrangement,
  effectiveFrom: Day,
  asOf: Day,
  rules: ArrangementRules,
): Found {
  const { toleranceDays, cureDays } = rules.kept;
  const checks = checksOf(loan, watch(loan, agreed, effectiveFrom, rules), effectiveFrom, asOf, rules);
  const history: StateSince[] = [{ state: 'active', since: effectiveFrom }];
  for (const { day, paidOn } of checks) {
    const lastDay = addDays(day, toleranceDays);
    if (lastDay >= asOf || (paidOn !== null && paidOn <= lastDay)) continue;
    // What was missed before and is not cured yet is the same breach.
    if (history.at(-1)?.state === 'active') history.push({ state: 'breached', since: addDays(lastDay, 1) });
    const lastCureDay = addDays(lastDay, cureDays);
    if (paidOn === null || paidOn > lastCureDay) {
      if (lastCureDay >= asOf) return { ...stateOf(history), lastDay: lastCureDay };
      history.push({ state: 'broken', since: addDays(lastCureDay, 1) });
      return { ...stateOf(history), lastDay: null };
    }
    // A cure counts once nothing that was missed by then is left: the next check looks after its own.
    const others = checks.filter((other) => other.day > day && addDays(other.day, toleranceDays) < paidOn);
    if (others.every((other) => other.paidOn !== null && other.paidOn <= paidOn)) {
      history.push({ state: 'active', since: paidOn });
    }
  }
  const last = checks.at(-1);
  if (last !== undefined && last.paidOn !== null && checks.every(({ paidOn }) => paidOn !== null)) {
    history.push({ state: 'completed', since: last.paidOn });
    return { ...stateOf(history), lastDay: null };
  }
  const next = checks.find(({ paidOn }) => paidOn === null);
  return { ...stateOf(history), lastDay: next === undefined ? null : addDays(next.day, toleranceDays) };
}

/**
 * The agreed instalments alone decide: what is unpaid of charges does not, though an order that pays charges first may take
 * for them what an instalment then lacks. A waiver that counts on `asOf` counts from its day on, and so does what an upheld
 * dispute took off the agreed instalments.
 */
function checksOf(
  loan: LoanFacts,
  { schedule: { no, instalments }, lastDay }: Watched,
  effectiveFrom: Day,
  asOf: Day,
  rules: ArrangementRules,
): readonly Check[] {
  const asked = instalments.filter(({ due, dueDay }) => totalMinor(due) > 0 && dueDay <= lastDay);
  const days = [...new Set(asked.map(({ dueDay }) => (dueDay < effectiveFrom ? effectiveFrom : dueDay)))].sort();
  const waivers = waiversOn(loan, asOf, rules).map((waiver) => ({ ...waiver, payBy: null }));
  const schedules = withCorrections(loan.schedules, no);
  const corrections = schedules.filter((schedule) => schedule.no > no).map((schedule) => schedule.effectiveFrom);
  const changes = [...loan.payments.map(({ valueDay }) => valueDay), ...waivers.map(({ day }) => day), ...corrections];
  const since = changes.filter((day) => day > effectiveFrom && day <= asOf);
  const unpaidOn = [...new Set([effectiveFrom, ...since])]
    .sort()
    .map((payDay) => ({ payDay, unpaid: accountAsOf({ ...loan, schedules, waivers }, payDay, rules).contract }));
  return days.map((day) => {
    const paidUp = unpaidOn.find(({ unpaid }) => {
      const open = unpaid.filter(({ instalment }) => instalment.dueDay <= day);
      return open.reduce((sum, line) => sum + totalMinor(line.unpaid), 0) <= rules.toleranceMinor;
    });
    return { day, paidOn: paidUp?.payDay ?? null };
  });
}

/** The schedules up to the agreed one, and those that took off it what was never owed; a later agreement ends it. */
function withCorrections(schedules: readonly Schedule[], agreedNo: number): readonly Schedule[] {
  const endNo = Math.min(
    ...schedules.filter(({ no, correction }) => no > agreedNo && correction !== true).map(({ no }) => no),
  );
  return schedules.filter(({ no }) => no < endNo);
}
