import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { givePromise, takeBackPromise } from '../cases/give-promise';
import { readPromises, type ShownPromise } from '../cases/read-promises';
import { keptRate } from '../domain/promise/kept-rate';
import { promiseSources, promiseStates } from '../domain/promise/promise';
import { access } from './access';
import type { ApiDeps } from './deps';
import { currency, day, id, iso, loanParams, positiveMinor, shownDay, shownInstant, words } from './shapes';

const promiseBody = z.strictObject({
  /** The caller's id: the same again is the same promise. */
  promiseId: id,
  currency,
  /** By due day; a promise of one amount has one part. */
  parts: z
    .array(z.strictObject({ dueDay: day, amountMinor: positiveMinor }))
    .min(1)
    .max(36),
});

export const shownPromise = z
  .object({
    promiseId: z.string(),
    loanId: z.string(),
    caseNo: z.int(),
    state: z.enum(promiseStates),
    givenDay: shownDay,
    givenAt: shownInstant,
    source: z.enum(promiseSources),
    sourceId: z.string().nullable(),
    actor: z.string(),
    promisedMinor: z.int(),
    receivedMinor: z.int(),
    parts: z.array(
      z.object({
        dueDay: shownDay,
        amountMinor: z.int(),
        receivedMinor: z.int(),
        state: z.enum(['open', 'kept', 'broken']),
      }),
    ),
    openUntilDay: shownDay.nullable(),
    brokenDay: shownDay.nullable(),
    cancelledDay: shownDay.nullable(),
    cancelledBy: z.string().nullable(),
  })
  .meta({ id: 'Promise' });
const shownPromises = z.object({
  items: z.array(shownPromise),
  nextCursor: z.null(),
  /** Of those that are decided; the share is null while none is. */
  rate: z.object({ kept: z.int(), broken: z.int(), share: z.number().nullable() }),
});

/** Promises to pay: what was promised, and what payments say became of it. */
export function promiseRoutes({ desk }: ApiDeps): FastifyPluginAsyncZod {
  const show = async (loanId: string): Promise<z.infer<typeof shownPromises>> => {
    const promises = await readPromises(desk, loanId);
    return { items: promises.map(showPromise), nextCursor: null, rate: keptRate(promises) };
  };

  // eslint-disable-next-line @typescript-eslint/require-await -- what the framework calls a plugin is asynchronous
  return async (app) => {
    app.get(
      '/cases/:loanId/promises',
      { schema: { params: loanParams, response: { 200: shownPromises } }, config: { allow: access.readCases } },
      ({ params: { loanId } }) => show(loanId),
    );

    app.post(
      '/cases/:loanId/promises',
      {
        schema: { params: loanParams, body: promiseBody, response: { 200: shownPromises } },
        config: { allow: access.takePromises },
      },
      async ({ params: { loanId }, body, actor }) => {
        await givePromise(desk, loanId, body, actor);
        return show(loanId);
      },
    );

    app.post(
      '/cases/:loanId/promises/:promiseId/cancel',
      {
        schema: {
          params: z.object({ loanId: id, promiseId: id }),
          body: z.strictObject({ reason: words }),
          response: { 200: shownPromises },
        },
        config: { allow: access.takePromises },
      },
      async ({ params, body: { reason }, actor }) => {
        await takeBackPromise(desk, params, reason, actor);
        return show(params.loanId);
      },
    );
  };
}

export function showPromise({ givenAtMs, parts, ...promise }: ShownPromise): z.infer<typeof shownPromise> {
  return { ...promise, parts: [...parts], givenAt: iso(givenAtMs) };
}
