import { z } from 'zod';

import type { RiskTier } from '../domain/loan';
import { caseRow, selectCase, type StoredCase } from './case-row';
import { cursorText, decodeCursor, type Page, toPage } from './cursor';
import type { Queryable } from './database';
import { instant, many } from './rows';

export interface CaseFilter {
  readonly status?: 'open' | 'closed' | undefined;
  readonly stage?: string | undefined;
  readonly riskTier?: RiskTier | undefined;
  readonly branch?: string | undefined;
  readonly assignee?: string | undefined;
  readonly paused?: boolean | undefined;
  readonly customerId?: string | undefined;
}

/** Cases by loan and number: a key that never changes, so that a page neither skips nor repeats what it began with. */
export async function listCases(
  db: Queryable,
  filter: CaseFilter,
  cursor: string | null,
  limit: number,
): Promise<Page<StoredCase>> {
  const [afterLoan, afterNo] = decodeCursor(cursor, z.tuple([cursorText, z.int32()])) ?? [null, null];
  // Each call is planned with its values, so a filter that is not given costs nothing.
  const rows = await many(
    db,
    caseRow,
    `${selectCase}
     where ($1::text is null or c.status = $1) and ($2::text is null or c.stage = $2)
       and ($3::text is null or l.risk_tier = $3) and ($4::text is null or l.branch = $4)
       and ($5::text is null or c.assignee = $5) and ($6::boolean is null or c.paused = $6)
       and ($7::text is null or c.customer_id = $7)
       and ($8::text is null or (c.loan_id, c.case_no) > ($8, $9::int))
     order by c.loan_id, c.case_no limit $10`,
    [
      ...[filter.status, filter.stage, filter.riskTier, filter.branch, filter.assignee, filter.paused],
      ...[filter.customerId, afterLoan, afterNo, limit + 1],
    ],
  );
  return toPage(rows, limit, (row) => [row.loanId, row.caseNo]);
}

/** The customer's open cases by loan. */
export async function openCasesOfCustomer(db: Queryable, customerId: string): Promise<StoredCase[]> {
  const text = `${selectCase} where c.customer_id = $1 and c.status = 'open' order by c.loan_id`;
  return many(db, caseRow, text, [customerId]);
}

const dueRow = caseRow.pick({ loanId: true, caseNo: true, customerId: true });

/** Open cases that have something to do by then, the longest due first. */
export async function casesDueBy(db: Queryable, atMs: number): Promise<z.infer<typeof dueRow>[]> {
  return many(
    db,
    dueRow,
    `select loan_id as "loanId", case_no as "caseNo", customer_id as "customerId" from loan_case
     where status = 'open' and (next_action_at <= $1 or next_action = 'assess')
     order by next_action_at nulls first, loan_id`,
    [instant(atMs)],
  );
}

/** Every open case, whether it has something to do or only waits for facts. */
export async function allOpenCases(db: Queryable): Promise<z.infer<typeof dueRow>[]> {
  const text = `select loan_id as "loanId", case_no as "caseNo", customer_id as "customerId" from loan_case
    where status = 'open' order by loan_id`;
  return many(db, dueRow, text);
}

/** Loans with instalments and without an open case: those for which it is worth looking whether one should open. */
export async function loansWithoutCase(db: Queryable): Promise<string[]> {
  const text = `select loan_id as "loanId" from loan l
    where exists (select from instalment i where i.loan_id = l.loan_id)
      and not exists (select from loan_case c where c.loan_id = l.loan_id and c.status = 'open')
    order by loan_id`;
  return (await many(db, z.object({ loanId: z.string() }), text)).map(({ loanId }) => loanId);
}
