import { z } from 'zod';

import type { Queryable } from './database';
import { many, maybeOne, one } from './rows';

/** A chain: of a case, or of a customer (loan '' and case 0). */
const chainFields = { customerId: z.string(), loanId: z.string(), caseNo: z.int() };
const chainRow = z.object(chainFields);
export type Chain = z.infer<typeof chainRow>;

const entryRow = z.object({
  ...chainFields,
  seq: z.int(),
  /** UTC with microseconds, as it is hashed. */
  recordedAt: z.string(),
  what: z.string(),
  /** JSON, exactly as it is hashed. */
  payload: z.string(),
  prevHash: z.string(),
  hash: z.string(),
});
export type Entry = z.infer<typeof entryRow>;

const leafRow = z.object({
  ...chainFields,
  day: z.string(),
  /** Entries after this one, up to `seq`, are covered by the day's anchor. */
  sinceSeq: z.int(),
  seq: z.int(),
  hash: z.string(),
});
export type Leaf = z.infer<typeof leafRow>;

export const anchorRow = z.object({
  day: z.string(),
  madeAt: z.string(),
  chains: z.int(),
  entries: z.int(),
  root: z.string(),
  prevHash: z.string(),
  hash: z.string(),
});
export type Anchor = z.infer<typeof anchorRow>;

export const utc = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
const chainColumns = 'customer_id as "customerId", loan_id as "loanId", case_no as "caseNo"';
const entryColumns = `${chainColumns}, seq, ${utc('recorded_at')} as "recordedAt", what, payload,
  prev_hash as "prevHash", hash`;
const leafColumns = `${chainColumns}, day, since_seq as "sinceSeq", seq, hash`;
export const anchorColumns = `day, ${utc('made_at')} as "madeAt", chains, entries, root, prev_hash as "prevHash", hash`;

/**
 * Customers after `after` in their order, whether their chains or their rows are left. Null: from the beginning, where also
 * stands what somebody put in for a customer of no name.
 */
export async function customersAfter(db: Queryable, after: string | null, limit: number): Promise<string[]> {
  const from = after === null ? '>=' : '>';
  const next = (table: string): string =>
    `(select distinct customer_id from ${table} where customer_id ${from} $1 order by customer_id limit $2)`;
  const text = `select customer_id as "customerId" from (
    ${next('customer')} union ${next('ledger_entry')} union ${next('ledger_leaf')}) x order by 1 limit $2`;
  return (await many(db, chainRow.pick({ customerId: true }), text, [after ?? '', limit])).map(
    ({ customerId }) => customerId,
  );
}

export async function entriesOfCustomers(db: Queryable, customerIds: readonly string[]): Promise<Entry[]> {
  const text = `select ${entryColumns} from ledger_entry where customer_id = any($1)
    order by customer_id, loan_id, case_no, seq`;
  return many(db, entryRow, text, [customerIds]);
}

export async function leavesOfCustomers(db: Queryable, customerIds: readonly string[]): Promise<Leaf[]> {
  const text = `select ${leafColumns} from ledger_leaf where customer_id = any($1)
    order by customer_id, loan_id, case_no, day`;
  return many(db, leafRow, text, [customerIds]);
}

/** The entries of some chains of one customer. */
export async function entriesOfChains(db: Queryable, chains: readonly Chain[]): Promise<Entry[]> {
  const text = `select ${entryColumns} from ledger_entry
    where (customer_id, loan_id, case_no) in (select * from unnest($1::text[], $2::text[], $3::int[]))
    order by customer_id, loan_id, case_no, seq`;
  return many(db, entryRow, text, columnsOf(chains));
}

function columnsOf(chains: readonly Chain[]): unknown[] {
  return [
    chains.map(({ customerId }) => customerId),
    chains.map(({ loanId }) => loanId),
    chains.map(({ caseNo }) => caseNo),
  ];
}

export async function lastLeafOf(db: Queryable, { customerId, loanId, caseNo }: Chain): Promise<Leaf | null> {
  const text = `select ${leafColumns} from ledger_leaf where (customer_id, loan_id, case_no) = ($1, $2, $3)
    order by day desc limit 1`;
  return maybeOne(db, leafRow, text, [customerId, loanId, caseNo]);
}

/** All leaves of a day in the order of the tree, page by page. */
export async function* leavesOfDay(db: Queryable, day: string, pageSize = 5_000): AsyncGenerator<Leaf> {
  // Before all chains, also one of a customer of no name.
  let after: Chain = { customerId: '', loanId: '', caseNo: -1 };
  for (;;) {
    const text = `select ${leafColumns} from ledger_leaf
      where day = $1 and (customer_id, loan_id, case_no) > ($2, $3, $4)
      order by customer_id, loan_id, case_no limit $5`;
    const page = await many(db, leafRow, text, [day, after.customerId, after.loanId, after.caseNo, pageSize]);
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return;
    after = last;
  }
}

export async function listAnchors(db: Queryable, from = '0001-01-01'): Promise<Anchor[]> {
  return many(db, anchorRow, `select ${anchorColumns} from ledger_anchor where day >= $1 order by day`, [from]);
}

export async function lastAnchor(db: Queryable): Promise<Anchor | null> {
  return maybeOne(db, anchorRow, `select ${anchorColumns} from ledger_anchor order by day desc limit 1`);
}

export async function anchorOf(db: Queryable, day: string): Promise<Anchor | null> {
  return maybeOne(db, anchorRow, `select ${anchorColumns} from ledger_anchor where day = $1`, [day]);
}

/** Whether an entry was recorded between two instants, written as the database writes them. */
export async function hasEntriesBetween(db: Queryable, after: string, before: string): Promise<boolean> {
  const text = 'select exists (select from ledger_entry where recorded_at > $1 and recorded_at < $2) as known';
  return (await one(db, z.object({ known: z.boolean() }), text, [after, before])).known;
}

/** Days that have leaves and no anchor. */
export async function leavesWithoutAnchor(db: Queryable): Promise<string[]> {
  const text = `select distinct day from ledger_leaf l
    where not exists (select from ledger_anchor a where a.day = l.day) order by day`;
  return (await many(db, leafRow.pick({ day: true }), text)).map(({ day }) => day);
}
