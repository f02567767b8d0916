import { randomUUID } from 'node:crypto';
import { type Readable, Transform, type TransformCallback } from 'node:stream';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { bankToday } from '../cases/bank-today';
import { notifyPaidSince } from '../cases/notify';
import { Refusal } from '../domain/refusal';
import { importKinds } from '../intake/import-kinds';
import { importRows } from '../intake/import-rows';
import { getImport } from '../store/imports';
import { access } from './access';
import type { ApiDeps } from './deps';
import { iso, maybeIso, pageOf, paging, shortText, shownInstant } from './shapes';

const bytesMax = 1024 ** 3;
// Payments carry the database's clock; a case that is told twice does no harm.
const clockDifferenceMs = 5_000;
const formats = { 'text/csv': 'csv', 'application/x-ndjson': 'ndjson' } as const;

const counts = { rowsRead: z.int(), rowsTaken: z.int(), rowsKnown: z.int(), rowsRefused: z.int() };
const refusal = z.object({ line: z.int(), field: z.string(), reason: z.string() });

const taken = z
  .object({
    importId: z.string(),
    fileName: z.string(),
    kind: z.string(),
    state: z.enum(['running', 'done', 'failed']),
    ...counts,
    failure: z.string().nullable(),
    /** The first ones; all are in the report. */
    refusals: z.array(refusal),
  })
  .meta({ id: 'ImportResult' });

const report = z
  .object({
    ...taken.omit({ refusals: true }).shape,
    startedAt: shownInstant,
    endedAt: shownInstant.nullable(),
    refusals: pageOf(refusal),
  })
  .meta({ id: 'ImportReport' });

const uploadQuery = z.object({
  /** What a CSV file brings; the rows of NDJSON may say it themselves. */
  kind: z.enum(importKinds).optional(),
  fileName: shortText(200).default('upload'),
  /** A UUID of the caller's own, so that the report can be read while the file is on its way. */
  importId: z.uuid().optional(),
});

/** Files of customers, loans, instalments and payments, read as they arrive. */
export function importRoutes({ desk }: ApiDeps): FastifyPluginAsyncZod {
  // eslint-disable-next-line @typescript-eslint/require-await -- what the framework calls a plugin is asynchronous
  return async (app) => {
    // The stream itself is the body: nothing is read before the database has taken what came before.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(Object.keys(formats), (_request, payload, done) => done(null, payload));

    app.post(
      '/imports',
      {
        schema: { querystring: uploadQuery, response: { 200: taken, 422: taken } },
        config: { allow: access.writeFacts, withoutKey: true, unhurried: true },
        bodyLimit: bytesMax,
      },
      async (request, reply) => {
        const { kind, fileName, importId = randomUUID() } = request.query;
        const format = formatOf(request.headers['content-type']);
        if (Number(request.headers['content-length'] ?? 0) > bytesMax) throw tooLarge();
        const upload = request.body as Readable | undefined;
        if (upload === undefined) throw new Refusal('InputInvalid', 'the file is the body of the request', 'body');
        const stream = upload.pipe(limited());
        upload.once('error', (error) => stream.destroy(error));
        upload.once('aborted', () => stream.destroy(new Error('the caller went away')));
        const startedMs = Date.now();
        const today = await bankToday(desk);
        const result = await importRows({ pool: desk.pool, stream, format, kind, fileName, importId, today });
        await notifyPaidSince(desk, startedMs - clockDifferenceMs, request.actor.name);
        return reply.code(result.state === 'failed' ? 422 : 200).send({ ...result, refusals: [...result.refusals] });
      },
    );

    app.get(
      '/imports/:importId',
      {
        schema: {
          params: z.object({ importId: z.uuid() }),
          querystring: z.object(paging),
          response: { 200: report },
        },
        config: { allow: access.writeFacts },
      },
      async ({ params, query }) => {
        const { run, refusals } = await getImport(desk.pool, params.importId, query.cursor ?? null, query.limit);
        return { ...run, startedAt: iso(run.startedAtMs), endedAt: maybeIso(run.endedAtMs), refusals };
      },
    );
  };
}

function formatOf(contentType = ''): 'csv' | 'ndjson' {
  const [type = ''] = contentType.split(';');
  const format = Object.entries(formats).find(([name]) => name === type.trim().toLowerCase())?.[1];
  if (format === undefined)
    throw new Refusal('InputInvalid', `is one of ${Object.keys(formats).join(', ')}`, 'Content-Type');
  return format;
}

function limited(): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      bytes += chunk.length;
      if (bytes > bytesMax) done(tooLarge());
      else done(null, chunk);
    },
  });
}

function tooLarge(): Refusal {
  return new Refusal('BodyTooLarge', `a file has at most ${bytesMax} bytes`);
}
