import type { Instalment } from '../domain/loan';
import { totalMinor } from '../domain/loan';
import { Refusal } from '../domain/refusal';
import { lockCustomer } from '../store/customers';
import { inTransaction } from '../store/database';
import { type Loan, putLoan as storeLoan } from '../store/loans';
import type { Desk } from './desk';
import { notifyCase } from './notify';

/**
 * Adds a loan with its contract, or brings it up to date, and wakes its case.
 * @throws Refusal InputInvalid, NotFound (customer) or AlreadyExists.
 */
export async function putLoan(
  desk: Desk,
  loan: Loan,
  instalments: readonly Instalment[],
): Promise<'added' | 'known' | 'changed'> {
  checkInstalments(loan, instalments);
  const put = await inTransaction(desk.pool, async (tx) => {
    await lockCustomer(tx, loan.customerId);
    return storeLoan(tx, loan, instalments);
  });
  if (put !== 'added') await notifyCase(desk, loan.loanId);
  return put;
}

function checkInstalments({ disbursedDay }: Loan, instalments: readonly Instalment[]): void {
  const seen = new Set<number>();
  for (const [at, { no, dueDay, due }] of instalments.entries()) {
    if (seen.has(no)) throw new Refusal('InputInvalid', 'stands twice', `instalments.${at}.no`);
    seen.add(no);
    if (dueDay < disbursedDay) {
      throw new Refusal('InputInvalid', 'lies before the day of disbursement', `instalments.${at}.dueDay`);
    }
    if (totalMinor(due) === 0) throw new Refusal('InputInvalid', 'nothing falls due', `instalments.${at}`);
  }
}
