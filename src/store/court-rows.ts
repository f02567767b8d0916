import { z } from 'zod';

import type { Queryable } from './database';
import type { Chain } from './ledger';
import { many } from './rows';

const decisionRow = z.object({
  decisionId: z.int(),
  contactKey: z.string(),
  channel: z.string(),
  purpose: z.string(),
  kind: z.enum(['denied', 'deferred']),
  atMs: z.int(),
  untilMs: z.int().nullable(),
  rules: z.array(z.string()),
  reason: z.string(),
  packs: z.unknown(),
});
export type GateDecision = z.infer<typeof decisionRow>;

/** Every "no" and "not before" of the gate about a contact that named the loan, oldest first. */
export async function listDecisions(db: Queryable, loanId: string): Promise<GateDecision[]> {
  const text = `select decision_id as "decisionId", contact_key as "contactKey", channel, purpose, kind, at as "atMs",
      until_at as "untilMs", rules, reason, evidence->'packs' as packs
    from contact_decision d where loan_id = $1
      or customer_id = (select customer_id from loan l where l.loan_id = $1)
        and evidence->'situation'->'loanIds' ? $1
    order by at, decision_id`;
  return many(db, decisionRow, text, [loanId]);
}

const chainRow = z.object({ customerId: z.string(), loanId: z.string(), caseNo: z.int() });

/** The chains of the loan's cases, of its borrower, and of other cases whose contacts named the loan. */
export async function chainsAbout(db: Queryable, loanId: string): Promise<Chain[]> {
  const text = `select distinct customer_id as "customerId", x.loan_id as "loanId", x.case_no as "caseNo" from (
      select customer_id, loan_id, case_no from loan_case where loan_id = $1
      union select c.customer_id, t.loan_id, t.case_no from loan l join contact t using (customer_id)
        join loan_case c on (c.loan_id, c.case_no) = (t.loan_id, t.case_no)
        where l.loan_id = $1 and $1 = any (t.loan_ids)
      union select customer_id, '', 0 from loan where loan_id = $1) x
    order by 1, 2, 3`;
  return many(db, chainRow, text, [loanId]);
}
