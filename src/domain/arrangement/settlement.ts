import { type Allocation, netPaidMinor } from '../allocation';
import type { Day } from '../day';
import type { LoanFacts, Payment, Settlement } from '../loan';

/**
 * What is left of a loan once a settlement is paid: nothing, and money beyond the agreed sum is the borrower's. As long as it
 * is not paid in full, and after its last day for good, the loan stands as if there were none; a reversal makes it so again.
 * Answers the allocation itself where no settlement is paid.
 */
export function settle(allocation: Allocation, { settlements = [], payments }: LoanFacts, asOf: Day): Allocation {
  const paid = settlements.find((settlement) => settledOn(settlement, payments, asOf) !== null);
  if (paid === undefined) return allocation;
  const sinceMinor = paidSinceMinor(payments, paid.from, asOf);
  return { unpaid: [], creditMinor: Math.max(allocation.creditMinor, sinceMinor - paid.amountMinor) };
}

/** The value day of the payment that completed the agreed sum in time; null while it is not complete by `asOf`. */
export function settledOn(
  { from, until, amountMinor }: Settlement,
  payments: readonly Payment[],
  asOf: Day,
): Day | null {
  const days = [...new Set(payments.map(({ valueDay }) => valueDay))].sort();
  const inTime = days.filter((day) => day >= from && day <= until && day <= asOf);
  return inTime.find((day) => paidSinceMinor(payments, from, day) >= amountMinor) ?? null;
}

/** Net payments with value days from the first day to the last. */
function paidSinceMinor(payments: readonly Payment[], from: Day, asOf: Day): number {
  return netPaidMinor(
    payments.filter(({ kind, valueDay }) => kind !== 'payment' || valueDay >= from),
    asOf,
  );
}
