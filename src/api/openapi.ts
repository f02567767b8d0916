import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { problemResponses } from './answers';

const description =
  'Durable collections for overdue loans. Money is whole minor units beside an ISO 4217 currency, days are YYYY-MM-DD in ' +
  'the bank’s zone, instants carry an offset. Refusals are RFC 9457 problem documents; lists are paged by cursor; ' +
  'requests that change something take Idempotency-Key.';

/** The description that the routes' own schemas give, and pages to read and try it. */
export async function describeApi(app: FastifyInstance): Promise<void> {
  app.addHook('onRoute', (route) => {
    if (route.schema === undefined || route.schema.hide === true) return;
    const tag = /^\/v1\/([a-z-]+)/.exec(route.url)?.[1] ?? 'service';
    const problems = route.config?.allow === undefined && tag === 'service' ? {} : problemResponses;
    const response = { ...(route.schema.response as object | undefined), ...problems };
    route.schema = { tags: [tag], ...route.schema, response };
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'arrears', version: '1', description },
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
      security: [{ key: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  await app.register(swaggerUi, { routePrefix: '/docs' });
  app.get('/openapi.json', { schema: { hide: true }, logLevel: 'warn' }, () => app.swagger());
}
