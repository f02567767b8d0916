import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { readBook } from '../cases/read-book';
import { access } from './access';
import { book } from './book-shapes';
import type { ApiDeps } from './deps';
import { day } from './shapes';

/** How all loans stand on a day. Made for one caller at a time, and given up when the caller goes away. */
export function bookRoutes({ desk }: ApiDeps): FastifyPluginAsyncZod {
  // eslint-disable-next-line @typescript-eslint/require-await -- what the framework calls a plugin is asynchronous
  return async (app) => {
    app.get(
      '/book',
      {
        schema: { querystring: z.strictObject({ asOf: day.optional() }), response: { 200: book } },
        config: { allow: access.readBook },
      },
      async ({ query: { asOf } }, reply) => {
        const gone = new AbortController();
        reply.raw.once('close', () => gone.abort());
        return book.parse(await readBook(desk, asOf, gone.signal));
      },
    );
  };
}
