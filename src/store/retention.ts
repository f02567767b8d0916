import { z } from 'zod';

import type { Queryable } from './database';
import { execute, instant, many, maybeOne, one } from './rows';

const closedRow = z.object({
  loanId: z.string(),
  caseNo: z.int(),
  customerId: z.string(),
  closedAtMs: z.int(),
  lastActivityAtMs: z.int(),
});
export type ClosedCase = z.infer<typeof closedRow>;

const closedColumns = `c.loan_id as "loanId", c.case_no as "caseNo", c.customer_id as "customerId", c.closed_at as "closedAtMs",
  greatest(c.closed_at, (select max(at) from contact t where (t.loan_id, t.case_no) = (c.loan_id, c.case_no)),
    (select max(at) from case_event e where (e.loan_id, e.case_no) = (c.loan_id, c.case_no))) as "lastActivityAtMs"`;

/** Closed cases that are not purged, closed before an instant, oldest first. */
export async function* closedCases(db: Queryable, beforeMs: number, pageSize = 500): AsyncGenerator<ClosedCase> {
  let after = ['', 0] as readonly [string, number];
  for (;;) {
    const text = `select ${closedColumns} from loan_case c
      where c.status = 'closed' and c.purged_at is null and c.closed_at < $1 and (c.loan_id, c.case_no) > ($2, $3)
      order by c.loan_id, c.case_no limit $4`;
    const page = await many(db, closedRow, text, [instant(beforeMs), ...after, pageSize]);
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return;
    after = [last.loanId, last.caseNo];
  }
}

/** The customer's cases that are closed and not purged. */
export async function closedCasesOf(db: Queryable, customerId: string): Promise<ClosedCase[]> {
  const text = `select ${closedColumns} from loan_case c
    where c.customer_id = $1 and c.status = 'closed' and c.purged_at is null order by c.loan_id, c.case_no`;
  return many(db, closedRow, text, [customerId]);
}

export interface Purging {
  readonly untilDay: string;
  readonly rules: readonly string[];
  readonly atMs: number;
  readonly actor: string;
}

const removedRow = z.object({
  /** Rows by table; null where it was purged before. */
  removed: z.record(z.string(), z.object({ rows: z.int() })).nullable(),
});
export type Removed = z.infer<typeof removedRow>['removed'];

/** The database itself refuses an open case, one that is on hold, and a day that has not come. */
export async function purgeCase(
  db: Queryable,
  { loanId, caseNo }: Pick<ClosedCase, 'loanId' | 'caseNo'>,
  { untilDay, rules, atMs, actor }: Purging,
): Promise<Removed> {
  const text = 'select purge_case($1, $2, $3, $4, $5, $6) as removed';
  return (await one(db, removedRow, text, [loanId, caseNo, untilDay, rules, instant(atMs), actor])).removed;
}

export async function purgeCustomer(
  db: Queryable,
  customerId: string,
  { untilDay, rules, atMs, actor }: Purging,
): Promise<Removed> {
  const text = 'select purge_customer($1, $2, $3, $4, $5) as removed';
  return (await one(db, removedRow, text, [customerId, untilDay, rules, instant(atMs), actor])).removed;
}

const oldRow = z.object({ customerId: z.string(), untilDay: z.string() });

/** Customers all of whose cases are purged, with the last day that any of them had to be kept. */
export async function customersWithoutRecord(db: Queryable): Promise<z.infer<typeof oldRow>[]> {
  const text = `select p.customer_id as "customerId", max(p.keep_until) as "untilDay"
    from purge p join customer c using (customer_id)
    where c.purged_at is null and not exists (select from loan_case o
      where o.customer_id = p.customer_id and o.purged_at is null)
    group by p.customer_id order by p.customer_id`;
  return many(db, oldRow, text);
}

const caselessRow = z.object({ customerId: z.string(), lastActivityAtMs: z.int() });
export type CaselessCustomer = z.infer<typeof caselessRow>;

/**
 * Customers who never had a case, and of whom nothing is on record since an instant (a day for money): no loan, no payment. Whether
 * they owe anything has to be asked.
 */
export async function* customersWithoutCase(
  db: Queryable,
  before: { readonly atMs: number; readonly day: string },
  pageSize = 500,
): AsyncGenerator<CaselessCustomer> {
  const text = `select c.customer_id as "customerId", greatest(c.recorded_at,
      (select max(at) from consent t where t.customer_id = c.customer_id),
      (select max(at) from contact_grant t where t.customer_id = c.customer_id),
      (select max(from_at) from contact_flag t where t.customer_id = c.customer_id),
      (select max(at) from contact_milestone t where t.customer_id = c.customer_id),
      (select max(coalesce(cleared_at, set_at)) from legal_hold t where t.customer_id = c.customer_id),
      (select max(coalesce(decided_at, received_at)) from data_request t where t.customer_id = c.customer_id),
      (select max(m.at) from inbound_message m join inbound_message_customer t using (inbound_id)
        where t.customer_id = c.customer_id)) as "lastActivityAtMs"
    from customer c where c.purged_at is null and c.recorded_at < $1 and c.customer_id > $3
      and not exists (select from loan_case o where o.customer_id = c.customer_id)
      and not exists (select from purge p where p.customer_id = c.customer_id)
      and not exists (select from loan l where l.customer_id = c.customer_id and (l.disbursed_on >= $2
        or exists (select from payment p where p.loan_id = l.loan_id and p.value_on >= $2)))
    order by c.customer_id limit $4`;
  for (let after: string | undefined = ''; after !== undefined;) {
    const values: unknown[] = [instant(before.atMs), before.day, after, pageSize];
    const page: CaselessCustomer[] = await many(db, caselessRow, text, values);
    yield* page;
    after = page.length < pageSize ? undefined : page.at(-1)?.customerId;
  }
}

/** Messages that came before an instant from people of whom nobody knows who they are. */
export async function countUnknownSenders(db: Queryable, beforeMs: number): Promise<number> {
  const text = `select count(*)::int as count from inbound_message m where m.at < $1
    and not exists (select from inbound_message_customer l where l.inbound_id = m.inbound_id)`;
  return (await one(db, countRow, text, [instant(beforeMs)])).count;
}

/** Deletes them; answers how many there were. */
export async function purgeUnknownSenders(db: Queryable, beforeMs: number): Promise<number> {
  return (await one(db, countRow, 'select purge_unknown_senders($1) as count', [instant(beforeMs)])).count;
}

const countRow = z.object({ count: z.int() });

/** Answers that were kept for repeated requests hold what they said, and are of no use after a while. */
export async function forgetAnswers(db: Queryable, beforeMs: number): Promise<number> {
  const text = `with gone as (delete from idempotency_key where recorded_at < $1 returning 1)
    select count(*)::int as count from gone`;
  return (await one(db, countRow, text, [instant(beforeMs)])).count;
}

/**
 * Empties at once what was answered about a person to requests with a key, however young. The key stays taken: the same
 * request again is not done anew. To be called while what the person had is still on record.
 */
export async function forgetAnswersAbout(db: Queryable, customerId: string): Promise<void> {
  const text = `with named as (
      select $1 as id union select loan_id from loan where customer_id = $1
      union select contact_id::text from contact where customer_id = $1
      union select task_id::text from task where customer_id = $1
      union select inbound_id::text from inbound_message_customer where customer_id = $1)
    update idempotency_key k set response = null
    where response is not null and exists (select from named where strpos(k.response::text, to_json(id)::text) > 0)`;
  await execute(db, text, [customerId]);
}

export async function isPurged(db: Queryable, customerId: string): Promise<boolean> {
  const text = 'select purged_at is not null as purged from customer where customer_id = $1';
  return (await maybeOne(db, z.object({ purged: z.boolean() }), text, [customerId]))?.purged ?? false;
}
