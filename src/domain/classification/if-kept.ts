import { accountAsOf, type AccountRules } from '../account/account';
import type { Day } from '../day';
import { type LoanFacts, type Payment, totalMinor } from '../loan';

/**
 * The loan as it would be on a later day if everything went well: what is unpaid of it is paid on the day on which it falls
 * due, and what is overdue already is paid today. `today` is the first day of these payments, `throughDay` the last.
 */
export function ifKept(loan: LoanFacts, today: Day, throughDay: Day, rules: AccountRules): LoanFacts {
  const dueMinor = new Map<Day, number>();
  for (const { instalment, unpaid } of accountAsOf(loan, today, rules).unpaid) {
    const day = instalment.dueDay < today ? today : instalment.dueDay;
    if (day <= throughDay) dueMinor.set(day, (dueMinor.get(day) ?? 0) + totalMinor(unpaid));
  }
  const paid = [...dueMinor]
    .filter(([, amountMinor]) => amountMinor > 0)
    .map(([day, amountMinor]): Payment => {
      return { id: `if-kept/${day}`, kind: 'payment', valueDay: day, amountMinor, reverses: null };
    });
  return { ...loan, payments: [...loan.payments, ...paid] };
}
