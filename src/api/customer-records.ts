import { randomUUID } from 'node:crypto';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { bankToday } from '../cases/bank-today';
import { dataRequestKinds, dataRequestStates, refusalGrounds } from '../domain/data-request';
import { Refusal } from '../domain/refusal';
import { answerDataRequest, receiveDataRequest, refuseDataRequest } from '../retention/data-requests';
import type { RecordKeeping } from '../retention/keep-case';
import { getCustomer } from '../store/customers';
import { listDataRequests } from '../store/data-requests';
import { clearHold, listHolds, setHold } from '../store/legal-holds';
import { personalDataOf } from '../store/personal-data';
import { access } from './access';
import { customerParams } from './customer-shapes';
import type { ApiDeps } from './deps';
import { dataRequest, legalHold, showDataRequest, showHold } from './retention-shapes';
import { id, pageOf, paging, words } from './shapes';

const holdList = z.object({ items: z.array(legalHold), nextCursor: z.null() });
const requestParams = customerParams.extend({ requestId: z.uuid() });
const note = words.nullable().default(null);
const person = z.record(z.string(), z.array(z.record(z.string(), z.unknown())));

/** How long a person's record is kept, and what they ask about it. */
export function customerRecordRoutes({ desk, gate }: ApiDeps): FastifyPluginAsyncZod {
  const { pool } = desk;
  const keeping: RecordKeeping = { ...desk, packs: gate.inForce.packs };
  const requested = { config: { allow: access.answerDataRequests } };

  async function holdsOf(customerId: string): Promise<z.infer<typeof holdList>> {
    return { items: (await listHolds(pool, customerId)).map(showHold), nextCursor: null };
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- what the framework calls a plugin is asynchronous
  return async (app) => {
    app.get(
      '/customers/:customerId/legal-holds',
      { schema: { params: customerParams, response: { 200: holdList } }, config: { allow: access.readPeople } },
      ({ params }) => holdsOf(params.customerId),
    );
    app.post(
      '/customers/:customerId/legal-holds',
      {
        schema: {
          params: customerParams,
          body: z.strictObject({ loanId: id.nullable().default(null), reason: words }),
          response: { 201: holdList },
        },
        config: { allow: access.holdRecords },
      },
      async ({ params, body, actor }, reply) => {
        const setAtMs = await desk.clock.nowMs();
        await setHold(pool, { ...params, ...body, holdId: randomUUID(), setBy: actor.name, setAtMs });
        return reply.code(201).send(await holdsOf(params.customerId));
      },
    );
    app.post(
      '/customers/:customerId/legal-holds/:holdId/clear',
      {
        schema: {
          params: customerParams.extend({ holdId: z.uuid() }),
          body: z.strictObject({ reason: words }),
          response: { 200: holdList },
        },
        config: { allow: access.holdRecords },
      },
      async ({ params, body, actor }) => {
        const clearedAtMs = await desk.clock.nowMs();
        const clearing = { clearedBy: actor.name, clearedAtMs, clearReason: body.reason };
        await clearHold(pool, params.customerId, params.holdId, clearing);
        return holdsOf(params.customerId);
      },
    );
    app.get(
      '/customers/:customerId/personal-data',
      { schema: { params: customerParams, response: { 200: person } }, ...requested },
      async ({ params }) => {
        if ((await getCustomer(pool, params.customerId)) === null) throw noCustomer();
        const data = await personalDataOf(pool, params.customerId);
        return Object.fromEntries(Object.entries(data).map(([name, rows]) => [name, [...rows]]));
      },
    );
    app.post(
      '/customers/:customerId/data-requests',
      {
        schema: {
          params: customerParams,
          body: z.strictObject({
            kind: z.enum(dataRequestKinds),
            receivedAt: z.iso.datetime({ offset: true }).optional(),
          }),
          response: { 201: dataRequest },
        },
        ...requested,
      },
      async ({ params, body, actor }, reply) => {
        const nowMs = await desk.clock.nowMs();
        const receivedAtMs = body.receivedAt === undefined ? nowMs : Date.parse(body.receivedAt);
        if (receivedAtMs > nowMs) throw new Refusal('InputInvalid', 'lies in the future', 'receivedAt');
        const asked = { customerId: params.customerId, kind: body.kind, receivedAtMs };
        const taken = await receiveDataRequest(pool, keeping, asked, actor.name);
        return reply.code(201).send(showDataRequest(taken, await bankToday(desk)));
      },
    );
    app.post(
      '/customers/:customerId/data-requests/:requestId/answer',
      {
        schema: { params: requestParams, body: z.strictObject({ note }), response: { 200: dataRequest } },
        ...requested,
      },
      async ({ params, body, actor }) => {
        const decision = { ...params, ...body, actor: actor.name };
        const done = await answerDataRequest(pool, keeping, decision, await desk.clock.nowMs());
        return showDataRequest(done, await bankToday(desk));
      },
    );
    app.post(
      '/customers/:customerId/data-requests/:requestId/refuse',
      {
        schema: {
          params: requestParams,
          body: z.strictObject({ ground: z.enum(refusalGrounds), note }),
          response: { 200: dataRequest },
        },
        ...requested,
      },
      async ({ params, body, actor }) => {
        const decision = { ...params, note: body.note, actor: actor.name };
        const done = await refuseDataRequest(pool, decision, body.ground, await desk.clock.nowMs());
        return showDataRequest(done, await bankToday(desk));
      },
    );
    app.get(
      '/data-requests',
      {
        schema: {
          querystring: z.object({
            ...paging,
            customerId: id.optional(),
            state: z.enum(dataRequestStates).optional(),
            overdue: z.literal('true').optional(),
          }),
          response: { 200: pageOf(dataRequest) },
        },
        ...requested,
      },
      async ({ query }) => {
        const today = await bankToday(desk);
        const { limit, cursor, overdue, ...where } = query;
        const filter = { ...where, overdueOn: overdue === undefined ? undefined : today };
        const { items, nextCursor } = await listDataRequests(pool, filter, cursor ?? null, limit);
        return { items: items.map((one) => showDataRequest(one, today)), nextCursor };
      },
    );
  };
}

function noCustomer(): Refusal {
  return new Refusal('NotFound', 'no such customer', 'customerId');
}
