import type { z } from 'zod';

import type { Queryable } from './database';

/** A statement with a name is planned once per connection: for what every contact asks. */
export type Statement = string | { readonly name: string; readonly text: string };

/** Selects name their columns as the row's fields, so a schema is all that stands between SQL and a typed value. */
export async function many<T>(
  db: Queryable,
  row: z.ZodType<T>,
  statement: Statement,
  values: readonly unknown[] = [],
): Promise<T[]> {
  const query = typeof statement === 'string' ? { text: statement } : statement;
  const result = await db.query<Record<string, unknown>>({ ...query, values: [...values] });
  return result.rows.map((raw) => row.parse(raw));
}

export async function maybeOne<T>(
  db: Queryable,
  row: z.ZodType<T>,
  statement: Statement,
  values: readonly unknown[] = [],
): Promise<T | null> {
  const rows = await many(db, row, statement, values);
  if (rows.length > 1) throw new Error(`expected one row at most, got ${rows.length}`);
  return rows[0] ?? null;
}

export async function one<T>(
  db: Queryable,
  row: z.ZodType<T>,
  statement: Statement,
  values: readonly unknown[] = [],
): Promise<T> {
  const found = await maybeOne(db, row, statement, values);
  if (found === null) throw new Error('expected one row, got none');
  return found;
}

/** Runs a statement for its effect; answers how many rows it touched. */
export async function execute(db: Queryable, text: string, values: readonly unknown[] = []): Promise<number> {
  return (await db.query(text, [...values])).rowCount ?? 0;
}

/** Epoch milliseconds as a timestamptz parameter. */
export function instant(atMs: number): string {
  return new Date(atMs).toISOString();
}

export function maybeInstant(atMs: number | null): string | null {
  return atMs === null ? null : instant(atMs);
}
