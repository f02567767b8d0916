import { accountAsOf } from '../domain/account/account';
import type { Day } from '../domain/day';
import { Refusal } from '../domain/refusal';
import { type LoanPart, partsProblem, spreadOverLoans } from '../domain/spread';
import { lockBorrowersOf } from '../store/case-lock';
import { lockCustomer } from '../store/customers';
import { inTransaction, type Queryable } from '../store/database';
import { loadLoanFactsOfCustomer } from '../store/loan-facts';
import { paymentsOfReceipt, type PostedPayment, postPayment } from '../store/payments';
import { addReceipt } from '../store/receipts';
import type { Actor } from './actor';
import { bankToday } from './bank-today';
import type { Desk } from './desk';
import { notifyCase } from './notify';
import { accountRules } from './account-rules';
import { checkDays } from './record-payment';
import { tellPayments } from './tell-payments';

/** One sum that came for several loans: in parts that were told, or to be spread over the loans of a customer. */
export interface Receipt {
  readonly paymentId: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly valueDay: Day;
  readonly bookedDay: Day | null;
  readonly over: { readonly loans: readonly LoanPart[] } | { readonly customerId: string };
}

export interface PostedReceipt {
  readonly parts: readonly PostedPayment[];
  readonly posted: boolean;
}

/**
 * Posts one sum as a payment of each loan it is for, all or none, and wakes their cases. The same again is known and
 * answers the parts that were posted then.
 * @throws Refusal NotFound, CurrencyMismatch or PaymentInvalid, naming the field.
 */
export async function recordReceipt(desk: Desk, receipt: Receipt, actor: Actor): Promise<PostedReceipt> {
  const { paymentId, amountMinor, currency, valueDay, bookedDay, over } = receipt;
  checkDays(receipt, await bankToday(desk));
  const problem = 'loans' in over ? partsProblem(over.loans, amountMinor) : null;
  if (problem !== null) throw problem;
  const nowMs = await desk.clock.nowMs();
  const answer = await inTransaction(desk.pool, async (tx) => {
    await ('loans' in over
      ? lockBorrowersOf(
          tx,
          over.loans.map(({ loanId }) => loanId),
        )
      : lockCustomer(tx, over.customerId));
    const given = { receiptId: paymentId, amountMinor, currency, valueDay, bookedDay, asked: { ...over } };
    const added = await addReceipt(tx, { ...given, kind: 'spread', reason: null, actor: actor.name });
    if (added === 'known') return { parts: await paymentsOfReceipt(tx, paymentId), posted: false };
    const wanted = await partsOf(tx, desk, receipt);
    for (const [at, part] of wanted.entries()) {
      const payment = { ...part, paymentId: `${paymentId}.${at + 1}`, receiptId: paymentId, kind: 'payment' } as const;
      const posting = { ...payment, currency, valueDay, bookedDay, reverses: null };
      await atItsPlace(over, at, () => postPayment(tx, posting));
      await tellPayments(tx, desk.policies, part.loanId, [posting], {
        ...{ actor: actor.name, nowMs, why: `part of ${paymentId}` },
      });
    }
    return { parts: await paymentsOfReceipt(tx, paymentId), posted: true };
  });
  for (const { loanId } of answer.parts) await notifyCase(desk, loanId);
  return answer;
}

async function partsOf(
  tx: Queryable,
  desk: Desk,
  { amountMinor, currency, valueDay, over }: Receipt,
): Promise<readonly LoanPart[]> {
  if ('loans' in over) return over.loans;
  const all = await loadLoanFactsOfCustomer(tx, over.customerId);
  const loans = all.filter((loan) => loan.currency === currency && loan.schedules.length > 0);
  if (loans.length === 0)
    throw new Refusal('CurrencyMismatch', `no loan of the customer is in ${currency}`, 'currency');
  const { policy } = await desk.policies.latest(tx, desk.policyId);
  const rules = accountRules(policy);
  const unpaid = loans.map((loan) => {
    return { loanId: loan.loanId, unpaid: accountAsOf(loan, valueDay, rules).unpaid };
  });
  return spreadOverLoans(unpaid, amountMinor);
}

/** A refusal of one part names that part's field. */
async function atItsPlace<T>(over: Receipt['over'], at: number, post: () => Promise<T>): Promise<T> {
  try {
    return await post();
  } catch (error) {
    const isParts =
      error instanceof Refusal && 'loans' in over && ['loanId', 'amountMinor'].includes(error.field ?? '');
    if (!isParts) throw error;
    throw new Refusal(error.type, error.reason, `loans.${at}.${error.field}`);
  }
}
