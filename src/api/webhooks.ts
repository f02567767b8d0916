import formbody from '@fastify/formbody';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { takeDeliveryReport } from '../cases/take-delivery-report';
import { takeInboundMessage } from '../cases/take-inbound-message';
import type { ApiDeps } from './deps';
import { replyDeps } from './reply-deps';
import { nothing } from './shapes';
import { signedByTwilio, twilioForm as form } from './signed-by-twilio';

const field = z.string().max(2_000);
const statusForm = z.object({ MessageSid: field.min(1), MessageStatus: field.min(1), ErrorCode: field.optional() });
const inboundForm = z.object({
  MessageSid: field.min(1),
  From: field.min(1),
  Body: z.string().max(20_000).default(''),
  OptOutType: field.optional(),
});

/** What Twilio's own list of words has made of a message. */
const optOutTypes: Readonly<Record<string, 'stop' | 'resume'>> = { STOP: 'stop', START: 'resume' };

/** What Twilio sends back. Only what it signed for the address that we were configured with is read. */
export function webhookRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  const { desk } = deps;
  const requireSigned = signedByTwilio(deps);

  return async (app) => {
    await app.register(formbody, { bodyLimit: 64 * 1_024 });
    // Every message brings several reports, all from few addresses; the signature keeps others out.
    const routeConfig = { rateLimit: false } as const;

    app.post(
      '/webhooks/twilio/status',
      {
        schema: { querystring: z.object({ contact: z.string().optional() }), body: form, response: { 204: nothing } },
        config: routeConfig,
      },
      async (request, reply) => {
        requireSigned(request);
        const parsed = statusForm.safeParse(request.body);
        const contactId = z.uuid().safeParse(request.query.contact);
        if (parsed.success) {
          const { MessageSid: providerId, MessageStatus: status, ErrorCode } = parsed.data;
          const errorCode = /^\d{1,6}$/.test(ErrorCode ?? '') ? Number(ErrorCode) : null;
          await takeDeliveryReport(desk, { contactId: contactId.data ?? null, providerId, status, errorCode });
        }
        return reply.code(204).send(null);
      },
    );

    app.post(
      '/webhooks/twilio/inbound',
      { schema: { body: form, response: { 204: nothing } }, config: routeConfig },
      async (request, reply) => {
        requireSigned(request);
        const parsed = inboundForm.safeParse(request.body);
        if (parsed.success) {
          const { MessageSid: providerId, From: from, Body: text, OptOutType } = parsed.data;
          const providerSays = optOutTypes[OptOutType ?? ''] ?? null;
          const message = { channel: 'sms', from, text, providerId, providerSays } as const;
          await takeInboundMessage(desk, replyDeps(deps), message);
        }
        return reply.code(204).send(null);
      },
    );
  };
}
