import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { askWaiver } from '../cases/ask-waiver';
import { shownWaivers } from '../cases/shown-waivers';
import { access } from './access';
import type { ApiDeps } from './deps';
import { amountMinor, day, id, loanParams, words } from './shapes';
import { shownWaiver } from './waiver-shapes';

const waiverBody = z.strictObject({
  waiverId: id,
  amounts: z.strictObject({
    penaltyMinor: amountMinor.default(0),
    feeMinor: amountMinor.default(0),
    interestMinor: amountMinor.default(0),
  }),
  /** It lapses unless the rest of what is due today is paid by the end of this day. */
  payBy: day.nullable().default(null),
  reason: words,
});

/** What the bank gives up of penalty, fee and interest. Above the policy's limit a second person decides. */
export function waiverRoutes({ desk }: ApiDeps): FastifyPluginAsyncZod {
  // eslint-disable-next-line @typescript-eslint/require-await -- what the framework calls a plugin is asynchronous
  return async (app) => {
    app.post(
      '/cases/:loanId/waivers',
      {
        schema: { params: loanParams, body: waiverBody, response: { 200: shownWaiver, 201: shownWaiver } },
        config: { allow: access.askWaivers },
      },
      async ({ params, body: { amounts, ...body }, actor }, reply) => {
        const { waiver, added } = await askWaiver(desk, params.loanId, { ...body, ...amounts }, actor);
        return reply.code(added ? 201 : 200).send(waiver);
      },
    );

    app.get(
      '/cases/:loanId/waivers',
      {
        schema: {
          params: loanParams,
          response: { 200: z.object({ items: z.array(shownWaiver), nextCursor: z.null() }) },
        },
        config: { allow: access.readCases },
      },
      async ({ params }) => ({ items: await shownWaivers(desk, params.loanId), nextCursor: null }),
    );
  };
}
