import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Refusal } from '../domain/refusal';
import { listArrangements } from '../store/arrangements';
import { listContacts } from '../store/contact-ledger';
import { getLoan } from '../store/loans';
import { listEvents } from '../store/timeline';
import { access } from './access';
import type { ApiDeps } from './deps';
import { contact, event, restructure, showContact, showEvent, showRestructure } from './record-shapes';
import { loanParams, pageOf, paging } from './shapes';

/** What is on record for the cases of a loan. */
export function caseRecordRoutes({ desk }: ApiDeps): FastifyPluginAsyncZod {
  const { pool } = desk;
  const paged = { params: loanParams, querystring: z.object(paging) };

  async function requireLoan(loanId: string): Promise<void> {
    if ((await getLoan(pool, loanId)) === null) throw new Refusal('NotFound', 'no such loan', 'loanId');
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- what the framework calls a plugin is asynchronous
  return async (app) => {
    app.get(
      '/cases/:loanId/timeline',
      { schema: { ...paged, response: { 200: pageOf(event) } }, config: { allow: access.readCases } },
      async ({ params, query }) => {
        await requireLoan(params.loanId);
        const { items, nextCursor } = await listEvents(pool, params.loanId, query.cursor ?? null, query.limit);
        return { items: items.map(showEvent), nextCursor };
      },
    );

    app.get(
      '/cases/:loanId/contacts',
      { schema: { ...paged, response: { 200: pageOf(contact) } }, config: { allow: access.readPeople } },
      async ({ params, query }) => {
        await requireLoan(params.loanId);
        const { items, nextCursor } = await listContacts(pool, params.loanId, query.cursor ?? null, query.limit);
        return { items: items.map(showContact), nextCursor };
      },
    );

    app.get(
      '/cases/:loanId/restructures',
      {
        schema: {
          params: loanParams,
          response: { 200: z.object({ items: z.array(restructure), nextCursor: z.null() }) },
        },
        config: { allow: access.readCases },
      },
      async ({ params }) => {
        await requireLoan(params.loanId);
        return { items: (await listArrangements(pool, params.loanId)).map(showRestructure), nextCursor: null };
      },
    );
  };
}
