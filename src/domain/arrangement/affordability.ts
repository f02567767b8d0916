import { type Day } from '../day';
import { type Schedule, totalMinor } from '../loan';
import { Refusal } from '../refusal';

/** What the borrower says of a month, in minor units of the loan's currency. */
export interface Budget {
  readonly incomeMinor: number;
  readonly outgoingsMinor: number;
}

export interface Affordability {
  /** Income less outgoings. */
  readonly leftMinor: number;
  /** The most that the new schedule asks for in one calendar month. */
  readonly monthlyMinor: number;
  readonly affordable: boolean;
}

/**
 * Whether what is left in a month covers the dearest month of the schedule, `marginPerMille` of it kept free. Months before
 * `effectiveFrom` ask for nothing any more.
 */
export function affordabilityOf(
  { incomeMinor, outgoingsMinor }: Budget,
  schedule: Schedule | null,
  effectiveFrom: Day,
  marginPerMille: number,
): Affordability {
  const leftMinor = incomeMinor - outgoingsMinor;
  const monthlyMinor = dearestMonthMinor(schedule, effectiveFrom);
  const affordable = BigInt(monthlyMinor) * 1_000n <= BigInt(leftMinor) * BigInt(1_000 - marginPerMille);
  return { leftMinor, monthlyMinor, affordable };
}

function dearestMonthMinor(schedule: Schedule | null, effectiveFrom: Day): number {
  const byMonth = new Map<string, number>();
  for (const { dueDay, due } of schedule?.instalments ?? []) {
    const month = dueDay.slice(0, 7);
    if (dueDay >= effectiveFrom) byMonth.set(month, (byMonth.get(month) ?? 0) + totalMinor(due));
  }
  return Math.max(0, ...byMonth.values());
}

/** Null where the budget is enough, or none is asked for. */
export function affordabilityProblem(required: boolean, found: Affordability | null): Refusal | null {
  if (found === null) {
    return required ? new Refusal('RestructureInvalid', 'the policy asks for income and outgoings', 'budget') : null;
  }
  if (found.affordable) return null;
  const reason = `leaves ${found.leftMinor} a month for up to ${found.monthlyMinor}, less than the policy asks for`;
  return new Refusal('RestructureInvalid', reason, 'budget');
}
