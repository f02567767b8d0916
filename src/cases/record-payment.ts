import type { Day } from '../domain/day';
import { Refusal } from '../domain/refusal';
import { lockBorrowerOf } from '../store/case-lock';
import { inTransaction } from '../store/database';
import { type NewPayment, postPayment } from '../store/payments';
import type { Actor } from './actor';
import { bankToday } from './bank-today';
import type { Desk } from './desk';
import { notifyCase } from './notify';
import { tellPayments } from './tell-payments';

/**
 * Posts money received, or what undoes it, and wakes the loan's case. The same again is known.
 * @throws Refusal NotFound, CurrencyMismatch or PaymentInvalid.
 */
export async function recordPayment(desk: Desk, payment: NewPayment, actor: Actor): Promise<'posted' | 'known'> {
  const { loanId } = payment;
  checkDays(payment, await bankToday(desk));
  const nowMs = await desk.clock.nowMs();
  const posted = await inTransaction(desk.pool, async (tx) => {
    await lockBorrowerOf(tx, loanId);
    const answer = await postPayment(tx, payment);
    if (answer === 'posted') await tellPayments(tx, desk.policies, loanId, [payment], { actor: actor.name, nowMs });
    return answer;
  });
  // Also when it was known: the process that posted it may have died before it told the case.
  await notifyCase(desk, loanId);
  return posted;
}

/**
 * Neither day lies ahead: nothing would wake the case on it, and money that has not come is no money.
 * @throws Refusal PaymentInvalid.
 */
export function checkDays(
  { valueDay, bookedDay = null }: { readonly valueDay: Day; readonly bookedDay?: Day | null },
  today: Day,
): void {
  const reason = `must not lie after today, ${today}`;
  if (valueDay > today) throw new Refusal('PaymentInvalid', reason, 'valueDay');
  if (bookedDay !== null && bookedDay > today) throw new Refusal('PaymentInvalid', reason, 'bookedDay');
}
