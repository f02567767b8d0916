import { Refusal } from '../domain/refusal';
import type { Queryable } from './database';
import { execute } from './rows';

/**
 * Locks the borrowers of several loans, in one order, so that no two who do this wait for each other. Loans that nobody
 * knows are left out.
 */
export async function lockBorrowersOf(db: Queryable, loanIds: readonly string[]): Promise<void> {
  const text = `select from customer where customer_id in (select customer_id from loan where loan_id = any($1))
    order by customer_id for no key update`;
  await execute(db, text, [loanIds]);
}

/**
 * Locks the loan's borrower until the transaction ends. Everything that decides on a case or changes what is decided on
 * takes this one lock first, so that there is one order of events per borrower and no deadlock.
 * @throws Refusal NotFound.
 */
export async function lockBorrowerOf(db: Queryable, loanId: string): Promise<void> {
  const text = 'select from customer c join loan l using (customer_id) where l.loan_id = $1 for no key update of c';
  if ((await execute(db, text, [loanId])) === 0) throw new Refusal('NotFound', 'no such loan', 'loanId');
}
