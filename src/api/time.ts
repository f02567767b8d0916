import { PassThrough } from 'node:stream';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { travelForward, type TravelProgress } from '../cases/time-travel';
import { Refusal } from '../domain/refusal';
import { keepRecords } from '../retention/daily';
import { access } from './access';
import { faultOf } from './answers';
import type { ApiDeps } from './deps';
import { problemOf } from './problem';
import { iso, shownInstant } from './shapes';
import { toRefusal } from './to-refusal';

const dayMs = 86_400_000;
const arrived = z.object({ days: z.number(), casesMoved: z.int(), bankTime: shownInstant }).meta({ id: 'TimeMoved' });

/** The bank's clock, where it may be moved: demos and acceptance tests. */
export function timeRoutes({ desk, gate, calls }: ApiDeps): FastifyPluginAsyncZod {
  const keeping = { ...desk, packs: gate.inForce.packs };
  const voice = calls?.voice ?? null;
  let isMoving = false;
  let moving: Promise<unknown> = Promise.resolve();
  const closing = new AbortController();

  async function move(days: number, onProgress: (progress: TravelProgress) => void): Promise<z.infer<typeof arrived>> {
    if (isMoving) throw new Refusal('Unavailable', 'the clock is being moved already');
    isMoving = true;
    try {
      let casesMoved = 0;
      await travelForward(
        desk,
        days * dayMs,
        (progress) => {
          ({ casesMoved } = progress);
          onProgress(progress);
        },
        closing.signal,
        async () => keepRecords(desk.pool, keeping, voice, await desk.clock.nowMs()),
      );
      return { days, casesMoved, bankTime: iso(await desk.clock.nowMs()) };
    } finally {
      isMoving = false;
    }
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- what the framework calls a plugin is asynchronous
  return async (app) => {
    // A move is broken off between two cases, and what is under way is waited for before anything is closed.
    app.addHook('preClose', async () => {
      closing.abort();
      await moving;
    });

    app.get(
      '/time',
      {
        schema: { response: { 200: z.object({ bankTime: shownInstant, timeTravel: z.boolean() }) } },
        config: { allow: access.readCases },
      },
      async () => ({ bankTime: iso(await desk.clock.nowMs()), timeTravel: desk.timeTravel }),
    );

    app.post(
      '/time/forward',
      {
        schema: { body: z.strictObject({ days: z.number().positive().max(3_650) }), response: { 200: arrived } },
        config: { allow: access.operate, withoutKey: true, unhurried: true },
      },
      async (request, reply) => {
        const { days } = request.body;
        if (!desk.timeTravel) throw new Refusal('TimeTravelOff', 'this service does not allow its clock to be moved');
        if (request.headers.accept !== 'application/x-ndjson') return move(days, () => undefined);
        const lines = new PassThrough();
        const write = (line: object): boolean => lines.write(`${JSON.stringify(line)}\n`);
        // The caller hears at once that the clock is moving: a day of many cases takes minutes.
        write({ day: 0, days, casesMoved: 0 });
        moving = move(days, write)
          .then(write, (error: unknown) => {
            const { refusal, status } = toRefusal(error);
            if (refusal.type === 'Internal') request.log.error({ fault: faultOf(error) }, 'fault');
            write({ problem: problemOf(refusal, status) });
          })
          .finally(() => lines.end());
        // A stream is past what the route's schema describes.
        await reply.type('application/x-ndjson').send(lines as never);
        return reply;
      },
    );
  };
}
