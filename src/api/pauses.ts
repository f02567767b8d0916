import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type BulkPreview, readBulkPause } from '../cases/bulk-agreement';
import { type BulkWish, pauseMany, previewPauses } from '../cases/pause-many';
import { previewResumes, resumeMany } from '../cases/resume-many';
import { pauseReasons } from '../domain/case';
import { flagCodes } from '../domain/contact/flag';
import { riskTiers } from '../domain/loan';
import { access } from './access';
import type { ApiDeps } from './deps';
import { day, id, iso, shortText, shownDay, shownInstant } from './shapes';

const some = <T extends z.ZodType>(item: T, max: number) => z.array(item).min(1).max(max).optional();
/** Every list that is named must hold, each by one of its values. */
const filter = z.strictObject({
  branches: some(shortText(64), 1_000),
  products: some(shortText(64), 1_000),
  tiers: some(z.enum(riskTiers), riskTiers.length),
  buckets: some(shortText(16), 100),
  flags: some(z.enum(flagCodes), flagCodes.length),
  loanIds: some(id, 20_000),
  /** Loans of earlier pauses of many. */
  bulkIds: some(id, 100),
});
const terms = {
  filter,
  from: day,
  /** The first day after it; null or left out while nobody knows. */
  until: day.nullable().default(null),
  reason: z.enum(pauseReasons),
  reviewOn: day.optional(),
};

const resumeTerms = {
  filter,
  /** The first day that is free again; today if left out. */
  on: day.nullable().default(null),
  /** Only pauses for this reason end; all that cover the day if left out. */
  reason: z.enum(pauseReasons).nullable().default(null),
};

const previewFields = {
  loans: z.int(),
  openCases: z.int(),
  amounts: z.array(z.object({ currency: z.string(), overdueMinor: z.int(), outstandingMinor: z.int() })),
  /** The first of them by id. */
  sample: z.array(z.string()),
  token: z.string(),
};
const shownPreview = z.object({ ...previewFields, reviewDay: shownDay.nullable() }).meta({ id: 'PausePreview' });
const shownResumePreview = z.object({ ...previewFields, on: shownDay }).meta({ id: 'ResumePreview' });

const shownBulkPause = z
  .object({
    bulkId: z.string(),
    filter: z.record(z.string(), z.unknown()),
    fromDay: shownDay,
    untilDay: shownDay.nullable(),
    reviewDay: shownDay.nullable(),
    /** Null where pauses for every reason end. */
    reason: z.string().nullable(),
    /** Pauses end on `fromDay`, instead of one beginning; the counts are then of loans whose pauses ended. */
    resumes: z.boolean(),
    actor: z.string(),
    at: shownInstant,
    loans: z.int(),
    paused: z.int(),
    cases: z.int(),
    told: z.int(),
    done: z.boolean(),
  })
  .meta({ id: 'BulkPause' });

const sampleSize = 20;

/** A pause of many loans, and its end: first looked at, then agreed to by the token of what was seen. */
export function pauseRoutes({ desk }: ApiDeps): FastifyPluginAsyncZod {
  const config = { allow: access.supervise };

  // eslint-disable-next-line @typescript-eslint/require-await -- what the framework calls a plugin is asynchronous
  return async (app) => {
    app.post(
      '/pauses/preview',
      { schema: { body: z.strictObject(terms), response: { 200: shownPreview } }, config },
      async ({ body }) => {
        const preview = await previewPauses(desk, wishOf(body));
        return { ...sampleOf(preview), reviewDay: preview.reviewDay };
      },
    );

    app.post(
      '/pauses/resume/preview',
      { schema: { body: z.strictObject(resumeTerms), response: { 200: shownResumePreview } }, config },
      async ({ body }) => {
        const preview = await previewResumes(desk, body);
        return { ...sampleOf(preview), on: preview.on };
      },
    );

    app.post(
      '/pauses/resume',
      {
        schema: {
          body: z.strictObject({ ...resumeTerms, bulkId: id, token: shortText(100) }),
          response: { 202: shownBulkPause },
        },
        config,
      },
      async ({ body: { bulkId, token, ...wish }, actor }, reply) => {
        return reply.code(202).send(shown(await resumeMany(desk, bulkId, token, wish, actor.name)));
      },
    );

    app.post(
      '/pauses',
      {
        schema: {
          body: z.strictObject({ ...terms, bulkId: id, token: shortText(100) }),
          response: { 202: shownBulkPause },
        },
        config,
      },
      async ({ body: { bulkId, token, ...body }, actor }, reply) => {
        return reply.code(202).send(shown(await pauseMany(desk, bulkId, token, wishOf(body), actor.name)));
      },
    );

    app.get(
      '/pauses/:bulkId',
      {
        schema: { params: z.object({ bulkId: id }), response: { 200: shownBulkPause } },
        config: { allow: access.readCases },
      },
      async ({ params }) => shown(await readBulkPause(desk.pool, params.bulkId)),
    );
  };
}

function sampleOf({ loanIds, openCases, amounts, token }: BulkPreview) {
  return { loans: loanIds.length, openCases, amounts: [...amounts], sample: loanIds.slice(0, sampleSize), token };
}

function wishOf({ reviewOn, ...wish }: Omit<BulkWish, 'reviewOn'> & { reviewOn?: string | undefined }): BulkWish {
  return reviewOn === undefined ? wish : { ...wish, reviewOn };
}

function shown(bulk: Awaited<ReturnType<typeof readBulkPause>>): z.infer<typeof shownBulkPause> {
  const { loans, paused, cases, told } = bulk;
  return { ...bulk, at: iso(bulk.atMs), done: paused === loans && told === cases };
}
