import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { recordPayment } from '../cases/record-payment';
import { Refusal } from '../domain/refusal';
import { getLoan } from '../store/loans';
import { listPayments } from '../store/payments';
import { access } from './access';
import type { ApiDeps } from './deps';
import { currency, day, id, loanParams, positiveMinor, shownDay } from './shapes';

const kinds = ['payment', 'reversal', 'bounce'] as const;

const paymentBody = z.strictObject({
  paymentId: id,
  kind: z.enum(kinds).default('payment'),
  amountMinor: positiveMinor,
  currency,
  /** From which the money counts; a day that is past is taken at its word. */
  valueDay: day,
  /** The payment that a reversal or bounce undoes. */
  reverses: id.nullable().default(null),
});

export const payment = z
  .object({
    paymentId: z.string(),
    loanId: z.string(),
    kind: z.enum(kinds),
    amountMinor: z.int(),
    currency: z.string(),
    valueDay: shownDay,
    reverses: z.string().nullable(),
  })
  .meta({ id: 'Payment' });

/** Money received for a loan, and what undoes it. */
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
        const posting = { ...body, loanId: params.loanId };
        const posted = await recordPayment(desk, posting, actor);
        return reply.code(posted === 'posted' ? 201 : 200).send(posting);
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
