import { z } from 'zod';

import { type Anchor, utc } from './ledger';
import type { Queryable } from './database';
import { execute, one } from './rows';

// Any fixed number: whoever makes an anchor takes this lock, so that one waits for the other.
const anchorLock = 4_210_004;

export async function lockAnchors(db: Queryable): Promise<void> {
  await db.query('select pg_advisory_xact_lock($1)', [anchorLock]);
}

/**
 * Writes a leaf for each chain that grew since the anchor before. One statement, so one snapshot: what commits later is
 * for the next anchor. A transaction may commit after entries that are younger than its own, so it is looked for a day back.
 */
export async function addLeaves(db: Queryable, day: string, previous: Anchor | null): Promise<number> {
  const text = `insert into ledger_leaf (day, customer_id, loan_id, case_no, since_seq, seq, hash)
    select $1, h.customer_id, h.loan_id, h.case_no, coalesce(l.seq, 0), h.seq, h.hash
    from (select distinct on (customer_id, loan_id, case_no) customer_id, loan_id, case_no, seq, hash from ledger_entry
          where $2::timestamptz is null or recorded_at >= $2::timestamptz - interval '1 day'
          order by customer_id, loan_id, case_no, seq desc) h
    left join lateral (select seq from ledger_leaf o
      where (o.customer_id, o.loan_id, o.case_no) = (h.customer_id, h.loan_id, h.case_no)
      order by o.day desc limit 1) l on true
    where h.seq > coalesce(l.seq, 0)`;
  return execute(db, text, [day, previous?.madeAt ?? null]);
}

export async function addAnchor(db: Queryable, anchor: Anchor): Promise<void> {
  const { day, madeAt, chains, entries, root, prevHash, hash } = anchor;
  const text = `insert into ledger_anchor (day, made_at, chains, entries, root, prev_hash, hash)
    values ($1, $2, $3, $4, $5, $6, $7)`;
  await execute(db, text, [day, madeAt, chains, entries, root, prevHash, hash]);
}

/** The machine's own clock, as anchors write it. */
export async function databaseNow(db: Queryable): Promise<string> {
  return (await one(db, z.object({ now: z.string() }), `select ${utc('clock_timestamp()')} as now`)).now;
}
