import { z } from 'zod';

import type { FlagName } from '../domain/contact/flag';
import type { RiskTier } from '../domain/loan';
import type { Queryable } from './database';
import { instant, many } from './rows';

/** Which loans are meant; all that is named must hold, each by one of its values. */
export interface LoanFilter {
  readonly branches?: readonly string[] | undefined;
  readonly products?: readonly string[] | undefined;
  readonly tiers?: readonly RiskTier[] | undefined;
  readonly buckets?: readonly string[] | undefined;
  /** Loans for which one of these flags is in force, of the loan or of its borrower. */
  readonly flags?: readonly FlagName[] | undefined;
  readonly loanIds?: readonly string[] | undefined;
  /** Loans of pauses of many that were agreed to under these ids. */
  readonly bulkIds?: readonly string[] | undefined;
}

/** The next loans after one, by their id; buckets are not looked at: they follow from the facts. */
export async function loansInFilter(
  db: Queryable,
  { branches, products, tiers, flags, loanIds, bulkIds }: LoanFilter,
  atMs: number,
  afterLoanId: string,
  limit: number,
): Promise<string[]> {
  const text = `select loan_id as "loanId" from loan l
    where loan_id > $1 and ($2::text[] is null or branch = any($2)) and ($3::text[] is null or product = any($3))
      and ($4::text[] is null or risk_tier = any($4)) and ($5::text[] is null or loan_id = any($5))
      and ($6::text[] is null or exists (select from contact_flag f where f.customer_id = l.customer_id
        and f.flag = any($6) and f.party_id is null and (f.loan_id is null or f.loan_id = l.loan_id)
        and f.from_at <= $7 and (f.until_at is null or f.until_at > $7)))
      and ($8::text[] is null or exists (select from bulk_pause_loan b where b.loan_id = l.loan_id
        and b.bulk_id = any($8)))
    order by loan_id limit $9`;
  const lists = [branches, products, tiers, loanIds, flags].map((list) => list ?? null);
  const rows = await many(db, z.object({ loanId: z.string() }), text, [
    afterLoanId,
    ...lists,
    instant(atMs),
    bulkIds ?? null,
    limit,
  ]);
  return rows.map(({ loanId }) => loanId);
}

/** Those of the loans that have an open case. */
export async function loansWithOpenCase(db: Queryable, loanIds: readonly string[]): Promise<ReadonlySet<string>> {
  const text = `select loan_id as "loanId" from loan_case where loan_id = any($1) and status = 'open'`;
  const rows = await many(db, z.object({ loanId: z.string() }), text, [loanIds]);
  return new Set(rows.map(({ loanId }) => loanId));
}

/** The ids that no loan has. */
export async function unknownLoans(db: Queryable, loanIds: readonly string[]): Promise<string[]> {
  const text = `select asked.id as "loanId" from unnest($1::text[]) as asked(id)
    where not exists (select from loan where loan_id = asked.id)`;
  return (await many(db, z.object({ loanId: z.string() }), text, [loanIds])).map(({ loanId }) => loanId);
}

/** Which of these are loans of somebody else; one that nobody knows is nobody's. */
export async function loansOfOtherCustomers(
  db: Queryable,
  customerId: string,
  loanIds: readonly string[],
): Promise<string[]> {
  const text = `select loan_id as "loanId" from loan where loan_id = any($2) and customer_id <> $1 order by 1`;
  return (await many(db, z.object({ loanId: z.string() }), text, [customerId, loanIds])).map(({ loanId }) => loanId);
}

/** Which of these are no loans of the customer. */
export async function loansOfOthers(db: Queryable, customerId: string, loanIds: readonly string[]): Promise<string[]> {
  const text = `select unnest($2::text[]) as "loanId" except select loan_id from loan where customer_id = $1 order by 1`;
  return (await many(db, z.object({ loanId: z.string() }), text, [customerId, loanIds])).map(({ loanId }) => loanId);
}
