import formbody from '@fastify/formbody';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { connectCall } from '../cases/connect-call';
import { takeMachineReport, takeVoicemailLeft } from '../cases/leave-voicemail';
import { takeRecording } from '../cases/recordings';
import { takeLegReport } from '../cases/take-call-report';
import { greetingScript, hangUpScript } from '../channels/voice-script';
import { isLegStatus, type LegStatus } from '../domain/call/call-leg';
import { getContact } from '../store/contacts';
import { getCustomer } from '../store/customers';
import { callDepsOf } from './call-deps';
import type { ApiDeps } from './deps';
import { nothing } from './shapes';
import { signedByTwilio, type TwilioForm as Form, twilioForm as form } from './signed-by-twilio';

const questions = ['connect', 'greeting', 'ended', 'left'] as const;
const reports = ['collector', 'borrower', 'machine', 'recording'] as const;
const params = z.object({ contactId: z.uuid(), what: z.enum([...questions, ...reports]) });

/** What Twilio asks and tells during a call. Only what it signed for the address that we were configured with is read. */
export function voiceWebhookRoutes(deps: ApiDeps): FastifyPluginAsyncZod {
  const callDeps = callDepsOf(deps);
  const { desk, bank } = callDeps;
  const requireSigned = signedByTwilio(deps);

  /** The TwiML that answers a question; null for a report. */
  async function answer(contactId: string, what: z.infer<typeof params>['what'], body: Form): Promise<string | null> {
    const sid = fieldOf(body, 'CallSid');
    if (sid === null) return null;
    switch (what) {
      case 'connect':
        return connectCall(callDeps, contactId, sid);
      case 'greeting':
        return greetingScript(bank.name, await languageOf(contactId));
      case 'left':
        await takeVoicemailLeft(desk, contactId, sid);
        return hangUpScript();
      case 'ended':
        await takeDialled(contactId, body);
        return hangUpScript();
      case 'collector':
      case 'borrower': {
        const status = legStatusOf(fieldOf(body, 'CallStatus'));
        if (status !== null) await takeLegReport(desk, { contactId, leg: what, sid, status });
        return null;
      }
      case 'machine':
        await takeMachineReport(callDeps, { contactId, sid, answeredBy: fieldOf(body, 'AnsweredBy') ?? '' });
        return null;
      case 'recording':
        await takeRecording(callDeps, {
          contactId,
          providerId: fieldOf(body, 'RecordingSid') ?? '',
          url: fieldOf(body, 'RecordingUrl') ?? '',
          durationSeconds: Number(fieldOf(body, 'RecordingDuration') ?? 0),
        });
        return null;
    }
  }

  /** What became of the borrower's leg, told a second time: its own reports may have been lost. */
  async function takeDialled(contactId: string, body: Form): Promise<void> {
    const [sid, status] = [fieldOf(body, 'DialCallSid'), legStatusOf(fieldOf(body, 'DialCallStatus'))];
    if (sid === null || status === null) return;
    await takeLegReport(desk, { contactId, leg: 'borrower', sid, status, secondHand: true });
  }

  async function languageOf(contactId: string): Promise<'zh' | 'en'> {
    const contact = await getContact(desk.pool, contactId);
    return contact === null ? 'en' : ((await getCustomer(desk.pool, contact.customerId))?.language ?? 'en');
  }

  return async (app) => {
    await app.register(formbody, { bodyLimit: 64 * 1_024 });
    app.post(
      '/webhooks/twilio/voice/:contactId/:what',
      // Every call brings a dozen reports, all from few addresses; the signature keeps others out.
      {
        schema: { params, body: form, response: { 200: z.string().describe('TwiML'), 204: nothing } },
        config: { rateLimit: false },
      },
      async (request, reply) => {
        requireSigned(request);
        const { contactId, what } = request.params;
        const twiml = await answer(contactId, what, request.body);
        return twiml === null ? reply.code(204).send(null) : reply.type('text/xml').send(twiml);
      },
    );
  };
}

function fieldOf(body: Form, name: string): string | null {
  const value = body[name];
  return typeof value === 'string' && value !== '' && value.length <= 2_000 ? value : null;
}

/** Twilio calls an answered dial `answered` or `completed`. */
function legStatusOf(text: string | null): LegStatus | null {
  if (text === 'answered') return 'completed';
  return text !== null && isLegStatus(text) ? text : null;
}
