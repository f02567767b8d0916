import { addDays, type Day, dayNumber, dayOfNumber } from '../day';
import { delinquencyAsOf, type DelinquencyRules } from '../delinquency';
import type { LoanFacts } from '../loan';
import { type ArrearsSpan, arrearsSpans, levelEntries } from './arrears-spans';
import { isPlain, plainLoanOf } from './plain-loan';

/**
 * From which due day the loan was overdue on every day up to `asOf`: what `delinquencyAsOf` answers for each of them. Facts
 * that speak of later days are left out; those that came late (a backdated payment, a bounce) count on the days of which
 * they speak.
 * @throws RangeError when the loan has no schedule.
 */
export function arrearsHistory(loan: LoanFacts, asOf: Day, rules: DelinquencyRules): ArrearsSpan[] {
  if (isPlain(loan, { order: rules.order })) {
    const spans = arrearsSpans(plainLoanOf(loan), dayNumber(asOf), rules.toleranceMinor);
    // Nothing is charged on a loan that was never overdue.
    if (rules.charges === undefined || spans.every(({ anchorDay }) => anchorDay === null)) return spans;
  }
  const spans: ArrearsSpan[] = [];
  const days = daysOfChange(loan, asOf).map(dayNumber);
  for (const [index, day] of days.entries()) {
    const lastDay = (days[index + 1] ?? dayNumber(asOf) + 1) - 1;
    const here: AnchorOn = { day, anchorDay: anchorOn(loan, day, rules) };
    note(spans, here);
    if (rules.charges !== undefined && lastDay > day) {
      noteCharged(spans, here, { day: lastDay, anchorDay: anchorOn(loan, lastDay, rules) }, loan, rules);
    }
  }
  return spans;
}

interface AnchorOn {
  readonly day: number;
  readonly anchorDay: number | null;
}

function anchorOn(loan: LoanFacts, day: number, rules: DelinquencyRules): number | null {
  const { oldestUnpaidDueDay } = delinquencyAsOf(loan, dayOfNumber(day), rules);
  return oldestUnpaidDueDay === null ? null : dayNumber(oldestUnpaidDueDay);
}

function note(spans: ArrearsSpan[], { day, anchorDay }: AnchorOn): void {
  if (spans.length === 0 || spans.at(-1)?.anchorDay !== anchorDay) spans.push({ fromDay: day, anchorDay });
}

/**
 * Between two days on which something else changes charges only grow, and so an older instalment may pass the tolerance but
 * never a younger one: where both ends have one anchor, all days between have it too.
 */
function noteCharged(
  spans: ArrearsSpan[],
  first: AnchorOn,
  last: AnchorOn,
  loan: LoanFacts,
  rules: DelinquencyRules,
): void {
  if (first.anchorDay === last.anchorDay) return;
  if (last.day - first.day === 1) {
    note(spans, last);
    return;
  }
  const day = Math.floor((first.day + last.day) / 2);
  const middle: AnchorOn = { day, anchorDay: anchorOn(loan, day, rules) };
  noteCharged(spans, first, middle, loan, rules);
  noteCharged(spans, middle, last, loan, rules);
}

/** The loan's first day, and each later day up to `asOf` on which its arrears may begin, end or count from another day. */
function daysOfChange({ schedules, payments, waivers = [] }: LoanFacts, asOf: Day): Day[] {
  const dueDays = schedules.flatMap(({ instalments }) => instalments.map(({ dueDay }) => dueDay));
  const contract = schedules.reduce((first, schedule) => (schedule.no < first.no ? schedule : first), {
    no: Infinity,
    effectiveFrom: asOf,
  });
  const firstDay = [contract.effectiveFrom, ...dueDays].reduce((a, b) => (b < a ? b : a));
  const later = [
    ...dueDays.map((dueDay) => addDays(dueDay, 1)),
    ...payments.map(({ valueDay }) => valueDay),
    ...schedules.map(({ effectiveFrom }) => effectiveFrom),
    ...waivers.map(({ day }) => day),
    // After its last day to pay a waiver may have lapsed.
    ...waivers.flatMap(({ payBy }) => (payBy === null ? [] : [addDays(payBy, 1)])),
  ].filter((day) => firstDay < day && day <= asOf);
  return [firstDay, ...[...new Set(later)].sort()];
}

/** A stay in a bucket. `leftOn` is the first day in another one, null while the loan is in it. */
export interface BucketStay {
  readonly bucket: string;
  readonly enteredOn: Day;
  readonly leftOn: Day | null;
}

/**
 * Through which buckets the loan went up to `asOf`, from its contract on, by raw days past due.
 * @throws RangeError when the loan has no schedule or no bucket takes a loan that is not overdue.
 */
export function bucketHistory(loan: LoanFacts, asOf: Day, rules: DelinquencyRules): BucketStay[] {
  const buckets = [...rules.buckets].sort((a, b) => a.fromDpd - b.fromDpd);
  if (buckets[0]?.fromDpd !== 0) throw new RangeError('no bucket takes a loan that is not overdue');
  const spans = arrearsHistory(loan, asOf, rules);
  const entries = levelEntries(
    spans,
    dayNumber(asOf),
    buckets.map(({ fromDpd }) => fromDpd),
  );
  return entries.map(({ level, fromDay }, index) => {
    const left = entries[index + 1];
    return {
      bucket: buckets[level]?.name ?? '',
      enteredOn: dayOfNumber(fromDay),
      leftOn: left === undefined ? null : dayOfNumber(left.fromDay),
    };
  });
}
