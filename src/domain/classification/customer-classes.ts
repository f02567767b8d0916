import { addMonths, dayNumber, dayOfNumber } from '../day';
import type { ClassificationRules } from './classification-rules';
import type { ClassEntry } from './own-class';

/** Days from `fromDay` to just before `endDay`. */
export interface DaySpan {
  readonly fromDay: number;
  readonly endDay: number;
}

/** When a loan was a bad debt by its own facts; the last span ends with `Infinity` while it is one. */
export function badDebtSpans(entries: readonly ClassEntry[], { classes }: ClassificationRules): DaySpan[] {
  const spans: DaySpan[] = [];
  for (const [index, { fromDay, rank }] of entries.entries()) {
    if (classes[rank]?.nonPerforming !== true) continue;
    const endDay = entries[index + 1]?.fromDay ?? Infinity;
    const last = spans.at(-1);
    if (last?.endDay === fromDay) spans[spans.length - 1] = { fromDay: last.fromDay, endDay };
    else spans.push({ fromDay, endDay });
  }
  return spans;
}

/**
 * A loan's classes when the customer's other loans are looked at too: while one of them is a bad debt, and for the
 * policy's months of cure after, this loan is at least in the policy's class (传染). Only a loan's own facts make others
 * worse, never what it caught from them, so that loans cannot hold one another down for ever.
 * `othersBad` are the `badDebtSpans` of the others. The day-by-day rule: the worse of own class and floor.
 */
export function withCustomer(
  own: readonly ClassEntry[],
  othersBad: readonly DaySpan[],
  throughDay: number,
  { customer }: ClassificationRules,
): ClassEntry[] {
  if (customer === null || othersBad.length === 0) return [...own];
  const floors = othersBad.map((span) => ({ ...span, endDay: cured(span.endDay, customer.cureMonths) }));
  const firstDay = own[0]?.fromDay ?? Infinity;
  // Before its contract a loan has the class that it begins with.
  if (throughDay < firstDay) return [...own];
  const days = [...own.map(({ fromDay }) => fromDay), ...floors.flatMap(({ fromDay, endDay }) => [fromDay, endDay])];
  const looked = [...new Set(days)].filter((day) => firstDay <= day && day <= throughDay).sort((a, b) => a - b);
  const entries: ClassEntry[] = [];
  for (const day of looked) {
    const ownEntry = own.findLast(({ fromDay }) => fromDay <= day);
    if (ownEntry === undefined) continue;
    const isHeld = floors.some(({ fromDay, endDay }) => fromDay <= day && day < endDay);
    const rank = isHeld ? Math.max(ownEntry.rank, customer.atLeast) : ownEntry.rank;
    const why = rank > ownEntry.rank || ownEntry.fromDay < day ? 'customer' : ownEntry.why;
    if (entries.at(-1)?.rank !== rank) entries.push({ fromDay: day, rank, why });
  }
  return entries;
}

/** Whether others that were bad debts hold a loan down on a day, in the months of cure too. */
export function isHeldOn(othersBad: readonly DaySpan[], day: number, cureMonths: number): boolean {
  return othersBad.some(({ fromDay, endDay }) => fromDay <= day && day < cured(endDay, cureMonths));
}

function cured(endDay: number, months: number): number {
  return endDay === Infinity ? Infinity : dayNumber(addMonths(dayOfNumber(endDay), months));
}
