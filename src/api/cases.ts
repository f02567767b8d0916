import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { openCase } from '../cases/open-case';
import { riskTiers } from '../domain/loan';
import { Refusal } from '../domain/refusal';
import { listCases } from '../store/case-lists';
import { getLatestCase } from '../store/cases';
import { access } from './access';
import { shownCase, shownCaseInFull, showCaseRow } from './case-shapes';
import { viewCase } from './case-view';
import type { ApiDeps } from './deps';
import { id, loanParams, pageOf, paging, shortText } from './shapes';

const filter = z.object({
  ...paging,
  status: z.enum(['open', 'closed']).optional(),
  stage: shortText(64).optional(),
  riskTier: z.enum(riskTiers).optional(),
  branch: shortText(64).optional(),
  assignee: shortText(64).optional(),
  paused: z.enum(['true', 'false']).optional(),
  customerId: id.optional(),
});

/** Cases: opened on delinquency, listed, looked at. */
export function caseRoutes({ desk }: ApiDeps): FastifyPluginAsyncZod {
  // eslint-disable-next-line @typescript-eslint/require-await -- what the framework calls a plugin is asynchronous
  return async (app) => {
    app.post(
      '/cases',
      {
        schema: { body: z.strictObject({ loanId: id }), response: { 200: shownCase, 201: shownCase } },
        config: { allow: access.openCases },
      },
      async ({ body, actor }, reply) => {
        const opening = await openCase(desk, body.loanId, actor.name);
        return reply.code(opening.opened ? 201 : 200).send(showCaseRow(opening.case));
      },
    );

    app.get(
      '/cases',
      { schema: { querystring: filter, response: { 200: pageOf(shownCase) } }, config: { allow: access.readCases } },
      async ({ query }) => {
        const { limit, cursor, paused, ...wanted } = query;
        const where = { ...wanted, paused: paused === undefined ? undefined : paused === 'true' };
        const { items, nextCursor } = await listCases(desk.pool, where, cursor ?? null, limit);
        return { items: items.map(showCaseRow), nextCursor };
      },
    );

    app.get(
      '/cases/:loanId',
      { schema: { params: loanParams, response: { 200: shownCaseInFull } }, config: { allow: access.readCases } },
      async ({ params }) => {
        const row = await getLatestCase(desk.pool, params.loanId);
        if (row === null) throw new Refusal('NotFound', 'the loan never had a case', 'loanId');
        return viewCase(desk, row);
      },
    );
  };
}
