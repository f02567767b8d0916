import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { cancelArrangement, makeArrangement, previewArrangement } from '../cases/arrange';
import { arrangementTerms } from '../cases/arrangement-terms';
import { bankToday } from '../cases/bank-today';
import { readArrangements } from '../cases/watch-arrangements';
import { causes } from '../domain/cause/cause';
import { restructureReasons } from '../domain/case';
import { Refusal } from '../domain/refusal';
import { access } from './access';
import { shownArrangement, showArrangement, showPreview, shownPreview } from './arrangement-shapes';
import type { ApiDeps } from './deps';
import { amountMinor, id, loanParams, words } from './shapes';

/** What the borrower says of a month. */
const budget = z.strictObject({ incomeMinor: amountMinor, outgoingsMinor: amountMinor }).nullable().default(null);
const previewBody = z.strictObject({ terms: arrangementTerms, budget });
const arrangementBody = z.strictObject({
  arrangementId: id,
  terms: arrangementTerms,
  reason: z.enum(restructureReasons),
  /** Why the borrower is behind, where they said it. */
  cause: z.enum(causes).nullable().default(null),
  budget,
});
const cancelBody = z.strictObject({ reason: words });
const params = z.object({ loanId: id, arrangementId: id });
const list = z.object({ items: z.array(shownArrangement), nextCursor: z.null() });

/** Extensions, plans, new schedules, lower interest and settlements: one resource for every kind. */
export function arrangementRoutes({ desk }: ApiDeps): FastifyPluginAsyncZod {
  const config = { allow: access.supervise };

  // eslint-disable-next-line @typescript-eslint/require-await -- what the framework calls a plugin is asynchronous
  return async (app) => {
    app.post(
      '/cases/:loanId/arrangements/preview',
      {
        schema: { params: loanParams, body: previewBody, response: { 200: shownPreview } },
        config: { allow: access.previewArrangements },
      },
      async ({ params: { loanId }, body }) => {
        return showPreview(await previewArrangement(desk, loanId, body), body.terms);
      },
    );

    app.post(
      '/cases/:loanId/arrangements',
      { schema: { params: loanParams, body: arrangementBody, response: { 201: shownArrangement } }, config },
      async ({ params: { loanId }, body, actor }, reply) => {
        const all = await makeArrangement(desk, loanId, { ...body, actor: actor.name });
        return reply.code(201).send(showArrangement(findIn(all, body.arrangementId)));
      },
    );

    app.get(
      '/cases/:loanId/arrangements',
      { schema: { params: loanParams, response: { 200: list } }, config: { allow: access.readCases } },
      async ({ params: { loanId } }) => {
        const all = await readArrangements(desk, loanId, await bankToday(desk));
        return { items: all.map(showArrangement), nextCursor: null };
      },
    );

    app.post(
      '/cases/:loanId/arrangements/:arrangementId/cancel',
      { schema: { params, body: cancelBody, response: { 200: shownArrangement } }, config },
      async ({ params: { loanId, arrangementId }, body: { reason }, actor }) => {
        const all = await cancelArrangement(desk, loanId, arrangementId, reason, actor);
        return showArrangement(findIn(all, arrangementId));
      },
    );
  };
}

function findIn<T extends { readonly arrangementId: string }>(all: readonly T[], arrangementId: string): T {
  const found = all.find((one) => one.arrangementId === arrangementId);
  if (found === undefined) throw new Refusal('NotFound', 'no such arrangement', 'arrangementId');
  return found;
}
