import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { readCourtFile } from '../ledger/court-file';
import { courtJson, courtPage } from '../ledger/court-page';
import { access } from './access';
import type { ApiDeps } from './deps';
import { loanParams } from './shapes';

const asked = z.object({ format: z.enum(['json', 'html']).default('json') });
const file = z.object({ format: z.string() }).loose().meta({ id: 'CourtFile' });

/** A loan's record for a court, which can be checked without this service. */
export function courtFileRoutes({ desk, gate }: ApiDeps): FastifyPluginAsyncZod {
  // eslint-disable-next-line @typescript-eslint/require-await -- what the framework calls a plugin is asynchronous
  return async (app) => {
    app.get(
      '/cases/:loanId/court-file',
      {
        schema: { params: loanParams, querystring: asked, response: { 200: file } },
        config: { allow: access.readPeople },
      },
      async ({ params, query }, reply) => {
        const found = await readCourtFile(desk.pool, params.loanId, gate.inForce.packs, await desk.clock.nowMs());
        const isPage = query.format === 'html';
        // Byte for byte what the printed page gives the hash of.
        const text = isPage ? courtPage(found) : courtJson(found);
        const type = isPage ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8';
        await reply
          .type(type)
          .serializer(String)
          .send(text as never);
        return reply;
      },
    );
  };
}
