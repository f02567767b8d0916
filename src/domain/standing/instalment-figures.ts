import { accountAsOf, type AccountRules } from '../account/account';
import { type Day, daysBetween } from '../day';
import { type Amounts, type LoanFacts, noAmounts, totalMinor } from '../loan';

/** How one instalment stands at the end of a day. Money in minor units. */
export interface InstalmentStanding {
  readonly no: number;
  readonly dueDay: Day;
  /** With what was charged on it, less what was waived. */
  readonly dueMinor: number;
  readonly paidMinor: number;
  readonly unpaid: Amounts;
  readonly unpaidMinor: number;
  /** Days since its due day while anything of it is unpaid; the tolerance is the loan's, not the instalment's. */
  readonly dpd: number;
}

/**
 * How each instalment of the schedule in force on `asOf` stands, in the order of payment.
 * @throws RangeError when the loan has no schedule or the rules' order is incomplete.
 */
export function instalmentsAsOf(loan: LoanFacts, asOf: Day, rules: AccountRules): InstalmentStanding[] {
  const { asked, unpaid } = accountAsOf(loan, asOf, rules);
  const unpaidByNo = new Map(unpaid.map((line) => [line.instalment.no, line.unpaid]));
  return asked
    .map(({ no, dueDay, due }) => {
      const rest = unpaidByNo.get(no) ?? noAmounts;
      const [dueMinor, unpaidMinor] = [totalMinor(due), totalMinor(rest)];
      const dpd = unpaidMinor > 0 ? Math.max(0, daysBetween(dueDay, asOf)) : 0;
      return { no, dueDay, dueMinor, paidMinor: dueMinor - unpaidMinor, unpaid: rest, unpaidMinor, dpd };
    })
    .sort((a, b) => (a.dueDay < b.dueDay ? -1 : a.dueDay > b.dueDay ? 1 : a.no - b.no));
}
