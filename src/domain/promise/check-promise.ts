import { addDays, type Day } from '../day';
import { Refusal } from '../refusal';
import type { JudgedPromise } from './judge-promises';
import { promisedMinor, type PromisePart } from './promise';
import type { PromiseRules } from './promise-rules';

export interface PromiseWish {
  readonly currency: string;
  readonly parts: readonly PromisePart[];
}

/** How the loan stands when somebody promises. */
export interface PromiseStanding {
  readonly today: Day;
  readonly currency: string;
  readonly outstandingMinor: number;
  /** Earlier promises of the loan. */
  readonly earlier: readonly JudgedPromise[];
}

/** What is wrong with a promise itself, or null: its currency, days and amounts. Fields are those of the wish. */
export function checkPromise(wish: PromiseWish, standing: PromiseStanding, rules: PromiseRules): Refusal | null {
  const { today, currency, outstandingMinor } = standing;
  const { parts } = wish;
  if (wish.currency !== currency) return new Refusal('CurrencyMismatch', `the loan is in ${currency}`, 'currency');
  if (parts.length === 0) return invalid('a promise has one part at least', 'parts');
  if (parts.length > rules.partsMax) return invalid(`the policy takes ${rules.partsMax} parts at most`, 'parts');
  let earlierDay = today;
  for (const [index, { dueDay, amountMinor }] of parts.entries()) {
    const path = `parts.${index}`;
    if (!Number.isSafeInteger(amountMinor) || amountMinor <= 0) {
      return invalid('must be a whole number of minor units above zero', `${path}.amountMinor`);
    }
    if (dueDay <= today) return invalid(`must lie after today, ${today}`, `${path}.dueDay`);
    if (dueDay <= earlierDay) return invalid('must lie after the day of the part before', `${path}.dueDay`);
    earlierDay = dueDay;
  }
  const lastDay = rules.withinDaysMax === null ? null : addDays(today, rules.withinDaysMax);
  if (lastDay !== null && earlierDay > lastDay) {
    return invalid(`the policy takes promises up to ${lastDay}`, `parts.${parts.length - 1}.dueDay`);
  }
  if (promisedMinor(wish) > outstandingMinor) {
    const field = parts.length === 1 ? 'parts.0.amountMinor' : 'parts';
    return invalid(`is more than the ${outstandingMinor} that are outstanding`, field);
  }
  return null;
}

/** Why no promise is taken whatever it says, or null: too many run, or too many were broken of late. */
export function checkPromiseLimits({ today, earlier }: PromiseStanding, rules: PromiseRules): Refusal | null {
  const running = earlier.filter(({ state }) => state === 'open').length;
  if (rules.openMax !== null && running >= rules.openMax) {
    return invalid(`${running} promises run, and the policy takes no more at a time`, 'promiseId');
  }
  if (rules.noneAfter === null) return null;
  const { broken, withinDays } = rules.noneAfter;
  const sinceDay = addDays(today, -withinDays);
  const days = earlier.flatMap(({ brokenDay }) => (brokenDay !== null && brokenDay > sinceDay ? [brokenDay] : []));
  if (days.length < broken) return null;
  // A new one is taken when the newest that count have become fewer than the limit.
  const decisive = days.sort().at(-broken) ?? today;
  return invalid(
    `${days.length} were broken within ${withinDays} days; the next is taken from ${addDays(decisive, withinDays)}`,
    'promiseId',
  );
}

function invalid(reason: string, field: string): Refusal {
  return new Refusal('PromiseInvalid', reason, field);
}
