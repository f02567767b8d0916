import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { explain } from '../contact/explain';
import type { Decided } from '../contact/replay';
import { replayDecisions } from '../contact/replay-decisions';
import { channels } from '../domain/case';
import { purposeCodes } from '../domain/contact/purpose';
import { actors } from '../domain/contact/actor-kind';
import { confidences } from '../domain/contact/rule';
import { access } from './access';
import { customerParams } from './customer-shapes';
import type { ApiDeps } from './deps';
import { id, iso, maybeIso, paging, shortText, shownInstant } from './shapes';

const pack = z.object({
  pack: z.string(),
  version: z.string(),
  contentHash: z.string(),
  jurisdiction: z.string(),
  /** Whether the pack is law for the bank as it acts; otherwise it is a house rule. */
  binding: z.boolean(),
  rules: z.array(
    z.looseObject({
      id: z.string(),
      kind: z.string(),
      why: z.string(),
      source: z.string().optional(),
      confidence: z.enum(confidences).optional(),
    }),
  ),
});

const shownPacks = z
  .object({
    actor: z.enum(actors),
    packs: z.array(pack),
    /** Packs that are law for the bank and not applied, with who decided it and why. */
    leftOut: z.array(z.object({ pack: z.string(), reason: z.string(), by: z.string(), on: z.string() })),
    /** Rules that the bank switched off or adjusted, with who decided it and why. */
    changes: z.array(z.looseObject({ rule: z.string(), reason: z.string(), by: z.string(), on: z.string() })),
  })
  .meta({ id: 'PacksInForce' });

const judgement = z
  .object({
    verdict: z.enum(['allow', 'deny', 'defer']),
    until: shownInstant.nullable(),
    reason: z.string().nullable(),
    rules: z.array(z.string()),
    /** Zones in which the hours must hold, all of them. */
    zones: z.array(z.string()),
    opinions: z.array(
      z.object({
        rule: z.string(),
        pack: z.string(),
        kind: z.string(),
        says: z.enum(['yes', 'not-before', 'never']),
        notBefore: shownInstant.nullable(),
        never: z.string().nullable(),
        why: z.string(),
        source: z.string().nullable(),
        confidence: z.enum(confidences).nullable(),
      }),
    ),
  })
  .meta({ id: 'ContactJudgement' });

const decided = z.object({
  decided: z.enum(['allow', 'deny', 'defer']),
  until: shownInstant.nullable(),
  rules: z.array(z.string()),
});
const replayed = z
  .object({
    items: z.array(
      decided.extend({
        contactKey: z.string(),
        loanId: z.string(),
        channel: z.enum(channels),
        purpose: z.string(),
        at: shownInstant,
        packs: z.array(z.object({ id: z.string(), version: z.string(), contentHash: z.string() })),
        /** `same`: the packs of that day, asked again about what was seen then, say it again. */
        replay: z.enum(['same', 'differs', 'pack-not-kept', 'evidence-not-kept']),
        /** What they say now, where that is something else. */
        now: decided.nullable(),
      }),
    ),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'ReplayedDecisions' });

function showDecided({ decided: kind, untilMs, rules }: Decided) {
  return { decided: kind, until: maybeIso(untilMs), rules: [...rules] };
}

/** The rules in force, and what they say of a contact that somebody has in mind. */
export function packRoutes({ desk, gate }: ApiDeps): FastifyPluginAsyncZod {
  // eslint-disable-next-line @typescript-eslint/require-await -- what the framework calls a plugin is asynchronous
  return async (app) => {
    app.get('/packs', { schema: { response: { 200: shownPacks } }, config: { allow: access.readCases } }, () => {
      const { actor, packs, changes, leftOut = [] } = gate.inForce;
      return {
        actor,
        packs: packs.map(({ id: name, version, contentHash, jurisdiction, binds, rules }) => ({
          ...{ pack: name, version, contentHash, jurisdiction, binding: binds.includes(actor) },
          rules: rules.map((rule) => ({ ...rule })),
        })),
        changes: changes.map((change) => ({ ...change })),
        leftOut: [...leftOut],
      };
    });

    app.get(
      '/customers/:customerId/contact-judgement',
      {
        schema: {
          params: customerParams,
          querystring: z.strictObject({
            channel: z.enum(channels),
            at: z.iso.datetime({ offset: true }).optional(),
            purpose: z.enum(purposeCodes).default('follow-up'),
            loanId: id.optional(),
            contactPoint: shortText(500).optional(),
          }),
          response: { 200: judgement },
        },
        config: { allow: access.readPeople },
      },
      async ({ params: { customerId }, query }) => {
        const atMs = query.at === undefined ? await desk.clock.nowMs() : Date.parse(query.at);
        const { channel, purpose, loanId = null, contactPoint = null } = query;
        const question = { customerId, channel, purpose, loanId, contactPoint };
        const { verdict, opinions, situation } = await explain(desk.pool, gate, question, atMs);
        return {
          verdict: verdict.kind,
          until: verdict.kind === 'defer' ? iso(verdict.untilMs) : null,
          reason: verdict.kind === 'allow' ? null : verdict.reason,
          rules: [...verdict.rules],
          zones: [...situation.zones],
          opinions: opinions.map(({ notBeforeMs, ...opinion }) => ({ ...opinion, notBefore: maybeIso(notBeforeMs) })),
        };
      },
    );

    app.get(
      '/customers/:customerId/contact-decisions',
      {
        schema: { params: customerParams, querystring: z.strictObject(paging), response: { 200: replayed } },
        config: { allow: access.readPeople },
      },
      async ({ params: { customerId }, query: { cursor = null, limit } }) => {
        const page = await replayDecisions(desk.pool, gate.calendars, customerId, { cursor, limit });
        return {
          items: page.items.flatMap(({ kept, looks }) => {
            const { contactKey, loanId, channel, purpose } = kept;
            return looks.map(({ atMs, packs, replay, ...was }) => ({
              ...{ contactKey, loanId, channel, purpose, at: iso(atMs), ...showDecided(was), packs: [...packs] },
              replay: replay.result,
              now: replay.result === 'differs' ? showDecided(replay.now) : null,
            }));
          }),
          nextCursor: page.nextCursor,
        };
      },
    );
  };
}
