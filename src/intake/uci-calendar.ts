import type { Day } from '../domain/day';
import { addMonths, daysBetween } from '../domain/day';
import { standardBuckets } from '../domain/delinquency';
import { uciMonths } from './uci-row';

/** Instalments of a loan. */
export const termMonths = 24;

/** Instalments due before the month of the first observation: enough for the longest delay that the file knows. */
const earlierMonths = 10;

/** A schedule of monthly instalments and the days on which the file looked at it. */
export interface LoanCalendar {
  /** Observation days, oldest first; the last is the day of the portfolio. */
  readonly observed: readonly Day[];
  readonly dueDays: readonly Day[];
  /** For each observation: the bucket (index into `standardBuckets`) by the number of instalments paid by then. */
  readonly buckets: readonly (readonly number[])[];
}

// Thousands of accounts share the calendars of one day; those of the day before are not wanted again.
let made: { asOf: Day; byDayOfMonth: Map<number, LoanCalendar> } | undefined;

export function loanCalendar(asOf: Day, dayOfMonth: number): LoanCalendar {
  if (made?.asOf !== asOf) made = { asOf, byDayOfMonth: new Map() };
  const known = made.byDayOfMonth.get(dayOfMonth);
  if (known !== undefined) return known;
  const observed = uciMonths.map((_, at) => addMonths(asOf, at - uciMonths.length + 1));
  const dueDays = dueDaysOf(asOf, dayOfMonth);
  const calendar = { observed, dueDays, buckets: observed.map((day) => bucketsOn(day, dueDays)) };
  made.byDayOfMonth.set(dayOfMonth, calendar);
  return calendar;
}

function dueDaysOf(asOf: Day, dayOfMonth: number): Day[] {
  // January has every day of the month, so that the 31st comes back after a shorter month.
  const january = `${asOf.slice(0, 4)}-01-${String(dayOfMonth).padStart(2, '0')}`;
  const firstMonth = Number(asOf.slice(5, 7)) - uciMonths.length - earlierMonths;
  return Array.from({ length: termMonths }, (_, at) => addMonths(january, firstMonth + at));
}

/** An instalment may be paid on its due day, none before. */
function bucketsOn(day: Day, dueDays: readonly Day[]): number[] {
  const dueCount = dueDays.filter((dueDay) => dueDay <= day).length;
  return Array.from({ length: dueCount + 1 }, (_, paidCount) => {
    const oldest = dueDays[paidCount];
    const dpd = oldest === undefined ? 0 : Math.max(0, daysBetween(oldest, day));
    return standardBuckets.findLastIndex(({ fromDpd }) => fromDpd <= dpd);
  });
}
