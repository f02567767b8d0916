import { z } from 'zod';

import { paymentKinds } from '../domain/loan';
import { Refusal } from '../domain/refusal';
import type { Queryable } from './database';
import { execute, instant, many, maybeOne, one } from './rows';

const paymentRow = z.object({
  paymentId: z.string(),
  loanId: z.string(),
  kind: z.enum(paymentKinds),
  amountMinor: z.int(),
  currency: z.string(),
  /** From which the money counts. */
  valueDay: z.string(),
  /** The day of the bank's books, where it was told; nothing is counted by it. */
  bookedDay: z.string().nullable(),
  /** The payment that this undoes; null for money received. */
  reverses: z.string().nullable(),
  /** The sum for several loans, or the correction, that it is a part of. */
  receiptId: z.string().nullable(),
});
export type PostedPayment = z.infer<typeof paymentRow>;
export type NewPayment = Omit<PostedPayment, 'bookedDay' | 'receiptId'> &
  Partial<Pick<PostedPayment, 'bookedDay' | 'receiptId'>>;

const columns = `payment_id as "paymentId", loan_id as "loanId", kind, amount_minor as "amountMinor", currency,
  value_on as "valueDay", booked_on as "bookedDay", reverses, receipt_id as "receiptId"`;

const paymentJson = `json_build_object('paymentId', payment_id, 'loanId', loan_id, 'kind', kind,
  'amountMinor', amount_minor, 'currency', currency, 'valueDay', value_on, 'bookedDay', booked_on, 'reverses', reverses,
  'receiptId', receipt_id)`;

const situationRow = z.object({
  currency: z.string().nullable(),
  same: paymentRow.nullable(),
  original: paymentRow.nullable(),
  undoneBy: z.string().nullable(),
});
type Situation = z.infer<typeof situationRow>;

/**
 * Posts a payment, or what undoes one, once; the same again is known.
 * @throws Refusal NotFound, CurrencyMismatch or PaymentInvalid, naming the field.
 */
export async function postPayment(db: Queryable, posting: NewPayment): Promise<'posted' | 'known'> {
  const payment = { bookedDay: null, receiptId: null, ...posting };
  // Again only when another transaction has taken the id, or undone the same payment, since the situation was read.
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const situation = await one(db, situationRow, selectSituation, [
      payment.loanId,
      payment.paymentId,
      payment.reverses,
    ]);
    if (situation.same !== null) return checkSame(payment, situation.same);
    checkNew(payment, situation);
    if (await insertPayment(db, payment)) return 'posted';
  }
  throw new Error(`payment ${payment.paymentId} could neither be posted nor read`);
}

const selectSituation = `
  select (select currency from loan where loan_id = $1) as currency,
    (select ${paymentJson} from payment where payment_id = $2) as same,
    (select ${paymentJson} from payment where payment_id = $3) as original,
    (select payment_id from payment where reverses = $3) as "undoneBy"`;

function checkSame(payment: PostedPayment, stored: PostedPayment): 'known' {
  const fields = [
    'loanId',
    'kind',
    'amountMinor',
    'currency',
    'valueDay',
    'bookedDay',
    'reverses',
    'receiptId',
  ] as const;
  const other = fields.find((field) => payment[field] !== stored[field]);
  if (other !== undefined) throw invalid('a payment of this id was posted with other content', other);
  return 'known';
}

function checkNew(payment: PostedPayment, { currency, original, undoneBy }: Situation): void {
  if (currency === null) throw new Refusal('NotFound', 'no such loan', 'loanId');
  if (payment.currency !== currency) {
    throw new Refusal('CurrencyMismatch', `the loan is in ${currency}`, 'currency');
  }
  if (!Number.isSafeInteger(payment.amountMinor) || payment.amountMinor <= 0) {
    throw invalid('must be a whole number of minor units above zero', 'amountMinor');
  }
  if (payment.kind === 'payment') {
    if (payment.reverses !== null) throw invalid('only a reversal, bounce or chargeback undoes a payment', 'reverses');
    return;
  }
  if (original?.kind !== 'payment' || original.loanId !== payment.loanId) {
    throw invalid('must name a payment of this loan', 'reverses');
  }
  if (undoneBy !== null) throw invalid(`the payment was already undone by ${undoneBy}`, 'reverses');
  if (payment.amountMinor !== original.amountMinor) {
    throw invalid(`must be the amount of the payment that it undoes, ${original.amountMinor}`, 'amountMinor');
  }
}

async function insertPayment(db: Queryable, payment: PostedPayment): Promise<boolean> {
  const { paymentId, loanId, kind, amountMinor, currency, valueDay, bookedDay, reverses, receiptId } = payment;
  const text = `insert into payment
      (payment_id, loan_id, kind, amount_minor, currency, value_on, booked_on, reverses, receipt_id)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`;
  const values = [paymentId, loanId, kind, amountMinor, currency, valueDay, bookedDay, reverses, receiptId];
  return (await execute(db, text, values)) > 0;
}

/** All that was posted for the loan, by value day. */
export async function listPayments(db: Queryable, loanId: string): Promise<PostedPayment[]> {
  return many(db, paymentRow, `select ${columns} from payment where loan_id = $1 order by value_on, payment_id`, [
    loanId,
  ]);
}

export async function getPayment(db: Queryable, paymentId: string): Promise<PostedPayment | null> {
  return maybeOne(db, paymentRow, `select ${columns} from payment where payment_id = $1`, [paymentId]);
}

/** The parts of one receipt. */
export async function paymentsOfReceipt(db: Queryable, receiptId: string): Promise<PostedPayment[]> {
  const text = `select ${columns} from payment where receipt_id = $1 order by payment_id`;
  return many(db, paymentRow, text, [receiptId]);
}

function invalid(reason: string, field: string): Refusal {
  return new Refusal('PaymentInvalid', reason, field);
}

/** Loans that ever had a case and for which something was posted since then, by the machine's clock. */
export async function loansPaidSince(db: Queryable, sinceMs: number): Promise<string[]> {
  const text = `select distinct p.loan_id as "loanId" from payment p
    where p.recorded_at >= $1 and exists (select from loan_case c where c.loan_id = p.loan_id) order by 1`;
  const rows = await many(db, z.object({ loanId: z.string() }), text, [instant(sinceMs)]);
  return rows.map(({ loanId }) => loanId);
}

/** What was posted for the loan since an instant of the machine's clock, by value day. */
export async function paymentsRecordedSince(db: Queryable, loanId: string, sinceMs: number): Promise<PostedPayment[]> {
  const text = `select ${columns} from payment where loan_id = $1 and recorded_at >= $2 order by value_on, payment_id`;
  return many(db, paymentRow, text, [loanId, instant(sinceMs)]);
}

const recordingRow = z.object({ id: z.string(), recordedAtMs: z.int() });

/** When each of the loan's payments became known, by the machine's clock. */
export async function paymentRecordings(db: Queryable, loanId: string): Promise<ReadonlyMap<string, number>> {
  const text = 'select payment_id as id, recorded_at as "recordedAtMs" from payment where loan_id = $1';
  return new Map((await many(db, recordingRow, text, [loanId])).map(({ id, recordedAtMs }) => [id, recordedAtMs]));
}
