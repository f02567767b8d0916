import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Refusal } from '../domain/refusal';
import { access } from './access';
import type { ApiDeps } from './deps';
import { shortText, shownInstant } from './shapes';

const message = z
  .object({
    id: z.string(),
    channel: z.enum(['sms', 'email']),
    to: z.string(),
    from: z.string(),
    subject: z.string().nullable(),
    body: z.string(),
    providerId: z.string(),
    receivedAt: shownInstant,
    status: z.string(),
  })
  .meta({ id: 'OutboxMessage' });

/** What the local providers took, where nothing is sent to anybody. */
export function outboxRoutes({ sending }: ApiDeps): FastifyPluginAsyncZod {
  // eslint-disable-next-line @typescript-eslint/require-await -- what the framework calls a plugin is asynchronous
  return async (app) => {
    app.get(
      '/outbox',
      {
        schema: {
          querystring: z.object({
            to: shortText(254).optional(),
            channel: z.enum(['sms', 'email']).optional(),
            limit: z.coerce.number().int().min(1).max(500).default(50),
          }),
          response: { 200: z.object({ items: z.array(message), nextCursor: z.null() }) },
        },
        config: { allow: access.operate },
      },
      // eslint-disable-next-line @typescript-eslint/require-await -- a refusal must be a rejection here
      async ({ query }) => {
        const { to, channel, limit } = query;
        if (sending.local === null) throw new Refusal('NotFound', 'messages go to real providers: there is no outbox');
        const filter = { limit, ...(to !== undefined && { to }), ...(channel !== undefined && { channel }) };
        return { items: sending.local.outbox.list(filter), nextCursor: null };
      },
    );
  };
}
