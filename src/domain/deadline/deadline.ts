import type { DeadlineRule } from '../contact/rule';
import { addDays, type Day } from '../day';

/** How close a deadline is: so many days ahead at most, or missed. */
export type Phase = number | 'missed';

/** For a deadline whose rule does not say when people are to be reminded of it. */
export const usualReminder: readonly number[] = [7];

/** The latest reminder that is due on a day, or that the last day is over; null while it is too early for any. */
export function phaseOf(lastDay: Day, remindDaysBefore: readonly number[], today: Day): Phase | null {
  if (today > lastDay) return 'missed';
  const due = remindDaysBefore.filter((days) => today >= addDays(lastDay, -days));
  return due.length === 0 ? null : Math.min(...due);
}

/** The last day of a time that begins on `from`. Working days are Monday to Friday: holidays would only make it later. */
export function lastDayOf(
  { withinDays = 0, withinWorkdays = 0 }: Pick<DeadlineRule, 'withinDays' | 'withinWorkdays'>,
  from: Day,
): Day {
  let last = addDays(from, withinDays);
  for (let missing = withinWorkdays; missing > 0;) {
    last = addDays(last, 1);
    if (![0, 6].includes(new Date(`${last}T00:00:00Z`).getUTCDay())) missing -= 1;
  }
  return last;
}
