import type { BankCalendar } from '../bank-calendar';
import { addDays } from '../day';
import type { JudgedPromise } from './judge-promises';
import type { PromiseRules } from './promise-rules';

/** A rest of the case until an instant. */
export interface Rest {
  readonly untilMs: number;
  readonly reason: string;
}

/** While a promise runs nothing is asked of the borrower: each unpaid part's day and its days of grace are theirs. */
export function promiseRests(
  promises: readonly JudgedPromise[],
  { rests, graceDays }: PromiseRules,
  calendar: Pick<BankCalendar, 'startOfDayMs'>,
): readonly Rest[] {
  if (!rests) return [];
  return promises.flatMap(({ openUntilDay }) => {
    if (openUntilDay === null) return [];
    const untilMs = calendar.startOfDayMs(addDays(openUntilDay, 1));
    return [{ untilMs, reason: `promise to pay by ${addDays(openUntilDay, -graceDays)}` }];
  });
}
