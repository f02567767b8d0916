import type { Pool } from 'pg';
import { addDays, type Day } from '../src/domain/day';
import { noAmounts } from '../src/domain/loan';
import { demoCustomer, peopleMax } from '../src/intake/demo-people';
import { putContactPoint, putCustomer } from '../src/store/customers';
import { inTransaction } from '../src/store/database';
import { putLoan } from '../src/store/loans';

export const overdueMinor = 100_000;

/** Invented borrowers with one loan each, whose only instalment fell due the day before `today`. Answers the loans' ids. */
export async function addLoans(pool: Pool, prefix: string, count: number, zone: string, today: Day): Promise<string[]> {
  const loanIds = Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
  await inTransaction(pool, async (tx) => {
    for (const [index, loanId] of loanIds.entries()) {
      const { customer_id: customerId, name, language, phone } = demoCustomer(`c-${loanId}`, index % peopleMax);
      await putCustomer(tx, { customerId, name, language, timezone: zone, preferences: {} });
      if (phone === null) throw new Error('a borrower without a phone');
      await putContactPoint(tx, customerId, { kind: 'phone', value: phone, rank: 1, state: 'unverified' });
      const loan = { loanId, customerId, product: 'personal', currency: 'CNY', principalMinor: 1_000_000 };
      const contract = { ...loan, disbursedDay: addDays(today, -90), riskTier: 'medium', branch: 'north' } as const;
      const due = { ...noAmounts, principal: overdueMinor };
      await putLoan(tx, contract, [{ no: 1, dueDay: addDays(today, -1), due }]);
    }
  });
  return loanIds;
}
