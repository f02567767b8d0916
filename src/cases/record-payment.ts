import { Refusal } from '../domain/refusal';
import { lockBorrowerOf } from '../store/case-lock';
import { getLatestCase } from '../store/cases';
import { inTransaction } from '../store/database';
import { type PostedPayment, postPayment } from '../store/payments';
import { recordEvent } from '../store/timeline';
import type { Actor } from './actor';
import { bankToday } from './bank-today';
import type { Desk } from './desk';
import { notifyCase } from './notify';

/**
 * Posts money received, a reversal or a bounce, and wakes the loan's case. The same again is known.
 * @throws Refusal NotFound, CurrencyMismatch or PaymentInvalid.
 */
export async function recordPayment(desk: Desk, payment: PostedPayment, actor: Actor): Promise<'posted' | 'known'> {
  const { paymentId, loanId, kind, amountMinor, valueDay, reverses } = payment;
  const today = await bankToday(desk);
  // Nothing would wake the case on that day, and money that has not come is no money.
  if (valueDay > today) throw new Refusal('PaymentInvalid', `must not lie after today, ${today}`, 'valueDay');
  const nowMs = await desk.clock.nowMs();
  const posted = await inTransaction(desk.pool, async (tx) => {
    await lockBorrowerOf(tx, loanId);
    const answer = await postPayment(tx, payment);
    const latest = await getLatestCase(tx, loanId);
    if (latest === null) return answer;
    const reason = reverses === null ? `value day ${valueDay}` : `${kind} of ${reverses}`;
    const event = { loanId, caseNo: latest.caseNo, atMs: nowMs, actor: actor.name, reason };
    const data = { paymentId, kind, amountMinor, valueDay, reverses };
    const eventKind = kind === 'payment' ? 'payment-posted' : 'payment-reversed';
    if (answer === 'posted')
      await recordEvent(tx, { ...event, kind: eventKind, data, eventKey: `payment/${paymentId}` });
    return answer;
  });
  // Also when it was known: the process that posted it may have died before it told the case.
  await notifyCase(desk, loanId);
  return posted;
}
