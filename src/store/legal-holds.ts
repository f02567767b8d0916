import { z } from 'zod';

import { Refusal } from '../domain/refusal';
import type { Queryable } from './database';
import { execute, instant, many } from './rows';

const holdRow = z.object({
  holdId: z.string(),
  customerId: z.string(),
  /** Null: all loans. */
  loanId: z.string().nullable(),
  reason: z.string(),
  setBy: z.string(),
  setAtMs: z.int(),
  clearedBy: z.string().nullable(),
  clearedAtMs: z.int().nullable(),
  clearReason: z.string().nullable(),
});
export type LegalHold = z.infer<typeof holdRow>;
export type NewHold = Pick<LegalHold, 'holdId' | 'customerId' | 'loanId' | 'reason' | 'setBy' | 'setAtMs'>;

/** @throws Refusal NotFound for a customer that is not there, or a loan that is not theirs. */
export async function setHold(db: Queryable, hold: NewHold): Promise<void> {
  const { holdId, customerId, loanId, reason, setBy, setAtMs } = hold;
  const text = `insert into legal_hold (hold_id, customer_id, loan_id, reason, set_by, set_at)
    select $1, c.customer_id, $3, $4, $5, $6 from customer c where c.customer_id = $2
      and ($3::text is null or exists (select from loan l where l.loan_id = $3 and l.customer_id = $2))
    on conflict (hold_id) do nothing`;
  const added = await execute(db, text, [holdId, customerId, loanId, reason, setBy, instant(setAtMs)]);
  if (added === 0) throw new Refusal('NotFound', 'no such customer, or no such loan of theirs', 'loanId');
}

export interface Clearing {
  readonly clearedBy: string;
  readonly clearedAtMs: number;
  readonly clearReason: string;
}

/** @throws Refusal NotFound for a hold that is not there, AlreadyExists for one that was cleared before. */
export async function clearHold(
  db: Queryable,
  customerId: string,
  holdId: string,
  { clearedBy, clearedAtMs, clearReason }: Clearing,
): Promise<void> {
  const text = `update legal_hold set cleared_by = $3, cleared_at = $4, clear_reason = $5
    where customer_id = $1 and hold_id = $2 and cleared_at is null`;
  if ((await execute(db, text, [customerId, holdId, clearedBy, instant(clearedAtMs), clearReason])) > 0) return;
  if ((await listHolds(db, customerId)).some((hold) => hold.holdId === holdId)) {
    throw new Refusal('AlreadyExists', 'the hold was cleared before', 'holdId');
  }
  throw new Refusal('NotFound', 'no such hold', 'holdId');
}

/** All holds on a customer's records, those that were cleared too. */
export async function listHolds(db: Queryable, customerId: string): Promise<LegalHold[]> {
  const text = `select hold_id as "holdId", customer_id as "customerId", loan_id as "loanId", reason, set_by as "setBy",
      set_at as "setAtMs", cleared_by as "clearedBy", cleared_at as "clearedAtMs", clear_reason as "clearReason"
    from legal_hold where customer_id = $1 order by set_at, hold_id`;
  return many(db, holdRow, text, [customerId]);
}

export function holds(all: readonly LegalHold[], loanId: string | null): boolean {
  return all.some((hold) => hold.clearedAtMs === null && (hold.loanId === null || hold.loanId === loanId));
}
