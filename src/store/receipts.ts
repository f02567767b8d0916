import { z } from 'zod';

import { Refusal } from '../domain/refusal';
import type { Queryable } from './database';
import { execute, one } from './rows';

export interface NewReceipt {
  readonly receiptId: string;
  readonly kind: 'spread' | 'correction';
  readonly amountMinor: number;
  readonly currency: string;
  readonly valueDay: string;
  readonly bookedDay: string | null;
  /** What was asked for; the same id again must ask for the same. */
  readonly asked: Readonly<Record<string, unknown>>;
  readonly reason: string | null;
  readonly actor: string;
}

const comparedRow = z.object({
  kind: z.boolean(),
  amountMinor: z.boolean(),
  currency: z.boolean(),
  valueDay: z.boolean(),
  bookedDay: z.boolean(),
  asked: z.boolean(),
});

/**
 * Writes down a sum for several loans, or the move of a payment; the same again is known. Its parts are payments.
 * @throws Refusal PaymentInvalid, where the id stands for another one.
 */
export async function addReceipt(db: Queryable, receipt: NewReceipt): Promise<'added' | 'known'> {
  const { receiptId, kind, amountMinor, currency, valueDay, bookedDay, asked, reason, actor } = receipt;
  const content = [receiptId, kind, amountMinor, currency, valueDay, bookedDay, JSON.stringify(asked)];
  const text = `insert into receipt
      (receipt_id, kind, amount_minor, currency, value_on, booked_on, asked, reason, actor)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`;
  if ((await execute(db, text, [...content, reason, actor])) > 0) return 'added';
  const same = await one(
    db,
    comparedRow,
    `select kind = $2 as kind, amount_minor = $3 as "amountMinor", currency = $4 as currency, value_on = $5 as "valueDay",
       booked_on is not distinct from $6 as "bookedDay", asked = $7::jsonb as asked
     from receipt where receipt_id = $1`,
    content,
  );
  const other = (['amountMinor', 'currency', 'valueDay', 'bookedDay'] as const).find((field) => !same[field]);
  if (other === undefined && same.kind && same.asked) return 'known';
  throw new Refusal('PaymentInvalid', 'money of this id was posted with other content', other ?? 'loans');
}
