import { caseRow, selectCase, type StoredCase } from './case-row';
import type { Queryable } from './database';
import { many } from './rows';

/** The latest case of each of the customer's loans: open ones first, then by loan. */
export async function latestCases(db: Queryable, customerId: string): Promise<StoredCase[]> {
  const text = `${selectCase} where c.customer_id = $1
      and not exists (select from loan_case n where n.loan_id = c.loan_id and n.case_no > c.case_no)
    order by c.status = 'closed', c.loan_id`;
  return many(db, caseRow, text, [customerId]);
}
