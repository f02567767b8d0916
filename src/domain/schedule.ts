import type { Day } from './day';
import type { Schedule } from './loan';

/**
 * The schedule in force on a day: the one with the highest number among those agreed by then. Before the first agreement
 * it is the one with the lowest number, so that a question about an early day has an answer.
 * @throws RangeError when there is no schedule.
 */
export function scheduleAsOf(schedules: readonly Schedule[], asOf: Day): Schedule {
  const [first, ...later] = [...schedules].sort((a, b) => a.no - b.no);
  if (first === undefined) throw new RangeError('a loan has at least one schedule');
  return later.findLast((schedule) => schedule.effectiveFrom <= asOf) ?? first;
}
