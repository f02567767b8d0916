import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { readStanding } from '../cases/read-standing';
import { Refusal } from '../domain/refusal';
import { access } from './access';
import { classification } from './classification-shapes';
import type { ApiDeps } from './deps';
import { day, loanParams } from './shapes';

/** In which class of risk a loan is on a day, since when and why, with every class it was in before. */
export function classificationRoutes({ desk }: ApiDeps): FastifyPluginAsyncZod {
  // eslint-disable-next-line @typescript-eslint/require-await -- what the framework calls a plugin is asynchronous
  return async (app) => {
    app.get(
      '/loans/:loanId/classification',
      {
        schema: {
          params: loanParams,
          querystring: z.object({ asOf: day.optional() }),
          response: { 200: classification },
        },
        config: { allow: access.readCases },
      },
      async ({ params: { loanId }, query: { asOf } }) => {
        const { classification: found, facts } = await readStanding(desk, loanId, asOf);
        if (found === null) throw new Refusal('NotFound', 'the policy of the loan has no classification', 'loanId');
        return { loanId, currency: facts.currency, ...found, history: [...found.history] };
      },
    );
  };
}
