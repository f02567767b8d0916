import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { addCaseCause, endCaseCause } from '../cases/hear-cause';
import { causes, causeSources } from '../domain/cause/cause';
import { Refusal } from '../domain/refusal';
import { listCauses, type StoredCause } from '../store/causes';
import { getLoan } from '../store/loans';
import { access } from './access';
import type { ApiDeps } from './deps';
import { day, id, iso, loanParams, shownDay, shownInstant } from './shapes';

const causeBody = z.strictObject({
  code: z.enum(causes),
  /** Since when; the bank's day of today where nobody said. */
  fromDay: day.nullable().default(null),
  /** A task and a report of a contact bring their own. */
  source: z.enum(['plan', 'sms', 'api']).default('api'),
});

export const shownCause = z
  .object({
    causeId: z.string(),
    loanId: z.string(),
    caseNo: z.int(),
    code: z.string(),
    fromDay: shownDay,
    heardAt: shownInstant,
    source: z.enum(causeSources),
    sourceId: z.string().nullable(),
    actor: z.string(),
    endedDay: shownDay.nullable(),
    endedBy: z.string().nullable(),
  })
  .meta({ id: 'Cause' });

/** Why the borrower is behind: what was heard, from which day, and until when. */
export function causeRoutes({ desk }: ApiDeps): FastifyPluginAsyncZod {
  // eslint-disable-next-line @typescript-eslint/require-await -- what the framework calls a plugin is asynchronous
  return async (app) => {
    app.get(
      '/cases/:loanId/causes',
      {
        schema: {
          params: loanParams,
          response: { 200: z.object({ items: z.array(shownCause), nextCursor: z.null() }) },
        },
        config: { allow: access.readCases },
      },
      async ({ params: { loanId } }) => {
        if ((await getLoan(desk.pool, loanId)) === null) throw new Refusal('NotFound', 'no such loan', 'loanId');
        return { items: (await listCauses(desk.pool, loanId)).map(showCause), nextCursor: null };
      },
    );

    app.post(
      '/cases/:loanId/causes',
      {
        schema: { params: loanParams, body: causeBody, response: { 200: shownCause } },
        config: { allow: access.keepContactFacts },
      },
      async ({ params, body, actor }) => showCause(await addCaseCause(desk, params.loanId, body, actor)),
    );

    app.post(
      '/cases/:loanId/causes/:causeId/end',
      {
        schema: {
          params: z.object({ loanId: id, causeId: z.uuid() }),
          body: z.strictObject({ endedDay: day }),
          response: { 200: shownCause },
        },
        config: { allow: access.keepContactFacts },
      },
      async ({ params: { loanId, causeId }, body: { endedDay }, actor }) =>
        showCause(await endCaseCause(desk, loanId, causeId, endedDay, actor)),
    );
  };
}

export function showCause({ heardAtMs, ...cause }: StoredCause): z.infer<typeof shownCause> {
  return { ...cause, heardAt: iso(heardAtMs) };
}
