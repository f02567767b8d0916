import formbody from '@fastify/formbody';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { unsubscribe } from '../cases/unsubscribe';
import type { ApiDeps } from './deps';
import { type Page, pageOf } from './unsubscribe-page';

const bodyBytesMax = 4_096;
const oneClick = z.object({ 'List-Unsubscribe': z.literal('One-Click') });
const params = z.object({ token: z.string().regex(/^[\w-]{22}$/) });

/**
 * Where the List-Unsubscribe header of our e-mails points (RFC 8058). No login and no cookie; the secret in the address
 * says which message it was and nothing about the person. GET only asks: mail scanners follow links before people do.
 */
export function unsubscribeRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  const { desk, config } = deps;
  const show = (page: Page): string => pageOf(page, { name: config.BANK_NAME, phone: config.BANK_PHONE });
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-robots-tag': 'noindex',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
  };

  return async (app) => {
    await app.register(formbody, { bodyLimit: bodyBytesMax });
    // RFC 8058 prefers this form; of its one field only the presence matters.
    app.addContentTypeParser(
      'multipart/form-data',
      { parseAs: 'string', bodyLimit: bodyBytesMax },
      (_request, body, done) => {
        const isOneClick = /name="List-Unsubscribe"\r\n(?:[^\r\n]+\r\n)*\r\nOne-Click\r\n/.test(String(body));
        done(null, isOneClick ? { 'List-Unsubscribe': 'One-Click' } : {});
      },
    );
    const schema = { hide: true } as const;

    app.get('/u/:token', { schema }, async (_request, reply) => reply.headers(headers).send(show('ask')));

    app.post('/u/:token', { schema }, async (request, reply) => {
      if (!oneClick.safeParse(request.body).success) return reply.headers(headers).code(400).send(show('ask'));
      const asked = params.safeParse(request.params);
      const isKnown = asked.success && (await unsubscribe(desk, asked.data.token));
      return reply
        .headers(headers)
        .code(isKnown ? 200 : 404)
        .send(show(isKnown ? 'done' : 'unknown'));
    });
  };
}
