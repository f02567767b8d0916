import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { openRecording } from '../cases/recordings';
import { deleteOldRecordings } from '../retention/old-recordings';
import { type Recording, recordingsOfLoan } from '../store/recordings';
import { access } from './access';
import { callDepsOf } from './call-deps';
import type { ApiDeps } from './deps';
import { iso, loanParams, maybeIso, noBody, shortText, shownInstant } from './shapes';

const shown = z
  .object({
    recordingId: z.string(),
    contactId: z.string(),
    durationSeconds: z.int(),
    madeAt: shownInstant,
    /** Null while the packs keep it until something that has not happened yet. */
    retainUntil: shownInstant.nullable(),
    deletedAt: shownInstant.nullable(),
  })
  .meta({ id: 'Recording' });

function show({ recordingId, contactId, durationSeconds, madeAtMs, retainUntilMs, deletedAtMs }: Recording) {
  const times = { madeAt: iso(madeAtMs), retainUntil: maybeIso(retainUntilMs), deletedAt: maybeIso(deletedAtMs) };
  return { recordingId, contactId, durationSeconds, ...times };
}

/** Recordings of calls: who may hear them asks for the link, and that is on record. */
export function recordingRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  const { desk } = deps;

  // eslint-disable-next-line @typescript-eslint/require-await -- what the framework calls a plugin is asynchronous
  return async (app) => {
    app.get(
      '/cases/:loanId/recordings',
      {
        schema: { params: loanParams, response: { 200: z.object({ items: z.array(shown), nextCursor: z.null() }) } },
        config: { allow: access.readCases },
      },
      async ({ params }) => ({ items: (await recordingsOfLoan(desk.pool, params.loanId)).map(show), nextCursor: null }),
    );

    app.post(
      '/recordings/:recordingId/open',
      {
        schema: {
          params: z.object({ recordingId: z.uuid() }),
          body: z.strictObject({ reason: shortText(200) }),
          response: { 200: z.object({ recordingId: z.string(), url: z.string() }) },
        },
        // The answer is a link that each caller asks for anew, with a reason of its own.
        config: { allow: access.hearRecordings, withoutKey: true },
      },
      async ({ params: { recordingId }, body, actor }) => {
        const { url } = await openRecording(desk, recordingId, body.reason, actor);
        return { recordingId, url };
      },
    );

    app.post(
      '/recordings/delete-old',
      {
        schema: { body: noBody, response: { 200: z.object({ deleted: z.int() }) } },
        config: { allow: access.operate },
      },
      async () => {
        const { desk, gate, voice } = callDepsOf(deps);
        const keeping = { ...desk, packs: gate.inForce.packs };
        return { deleted: await deleteOldRecordings(desk.pool, keeping, voice, await desk.clock.nowMs()) };
      },
    );
  };
}
