import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { nameOf, voicemailFor } from '../cases/leave-voicemail';
import { startCall } from '../cases/start-call';
import { legStatuses } from '../domain/call/call-leg';
import { locationQuestion } from '../domain/call/location-question';
import { judgeContent } from '../domain/contact/judge-content';
import { contactStates } from '../domain/contact/past-contact';
import type { ContactPack } from '../domain/contact/rule';
import { dayIn } from '../domain/contact/evidence';
import type { Language } from '../domain/policy';
import { phoneNumber } from '../intake/column-checks';
import { getCustomer } from '../store/customers';
import { access } from './access';
import { callDepsOf } from './call-deps';
import type { ApiDeps } from './deps';
import { checked, iso, shownInstant } from './shapes';

const callBody = z.strictObject({
  /** One of the borrower's numbers on record; the one that was reserved if it is left out. */
  contactPoint: checked(phoneNumber).nullable().default(null),
  /** The collector's own telephone, which rings first. */
  collectorPhone: checked(phoneNumber),
});

const shownCall = z
  .object({
    contactId: z.string(),
    attempt: z.int(),
    state: z.enum(contactStates),
    contactPoint: z.string().nullable(),
    startedAt: shownInstant,
    collector: z.enum(legStatuses).nullable(),
    borrower: z.enum(legStatuses).nullable(),
    answeredBy: z.string().nullable(),
    voicemail: z.enum(['playing', 'left', 'partial']).nullable(),
    failure: z.string().nullable(),
    /** What may be said to a machine, word for word and nothing else; null: say nothing. */
    voicemailScript: z.string().nullable(),
    /** What may be said to somebody else who is asked for the borrower, and no more; null: not such a call, or say nothing. */
    locationScript: z.string().nullable(),
  })
  .meta({ id: 'Call' });

/** Null where a rule forbids the words, as where a name tells of a debt. */
function locationScript(
  packs: readonly ContactPack[],
  caller: string,
  borrower: string,
  language: Language,
  day: string,
): string | null {
  const body = locationQuestion(caller, borrower, language);
  const said = { channel: 'call', purpose: 'location-info', language, subject: null, body, tags: null } as const;
  const faults = judgeContent({ ...said, sender: null }, packs, { day, first: true, flags: [] });
  return faults.length === 0 ? body : null;
}

/** Click-to-call: the provider rings the collector first, then the borrower. */
export function callRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  const callDeps = callDepsOf(deps);
  const { desk } = deps;

  const scriptsFor = (asksOthers: boolean, caller: string, borrower: string, language: Language, day: string) => ({
    voicemailScript: asksOthers ? null : (voicemailFor(callDeps, caller, language, day)?.text ?? null),
    locationScript: asksOthers ? locationScript(callDeps.gate.inForce.packs, caller, borrower, language, day) : null,
  });

  // eslint-disable-next-line @typescript-eslint/require-await -- what the framework calls a plugin is asynchronous
  return async (app) => {
    app.post(
      '/tasks/:taskId/call',
      {
        schema: { params: z.object({ taskId: z.uuid() }), body: callBody, response: { 200: shownCall } },
        config: { allow: access.workTasks },
      },
      async ({ params, body, actor }) => {
        const { call, contact } = await startCall(callDeps, params.taskId, body, actor);
        const customer = await getCustomer(desk.pool, contact.customerId);
        const { language, name, timezone } = customer ?? { language: 'en', name: '', timezone: '' };
        const day = dayIn(callDeps.gate.calendars, timezone, await desk.clock.nowMs());
        return {
          ...{ contactId: call.contactId, attempt: call.attempt, state: contact.state },
          ...{ contactPoint: contact.contactPoint, startedAt: iso(call.askedAtMs), failure: call.failure },
          ...{ collector: call.collectorStatus, borrower: call.borrowerStatus, answeredBy: call.answeredBy },
          voicemail: call.voicemail,
          ...scriptsFor(contact.purpose === 'location-info', nameOf(call.startedBy), name, language, day),
        };
      },
    );
  };
}
