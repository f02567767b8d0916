import type { z } from 'zod';

import type { Queryable } from './database';

/** Selects name their columns as the row's fields, so a schema is all that stands between SQL and a typed value. */
export async function many<T>(
  db: Queryable,
  row: z.ZodType<T>,
  text: string,
  values: readonly unknown[] = [],
): Promise<T[]> {
  const result = await db.query<Record<string, unknown>>(text, [...values]);
  return result.rows.map((raw) => row.parse(raw));
}

export async function maybeOne<T>(
  db: Queryable,
  row: z.ZodType<T>,
  text: string,
  values: readonly unknown[] = [],
): Promise<T | null> {
  const rows = await many(db, row, text, values);
  if (rows.length > 1) throw new Error(`expected one row at most, got ${rows.length}`);
  return rows[0] ?? null;
}

export async function one<T>(
  db: Queryable,
  row: z.ZodType<T>,
  text: string,
  values: readonly unknown[] = [],
): Promise<T> {
  const found = await maybeOne(db, row, text, values);
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
