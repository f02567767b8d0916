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
  if (isPlain(loan, rules.order)) return arrearsSpans(plainLoanOf(loan), dayNumber(asOf), rules.toleranceMinor);
  const spans: ArrearsSpan[] = [];
  for (const day of daysOfChange(loan, asOf)) {
    const { oldestUnpaidDueDay } = delinquencyAsOf(loan, day, rules);
    const anchorDay = oldestUnpaidDueDay === null ? null : dayNumber(oldestUnpaidDueDay);
    if (spans.at(-1)?.anchorDay !== anchorDay) spans.push({ fromDay: dayNumber(day), anchorDay });
  }
  return spans;
}

/** The loan's first day, and each later day up to `asOf` on which its arrears may begin, end or count from another day. */
function daysOfChange({ schedules, payments }: LoanFacts, asOf: Day): Day[] {
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
