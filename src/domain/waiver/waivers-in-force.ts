import { netPaidMinor, type UnpaidInstalment } from '../allocation';
import type { Day } from '../day';
import { type LoanFacts, totalMinor, type Waiver } from '../loan';

type Account = (waivers: readonly Waiver[], asOf: Day) => { readonly unpaid: readonly UnpaidInstalment[] };

/**
 * The waivers that count on a day. One with a last day to pay counts until that day; after it, only if what was left of all
 * that had fallen due by the day of the waiver came in full, up to the tolerance, by its last day. What is charged in between
 * is not part of it, so that a borrower can be told one sum. A payment that is dated back may so revive a waiver, and a
 * reversal end it. `account` tells how the loan stands under given waivers.
 */
export function waiversInForce(
  { waivers = [], payments }: Pick<LoanFacts, 'waivers' | 'payments'>,
  asOf: Day,
  toleranceMinor: number,
  account: Account,
): readonly Waiver[] {
  const granted = waivers
    .filter(({ day }) => day <= asOf)
    .sort((a, b) => (a.day === b.day ? (a.id < b.id ? -1 : 1) : a.day < b.day ? -1 : 1));
  const inForce: Waiver[] = [];
  for (const waiver of granted) {
    const { day, payBy } = waiver;
    if (payBy !== null && payBy < asOf) {
      const due = account([...inForce, waiver], day).unpaid.filter(({ instalment }) => instalment.dueDay <= day);
      const leftMinor = due.reduce((sum, { unpaid }) => sum + totalMinor(unpaid), 0);
      const paidMinor = netPaidMinor(payments, payBy) - netPaidMinor(payments, day);
      if (leftMinor - paidMinor > toleranceMinor) continue;
    }
    inForce.push(waiver);
  }
  return inForce;
}
