import { addMonths, type Day, isDay } from './day';
import type { Pause } from './loan';
import { Refusal } from './refusal';

/** A longer rest is a restructure or a write-off, and has to be decided as one. */
export const pauseMonthsMax = 36;

/**
 * Why a pause `[from, until)` cannot be, or null when it can. `until` may be null: the end is open, and `reviewOn` may say
 * when somebody looks at it.
 */
export function pauseProblem({ from, until, reviewOn }: Pause & { readonly reviewOn?: Day }): Refusal | null {
  const noDay = 'is not a day of the calendar (YYYY-MM-DD)';
  if (!isDay(from)) return new Refusal('PauseInvalid', noDay, 'from');
  if (reviewOn !== undefined) {
    if (!isDay(reviewOn)) return new Refusal('PauseInvalid', noDay, 'reviewOn');
    if (until !== null) return new Refusal('PauseInvalid', 'is for a pause without an end', 'reviewOn');
    if (reviewOn <= from) return new Refusal('PauseInvalid', 'must lie after the first day of the pause', 'reviewOn');
  }
  if (until === null) return null;
  if (!isDay(until)) return new Refusal('PauseInvalid', noDay, 'until');
  if (until <= from) return new Refusal('PauseInvalid', 'must lie after the first day of the pause', 'until');
  if (until > addMonths(from, pauseMonthsMax)) {
    return new Refusal('PauseInvalid', `must lie within ${pauseMonthsMax} months of the first day`, 'until');
  }
  return null;
}
