import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { takeMail } from '../cases/take-mail';
import { readIncomingMail } from '../channels/incoming-mail';
import { Refusal } from '../domain/refusal';
import { access } from './access';
import type { ApiDeps } from './deps';
import { replyDeps } from './reply-deps';
import { nothing } from './shapes';

/** A bounce may bring back the whole message. */
const mailBytesMax = 5 * 1_048_576;
const mailType = 'message/rfc822';

/** What came back by e-mail, handed in as it came by the bank's mail system, which has a key of the role `system`. */
export function mailWebhookRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  // eslint-disable-next-line @typescript-eslint/require-await -- what the framework calls a plugin is asynchronous
  return async (app) => {
    app.addContentTypeParser(mailType, { parseAs: 'buffer', bodyLimit: mailBytesMax }, (_request, body, done) =>
      done(null, body),
    );
    app.post(
      '/webhooks/mail/incoming',
      {
        schema: { response: { 204: nothing } },
        config: { allow: access.handInMail, withoutKey: true, rateLimit: false },
      },
      async (request, reply) => {
        if (!Buffer.isBuffer(request.body)) throw new Refusal('InputInvalid', `a mail is sent as ${mailType}`);
        const mail = await readIncomingMail(request.body);
        if (mail === null) throw new Refusal('InputInvalid', 'a mail has a sender');
        await takeMail(deps.desk, replyDeps(deps), mail);
        return reply.code(204).send(null);
      },
    );
  };
}
