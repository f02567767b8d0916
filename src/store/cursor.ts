import { z } from 'zod';

import { Refusal } from '../domain/refusal';

/** One page of a list. `nextCursor` is null on the last. */
export interface Page<T> {
  readonly items: T[];
  readonly nextCursor: string | null;
}

/** The key of the last row of a page, made opaque so that nobody builds on what is inside. */
export function encodeCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** @throws Refusal InputInvalid for a text that this list did not give out. */
export function decodeCursor<T>(cursor: string | null, key: z.ZodType<T>): T | null {
  if (cursor === null) return null;
  const parsed = key.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (!parsed.success) throw new Refusal('InputInvalid', 'is not a cursor that this list gave out', 'cursor');
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Cuts `rows`, which were read with a limit of one more than asked for, into a page. */
export function toPage<T>(rows: readonly T[], limit: number, keyOf: (row: T) => readonly (string | number)[]): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null };
}

// Strings of a cursor go into SQL, where a NUL is no text.
export const cursorText = z
  .string()
  .max(200)
  .regex(/^[^\u0000]*$/);
/** An instant that PostgreSQL and JavaScript both hold. */
export const cursorInstant = z.int().min(0).max(253_402_300_799_999);
