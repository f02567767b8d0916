import { z } from 'zod';

import type { FlagName } from '../domain/contact/flag';
import type { Day } from '../domain/day';
import type { Queryable } from './database';
import { instant, many } from './rows';

/**
 * Loans of the customer that nobody is to be reminded of for now: an arrangement or a promise is kept for them, one of these
 * flags is on the loan itself, or an outcome rests its case.
 */
export async function unnamedLoansOf(
  db: Queryable,
  customerId: string,
  flags: readonly FlagName[],
  { nowMs, today }: { readonly nowMs: number; readonly today: Day },
): Promise<ReadonlySet<string>> {
  const text = `
    select loan_id as "loanId" from contact_flag
      where customer_id = $1 and loan_id is not null and (flag = 'plan-active' and ended_by is null
        or party_id is null and flag = any($2) and from_at <= $3 and coalesce(until_at > $3, true))
    union select loan_id from task join loan_case c using (loan_id, case_no)
      where c.customer_id = $1 and c.status = 'open' and hold_until > $3
    union select p.loan_id from promise p join loan_case c using (loan_id, case_no) join promise_part using (promise_id)
      where c.customer_id = $1 and c.status = 'open' and cancelled_day is null and due_day >= $4`;
  // Named: planned once per connection, because every contact asks it.
  const statement = { name: 'unnamed-loans', text };
  const rows = await many(db, z.object({ loanId: z.string() }), statement, [customerId, flags, instant(nowMs), today]);
  return new Set(rows.map(({ loanId }) => loanId));
}
