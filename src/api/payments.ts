import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { recordPayment } from '../cases/record-payment';
import { movePayment } from '../cases/move-payment';
import { type Receipt, recordReceipt } from '../cases/record-receipt';
import { paymentKinds } from '../domain/loan';
import { Refusal } from '../domain/refusal';
import { textOf } from '../intake/column-checks';
import { getLoan } from '../store/loans';
import { listPayments } from '../store/payments';
import { access } from './access';
import type { ApiDeps } from './deps';
import { checked, currency, day, id, loanParams, positiveMinor, shownDay, words } from './shapes';

/** A correction is more than a posting: it has its own route. */
const postedKinds = ['payment', 'reversal', 'bounce', 'chargeback'] as const;

const days = {
  /** From which the money counts; a day that is past is taken at its word. */
  valueDay: day,
  /** The day of the bank's books, kept and shown; nothing is counted by it. */
  bookedDay: day.nullable().default(null),
};

const paymentBody = z.strictObject({
  paymentId: id,
  kind: z.enum(postedKinds).default('payment'),
  amountMinor: positiveMinor,
  currency,
  ...days,
  /** The payment that a reversal, bounce or chargeback undoes. */
  reverses: id.nullable().default(null),
});

/** Parts of it are named after it, `R-1.1`, and have to fit. */
const receiptId = checked(textOf(60)).min(1);

const receiptBody = z
  .strictObject({
    paymentId: receiptId,
    amountMinor: positiveMinor,
    currency,
    ...days,
    /** What goes to which loan; the parts add up to the amount. */
    loans: z
      .array(z.strictObject({ loanId: id, amountMinor: positiveMinor }))
      .min(1)
      .max(100)
      .optional(),
    /** Instead of parts: oldest due first over this customer's loans of the currency. */
    customerId: id.optional(),
  })
  .refine(({ loans, customerId }) => (loans === undefined) !== (customerId === undefined), {
    message: 'either the loans with their parts, or the customer over whose loans it is spread',
    path: ['loans'],
  });

const correctionBody = z.strictObject({
  correctionId: receiptId,
  /** The loan that the payment was for. */
  loanId: id,
  reason: words,
});

export const payment = z
  .object({
    paymentId: z.string(),
    loanId: z.string(),
    kind: z.enum(paymentKinds),
    amountMinor: z.int(),
    currency: z.string(),
    valueDay: shownDay,
    bookedDay: shownDay.nullable(),
    reverses: z.string().nullable(),
    /** The sum for several loans, or the correction, that it is a part of. */
    receiptId: z.string().nullable(),
  })
  .meta({ id: 'Payment' });

const parts = z.object({ items: z.array(payment), nextCursor: z.null() });

/** Money received for a loan or for several, what undoes it, and what moves it. */
export function paymentRoutes({ desk }: ApiDeps): FastifyPluginAsyncZod {
  // eslint-disable-next-line @typescript-eslint/require-await -- what the framework calls a plugin is asynchronous
  return async (app) => {
    app.post(
      '/loans/:loanId/payments',
      {
        schema: { params: loanParams, body: paymentBody, response: { 200: payment, 201: payment } },
        config: { allow: access.writeFacts },
      },
      async ({ params, body, actor }, reply) => {
        const posting = { ...body, loanId: params.loanId, receiptId: null };
        const posted = await recordPayment(desk, posting, actor);
        return reply.code(posted === 'posted' ? 201 : 200).send(posting);
      },
    );

    app.post(
      '/payments',
      { schema: { body: receiptBody, response: { 200: parts, 201: parts } }, config: { allow: access.writeFacts } },
      async ({ body: { loans, customerId = '', ...receipt }, actor }, reply) => {
        const over: Receipt['over'] = loans === undefined ? { customerId } : { loans };
        const { parts: items, posted } = await recordReceipt(desk, { ...receipt, over }, actor);
        return reply.code(posted ? 201 : 200).send({ items: [...items], nextCursor: null });
      },
    );

    app.post(
      '/payments/:paymentId/correction',
      {
        schema: {
          params: z.object({ paymentId: id }),
          body: correctionBody,
          response: { 200: parts, 201: parts },
        },
        config: { allow: access.writeFacts },
      },
      async ({ params, body, actor }, reply) => {
        const { parts: items, posted } = await movePayment(desk, { ...body, ...params }, actor);
        return reply.code(posted ? 201 : 200).send({ items: [...items], nextCursor: null });
      },
    );

    app.get(
      '/loans/:loanId/payments',
      {
        schema: {
          params: loanParams,
          response: { 200: z.object({ items: z.array(payment), nextCursor: z.null() }) },
        },
        config: { allow: access.readCases },
      },
      async ({ params }) => {
        if ((await getLoan(desk.pool, params.loanId)) === null) throw new Refusal('NotFound', 'no such loan', 'loanId');
        return { items: await listPayments(desk.pool, params.loanId), nextCursor: null };
      },
    );
  };
}
