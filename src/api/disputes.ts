import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { openDispute } from '../cases/open-dispute';
import { resolveDispute } from '../cases/resolve-dispute';
import { disputeOutcomes, disputeReasonCodes } from '../domain/dispute/dispute';
import { Refusal } from '../domain/refusal';
import { type Dispute, listDisputes } from '../store/disputes';
import { loadLoanFacts } from '../store/loan-facts';
import { access } from './access';
import type { ApiDeps } from './deps';
import { id, iso, loanParams, maybeIso, positiveMinor, shownInstant, words } from './shapes';

const disputeBody = z.strictObject({
  disputeId: id,
  reasonCode: z.enum(disputeReasonCodes),
  /** Null or left out: the whole debt. */
  amountMinor: positiveMinor.nullable().default(null),
  evidence: words,
});

const resolutionBody = z.strictObject({
  outcome: z.enum(disputeOutcomes),
  /** What is upheld in part. */
  amountMinor: positiveMinor.nullable().default(null),
  note: words,
});

export const shownDispute = z
  .object({
    disputeId: z.string(),
    loanId: z.string(),
    caseNo: z.int(),
    reasonCode: z.enum(disputeReasonCodes),
    disputedMinor: z.int().nullable(),
    evidence: z.string(),
    openedBy: z.string(),
    openedAt: shownInstant,
    answerBy: shownInstant,
    outcome: z.enum(disputeOutcomes).nullable(),
    upheldMinor: z.int().nullable(),
    /** Of what is upheld, what was unpaid and is no longer asked for. */
    creditedMinor: z.int().nullable(),
    scheduleNo: z.int().nullable(),
    resolvedBy: z.string().nullable(),
    resolvedAt: shownInstant.nullable(),
  })
  .meta({ id: 'Dispute' });

export function showDispute({
  openedAtMs,
  answerByMs,
  resolvedAtMs,
  ...dispute
}: Dispute): z.infer<typeof shownDispute> {
  return {
    ...dispute,
    openedAt: iso(openedAtMs),
    answerBy: iso(answerByMs),
    resolvedAt: maybeIso(resolvedAtMs),
  };
}

/** What borrowers object to: a hold while a person decides, and what the decision changes. */
export function disputeRoutes({ desk }: ApiDeps): FastifyPluginAsyncZod {
  // eslint-disable-next-line @typescript-eslint/require-await -- what the framework calls a plugin is asynchronous
  return async (app) => {
    app.get(
      '/cases/:loanId/disputes',
      {
        schema: { params: loanParams, response: { 200: z.object({ items: z.array(shownDispute) }) } },
        config: { allow: access.readPeople },
      },
      async ({ params: { loanId } }) => {
        if ((await loadLoanFacts(desk.pool, loanId)) === null) throw new Refusal('NotFound', 'no such loan', 'loanId');
        return { items: (await listDisputes(desk.pool, loanId)).map(showDispute) };
      },
    );

    app.post(
      '/cases/:loanId/disputes',
      {
        schema: { params: loanParams, body: disputeBody, response: { 200: shownDispute } },
        config: { allow: access.keepContactFacts },
      },
      async ({ params, body, actor }) => showDispute(await openDispute(desk, params.loanId, body, actor)),
    );

    app.post(
      '/cases/:loanId/disputes/:disputeId/resolution',
      {
        schema: { params: loanParams.extend({ disputeId: id }), body: resolutionBody, response: { 200: shownDispute } },
        config: { allow: access.supervise },
      },
      async ({ params: { loanId, disputeId }, body, actor }) =>
        showDispute(await resolveDispute(desk, loanId, disputeId, body, actor)),
    );
  };
}
