import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { endKnown, giveGrant, hearTimezones, reachMilestone, respectTime } from '../cases/keep-contact-facts';
import { endFlag, setFlag } from '../cases/keep-flags';
import { Refusal } from '../domain/refusal';
import type { EndingFact } from '../store/contact-facts';
import { readContactFacts } from '../store/known-contact-facts';
import { loadLoanFacts } from '../store/loan-facts';
import { access } from './access';
import {
  contactFacts,
  endBody,
  flagBody,
  grantBody,
  inconvenientTimeBody,
  milestoneBody,
  showContactFacts,
  toldTimezonesBody,
} from './contact-fact-shapes';
import { customerParams } from './customer-shapes';
import type { ApiDeps } from './deps';
import { loanParams } from './shapes';

const endings: Readonly<Record<string, EndingFact>> = {
  flags: 'flag',
  grants: 'grant',
  'inconvenient-times': 'inconvenient-time',
};

/** What is known of a borrower and bears on contacts: flags, grants, times, notices. Nothing is ever deleted. */
export function contactFactRoutes({ desk }: ApiDeps): FastifyPluginAsyncZod {
  const read = async (customerId: string) => showContactFacts(await readContactFacts(desk.pool, customerId));
  const momentOf = async (at: string | undefined) => (at === undefined ? await desk.clock.nowMs() : Date.parse(at));
  const maybeMoment = (at: string | null) => (at === null ? null : Date.parse(at));
  const written = { params: customerParams, response: { 200: contactFacts } };
  const config = { allow: access.keepContactFacts };

  // eslint-disable-next-line @typescript-eslint/require-await -- what the framework calls a plugin is asynchronous
  return async (app) => {
    app.get(
      '/customers/:customerId/contact-facts',
      { schema: written, config: { allow: access.readPeople } },
      ({ params }) => read(params.customerId),
    );

    app.post(
      '/customers/:customerId/flags',
      { schema: { ...written, body: flagBody }, config },
      async ({ params: { customerId }, body: { from, until, ...flag }, actor }) => {
        const fromMs = await momentOf(from);
        await setFlag(desk, { ...flag, customerId, fromMs, untilMs: maybeMoment(until), actor: actor.name });
        return read(customerId);
      },
    );

    app.post(
      '/cases/:loanId/flags',
      {
        schema: { params: loanParams, body: flagBody.omit({ loanId: true }), response: { 200: contactFacts } },
        config,
      },
      async ({ params: { loanId }, body: { from, until, ...flag }, actor }) => {
        const loan = await loadLoanFacts(desk.pool, loanId);
        if (loan === null) throw new Refusal('NotFound', 'no such loan', 'loanId');
        const { customerId } = loan;
        const when = { fromMs: await momentOf(from), untilMs: maybeMoment(until) };
        await setFlag(desk, { ...flag, ...when, customerId, loanId, actor: actor.name });
        return read(customerId);
      },
    );

    app.post(
      '/customers/:customerId/grants',
      { schema: { ...written, body: grantBody }, config },
      async ({ params: { customerId }, body: { at, until, ...grant }, actor }) => {
        const atMs = await momentOf(at);
        await giveGrant(desk, { ...grant, customerId, atMs, untilMs: maybeMoment(until), actor: actor.name });
        return read(customerId);
      },
    );

    app.post(
      '/customers/:customerId/inconvenient-times',
      { schema: { ...written, body: inconvenientTimeBody }, config },
      async ({ params: { customerId }, body, actor }) => {
        await respectTime(desk, { ...body, customerId, actor: actor.name });
        return read(customerId);
      },
    );

    app.post(
      '/customers/:customerId/milestones',
      { schema: { ...written, body: milestoneBody }, config },
      async ({ params: { customerId }, body: { at, ...milestone }, actor }) => {
        await reachMilestone(desk, { ...milestone, customerId, atMs: await momentOf(at), actor: actor.name });
        return read(customerId);
      },
    );

    app.put(
      '/customers/:customerId/told-timezones',
      { schema: { ...written, body: toldTimezonesBody }, config },
      async ({ params: { customerId }, body, actor }) => {
        await hearTimezones(desk, customerId, body.timezones, actor.name);
        return read(customerId);
      },
    );

    for (const [resource, fact] of Object.entries(endings)) {
      app.post(
        `/customers/:customerId/${resource}/:id/end`,
        {
          schema: {
            ...written,
            params: customerParams.extend({ id: z.coerce.number().int().min(1) }),
            body: endBody,
          },
          config,
        },
        async ({ params: { customerId, id }, body: { at, reason }, actor }) => {
          const ending = { id, customerId, atMs: await momentOf(at), reason, actor: actor.name };
          await (fact === 'flag' ? endFlag(desk, ending) : endKnown(desk, { ...ending, fact }));
          return read(customerId);
        },
      );
    }
  };
}
