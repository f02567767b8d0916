import { setTimeout as wait } from 'node:timers/promises';
import type { Pool } from 'pg';

/** Rows that were inserted and updated. */
export interface Writes {
  readonly inserts: number;
  readonly updates: number;
}

// Sessions report their counts about once a second.
const reportedAfterMs = 2_000;

/** What was written to a schema's tables since the database was made, as PostgreSQL counts it. */
export async function countWrites(pool: Pool, schema: string): Promise<Writes> {
  await wait(reportedAfterMs);
  const text = `select coalesce(sum(n_tup_ins), 0)::int as inserts, coalesce(sum(n_tup_upd), 0)::int as updates
    from pg_stat_user_tables where schemaname = $1`;
  const { rows } = await pool.query<Writes>(text, [schema]);
  return rows[0] ?? { inserts: 0, updates: 0 };
}
