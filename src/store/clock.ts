import { z } from 'zod';

import type { Queryable } from './database';
import { one } from './rows';

const clockRow = z.object({ aheadMs: z.int() });

/** By how many milliseconds time travel has moved the bank's clock ahead of the machine's. */
export async function aheadMs(db: Queryable): Promise<number> {
  return (await one(db, clockRow, 'select ahead_ms as "aheadMs" from bank_clock')).aheadMs;
}

/** Moves the bank's clock on; answers how far it is ahead then. */
export async function moveAhead(db: Queryable, byMs: number): Promise<number> {
  const text = 'update bank_clock set ahead_ms = ahead_ms + $1 returning ahead_ms as "aheadMs"';
  return (await one(db, clockRow, text, [byMs])).aheadMs;
}
