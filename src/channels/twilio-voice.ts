import twilio from 'twilio';
import type { SendOutcome } from './outcome';
import { TwilioHttp } from './twilio-http';
import { outcomeOfTwilioError } from './twilio-outcome';

export interface TwilioVoiceOptions {
  accountSid: string;
  authToken: string;
  /** The bank's number: what collector and borrower see. */
  from: string;
  /** Another host that speaks Twilio's API. */
  baseUrl?: string;
  timeoutMs: number;
}

export interface CallToPlace {
  /** The collector: their telephone rings first. */
  to: string;
  /** Where Twilio asks what to do once the collector has answered. */
  url: string;
  statusCallbackUrl: string;
  ringSeconds: number;
}

export interface VoiceChannel {
  /** The bank's number. */
  readonly from: string;
  /** Makes one attempt. Never throws for anything the provider or the network does. */
  call(call: CallToPlace): Promise<SendOutcome>;
  /** Replaces what a running leg hears. Answers whether the provider took it. */
  play(sid: string, twiml: string): Promise<boolean>;
  /** Deletes a recording at the provider; one that is gone already is gone. Answers whether it is. */
  removeRecording(sid: string): Promise<boolean>;
}

/** Calls through Twilio Voice, with Twilio's client. */
export function createTwilioVoice(options: TwilioVoiceOptions): VoiceChannel {
  const { accountSid, authToken, baseUrl, timeoutMs, from } = options;
  // TWILIO_EDGE and TWILIO_REGION would rewrite the host of a base URL that was set on purpose.
  const placed = baseUrl === undefined ? {} : { edge: '', region: '' };
  const client = twilio(accountSid, authToken, { httpClient: new TwilioHttp(timeoutMs), ...placed });
  if (baseUrl !== undefined) client.api.baseUrl = baseUrl;

  return {
    from,
    async call({ to, url, statusCallbackUrl, ringSeconds }) {
      try {
        const call = await client.calls.create({
          ...{ from, to, url, timeout: ringSeconds, statusCallback: statusCallbackUrl },
          statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
        });
        if (!/^CA[0-9a-f]{32}$/i.test(call.sid))
          return { kind: 'unknown', reason: 'Twilio answered without a call id' };
        return { kind: 'accepted', providerId: call.sid, acceptedAtMs: Date.now() };
      } catch (error) {
        return outcomeOfTwilioError(error);
      }
    },

    play: (sid, twiml) =>
      client
        .calls(sid)
        .update({ twiml })
        .then(
          () => true,
          () => false,
        ),

    removeRecording: (sid) =>
      client
        .recordings(sid)
        .remove()
        .catch((error: unknown) => error instanceof twilio.RestException && error.status === 404),
  };
}
