import { z } from 'zod';

import { caseRow, selectCase, type StoredCase } from './case-row';
import type { Queryable } from './database';
import { execute, instant, many, maybeOne } from './rows';

const bulkPauseRow = z.object({
  bulkId: z.string(),
  filter: z.record(z.string(), z.unknown()),
  fromDay: z.string(),
  untilDay: z.string().nullable(),
  reviewDay: z.string().nullable(),
  /** Null where pauses end, whatever they were for. */
  reason: z.string().nullable(),
  /** Pauses end on `fromDay`, instead of one beginning. */
  resumes: z.boolean(),
  token: z.string(),
  actor: z.string(),
  atMs: z.int(),
});
export type BulkPause = z.infer<typeof bulkPauseRow>;

const progressRow = z.object({
  loans: z.int(),
  paused: z.int(),
  /** Of the paused ones, those whose case has to be told, and those that were. */
  cases: z.int(),
  told: z.int(),
});
export type BulkProgress = z.infer<typeof progressRow>;

const nextLoanRow = z.object({ loanId: z.string(), caseNo: z.int().nullable() });
export type NextLoan = z.infer<typeof nextLoanRow>;

/** Writes down what was agreed and for which loans. False where the id was given before. */
export async function addBulkPause(db: Queryable, bulk: BulkPause, loanIds: readonly string[]): Promise<boolean> {
  const { bulkId, filter, fromDay, untilDay, reviewDay, reason, resumes, token, actor, atMs } = bulk;
  const text = `insert into bulk_pause (bulk_id, filter, from_day, until_day, review_on, reason, resumes, token, actor, at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`;
  const days = [fromDay, untilDay, reviewDay];
  const values = [bulkId, JSON.stringify(filter), ...days, reason, resumes, token, actor, instant(atMs)];
  if ((await execute(db, text, values)) === 0) return false;
  const lines = 'insert into bulk_pause_loan (bulk_id, loan_id) select $1, unnest($2::text[])';
  await execute(db, lines, [bulkId, loanIds]);
  return true;
}

export async function getBulkPause(db: Queryable, bulkId: string): Promise<BulkPause | null> {
  const text = `select bulk_id as "bulkId", filter, from_day as "fromDay", until_day as "untilDay",
    review_on as "reviewDay", reason, resumes, token, actor, at as "atMs" from bulk_pause where bulk_id = $1`;
  return maybeOne(db, bulkPauseRow, text, [bulkId]);
}

export async function bulkProgress(db: Queryable, bulkId: string): Promise<BulkProgress | null> {
  const text = `select count(*) as loans, count(paused_at) as paused, count(case_no) as cases, count(told_at) as told
    from bulk_pause_loan where bulk_id = $1 having count(*) > 0`;
  return maybeOne(db, progressRow, text, [bulkId]);
}

/**
 * Pauses the next loans of the list and answers their open cases. Their borrowers stay locked until the transaction ends,
 * in one order, so that two that run at once wait for each other and none is paused twice.
 */
export async function pauseNext(db: Queryable, bulkId: string, limit: number, atMs: number): Promise<StoredCase[]> {
  await lockNextBorrowers(db, bulkId, limit);
  const text = `
    with next as (
      select loan_id from bulk_pause_loan where bulk_id = $1 and paused_at is null order by loan_id limit $2 for update),
    paused as (
      insert into pause (pause_id, loan_id, from_day, until_day, review_on, reason, actor, bulk_id)
      select 'bulk/' || b.bulk_id || '/' || next.loan_id, next.loan_id, b.from_day, b.until_day, b.review_on, b.reason,
        b.actor, b.bulk_id
      from next, bulk_pause b where b.bulk_id = $1 on conflict (pause_id) do nothing),
    marked as (
      update bulk_pause_loan p set paused_at = $3,
        case_no = (select case_no from loan_case c where c.loan_id = p.loan_id and c.status = 'open')
      from next where p.bulk_id = $1 and p.loan_id = next.loan_id returning p.loan_id, p.case_no)
    ${selectCase} join marked m on m.loan_id = c.loan_id and m.case_no = c.case_no order by c.loan_id`;
  return many(db, caseRow, text, [bulkId, limit, instant(atMs)]);
}

/** The next loans of a list whose pauses end, with their open cases marked to be told. Locks as `pauseNext` does. */
export async function takeNextToResume(
  db: Queryable,
  bulkId: string,
  limit: number,
  atMs: number,
): Promise<NextLoan[]> {
  await lockNextBorrowers(db, bulkId, limit);
  const text = `
    with next as (
      select loan_id from bulk_pause_loan where bulk_id = $1 and paused_at is null order by loan_id limit $2 for update)
    update bulk_pause_loan p set paused_at = $3,
      case_no = (select case_no from loan_case c where c.loan_id = p.loan_id and c.status = 'open')
    from next where p.bulk_id = $1 and p.loan_id = next.loan_id
    returning p.loan_id as "loanId", p.case_no as "caseNo"`;
  return many(db, nextLoanRow, text, [bulkId, limit, instant(atMs)]);
}

async function lockNextBorrowers(db: Queryable, bulkId: string, limit: number): Promise<void> {
  await execute(
    db,
    `select from customer where customer_id in (select customer_id from loan where loan_id in (
       select loan_id from bulk_pause_loan where bulk_id = $1 and paused_at is null order by loan_id limit $2))
     order by customer_id for no key update`,
    [bulkId, limit],
  );
}

/** Loans that were paused and whose cases were not told yet. */
export async function casesToTell(db: Queryable, bulkId: string): Promise<string[]> {
  const text = `select loan_id as "loanId" from bulk_pause_loan
    where bulk_id = $1 and case_no is not null and told_at is null order by loan_id`;
  return (await many(db, z.object({ loanId: z.string() }), text, [bulkId])).map(({ loanId }) => loanId);
}

export async function markTold(db: Queryable, bulkId: string, loanId: string, atMs: number): Promise<void> {
  const text = 'update bulk_pause_loan set told_at = $3 where bulk_id = $1 and loan_id = $2';
  await execute(db, text, [bulkId, loanId, instant(atMs)]);
}
