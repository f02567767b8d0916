import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { decideMessage, messageDecisions } from '../cases/decide-message';
import { Refusal } from '../domain/refusal';
import { getInbound, type InboundMessage, inboundStates, listInbound } from '../store/inbound-messages';
import { access } from './access';
import type { ApiDeps } from './deps';
import { id, iso, maybeIso, pageOf, paging, shownInstant } from './shapes';

const shownMessage = z
  .object({
    inboundId: z.string(),
    channel: z.enum(['sms', 'email']),
    sender: z.string(),
    body: z.string(),
    at: shownInstant,
    /** What the machine took it for. */
    understoodAs: z.string(),
    /** `held`: until it is decided, nothing is sent to the person. `waiting`: somebody has to read it. */
    state: z.enum(inboundStates),
    dueAt: shownInstant.nullable(),
    decision: z.string().nullable(),
    decidedBy: z.string().nullable(),
    decidedAt: shownInstant.nullable(),
    customers: z.array(z.object({ customerId: z.string(), taskId: z.string().nullable() })),
  })
  .meta({ id: 'InboundMessage' });

function show({ atMs, dueAtMs, decidedAtMs, ...rest }: InboundMessage): z.infer<typeof shownMessage> {
  return { ...rest, at: iso(atMs), dueAt: maybeIso(dueAtMs), decidedAt: maybeIso(decidedAtMs) };
}

const params = z.object({ inboundId: z.uuid() });
const filter = z.object({ ...paging, state: z.enum(inboundStates).optional(), customerId: id.optional() });

/** What borrowers wrote, and what a person says that it was. */
export function messageRoutes({ desk }: ApiDeps): FastifyPluginAsyncZod {
  const readers = { allow: access.readPeople };

  // eslint-disable-next-line @typescript-eslint/require-await -- what the framework calls a plugin is asynchronous
  return async (app) => {
    app.get(
      '/messages',
      { schema: { querystring: filter, response: { 200: pageOf(shownMessage) } }, config: readers },
      async ({ query: { limit, cursor, ...wanted } }) => {
        const { items, nextCursor } = await listInbound(desk.pool, wanted, cursor ?? null, limit);
        return { items: items.map(show), nextCursor };
      },
    );

    app.get(
      '/messages/:inboundId',
      { schema: { params, response: { 200: shownMessage } }, config: readers },
      async (request) => {
        const message = await getInbound(desk.pool, request.params.inboundId);
        if (message === null) throw new Refusal('NotFound', 'no such message', 'inboundId');
        return show(message);
      },
    );

    app.post(
      '/messages/:inboundId/decision',
      {
        schema: {
          params,
          body: z.strictObject({ decision: z.enum(messageDecisions) }),
          response: { 200: shownMessage },
        },
        config: { allow: access.workTasks },
      },
      async (request) => {
        const { inboundId } = request.params;
        return show(await decideMessage(desk, inboundId, request.body.decision, request.actor));
      },
    );
  };
}
