import { Refusal } from '../domain/refusal';
import { lockBorrowersOf } from '../store/case-lock';
import { inTransaction } from '../store/database';
import { getPayment, paymentsOfReceipt, postPayment } from '../store/payments';
import { addReceipt } from '../store/receipts';
import type { Actor } from './actor';
import { bankToday } from './bank-today';
import type { Desk } from './desk';
import { notifyCase } from './notify';
import type { PostedReceipt } from './record-receipt';
import { tellPayments } from './tell-payments';

export interface PaymentMove {
  readonly correctionId: string;
  /** The payment that was booked on the wrong loan. */
  readonly paymentId: string;
  /** The loan that it is for. */
  readonly loanId: string;
  readonly reason: string;
}

/**
 * Moves a payment to the loan that it was for: undone on the one, a payment of the other under its first value day, in one
 * transaction. Both cases are told. The same again is known.
 * @throws Refusal NotFound, CurrencyMismatch or PaymentInvalid, naming the field.
 */
export async function movePayment(desk: Desk, move: PaymentMove, actor: Actor): Promise<PostedReceipt> {
  const { correctionId, paymentId, loanId, reason } = move;
  const bookedDay = await bankToday(desk);
  const nowMs = await desk.clock.nowMs();
  const { parts, posted } = await inTransaction(desk.pool, async (tx) => {
    const wrong = await getPayment(tx, paymentId);
    if (wrong === null) throw new Refusal('NotFound', 'no such payment', 'paymentId');
    if (wrong.loanId === loanId) throw new Refusal('PaymentInvalid', 'is the loan that it is booked on', 'loanId');
    await lockBorrowersOf(tx, [wrong.loanId, loanId]);
    const { amountMinor, currency, valueDay } = wrong;
    const added = await addReceipt(tx, {
      ...{ receiptId: correctionId, kind: 'correction', amountMinor, currency, valueDay, bookedDay: null },
      ...{ asked: { paymentId, loanId }, reason, actor: actor.name },
    });
    if (added === 'known') return { parts: await paymentsOfReceipt(tx, correctionId), posted: false };
    const common = { amountMinor, currency, valueDay, bookedDay, receiptId: correctionId };
    const undoing = { ...common, paymentId: correctionId, loanId: wrong.loanId, kind: 'correction' } as const;
    const moved = { ...common, paymentId: `${correctionId}.1`, loanId, kind: 'payment', reverses: null } as const;
    await asAsked(() => postPayment(tx, { ...undoing, reverses: paymentId }));
    await asAsked(() => postPayment(tx, moved));
    const telling = { actor: actor.name, nowMs };
    await tellPayments(tx, desk.policies, wrong.loanId, [{ ...undoing, reverses: paymentId }], {
      ...{ ...telling, why: `it was for loan ${loanId}: ${reason}` },
    });
    await tellPayments(tx, desk.policies, loanId, [moved], {
      ...{ ...telling, why: `moved from loan ${wrong.loanId}: ${reason}` },
    });
    return { parts: await paymentsOfReceipt(tx, correctionId), posted: true };
  });
  for (const part of parts) await notifyCase(desk, part.loanId);
  return { parts, posted };
}

const askedFields: Readonly<Record<string, string>> = { reverses: 'paymentId', currency: 'loanId' };

/** A refusal of one half names the field of the move that it is about. */
async function asAsked<T>(post: () => Promise<T>): Promise<T> {
  try {
    return await post();
  } catch (error) {
    const field = error instanceof Refusal ? askedFields[error.field ?? ''] : undefined;
    throw error instanceof Refusal && field !== undefined ? new Refusal(error.type, error.reason, field) : error;
  }
}
