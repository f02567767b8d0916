import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { putLoan } from '../cases/put-loan';
import { access } from './access';
import type { ApiDeps } from './deps';
import { loan, loanBody } from './loan-shapes';
import { day, loanParams } from './shapes';
import { showLoan } from './show-loan';

/** Loans with their instalments, and how they stand on a day. */
export function loanRoutes({ desk }: ApiDeps): FastifyPluginAsyncZod {
  // eslint-disable-next-line @typescript-eslint/require-await -- what the framework calls a plugin is asynchronous
  return async (app) => {
    app.put(
      '/loans/:loanId',
      {
        schema: { params: loanParams, body: loanBody, response: { 200: loan, 201: loan } },
        config: { allow: access.writeFacts },
      },
      async ({ params, body }, reply) => {
        const { instalments, ...contract } = body;
        const schedule = instalments.map(({ no, dueDay, principalMinor, interestMinor, feeMinor, penaltyMinor }) => {
          const due = { principal: principalMinor, interest: interestMinor, fee: feeMinor, penalty: penaltyMinor };
          return { no, dueDay, due };
        });
        const put = await putLoan(desk, { ...contract, loanId: params.loanId }, schedule);
        return reply.code(put === 'added' ? 201 : 200).send(await showLoan(desk, params.loanId));
      },
    );

    app.get(
      '/loans/:loanId',
      {
        schema: { params: loanParams, querystring: z.object({ asOf: day.optional() }), response: { 200: loan } },
        config: { allow: access.readCases },
      },
      ({ params, query }) => showLoan(desk, params.loanId, query.asOf),
    );
  };
}
