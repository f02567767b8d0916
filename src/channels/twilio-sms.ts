import twilio from 'twilio';
import { ProviderUnreachable, type SendOutcome } from './outcome';
import { TwilioHttp } from './twilio-http';
import { outcomeOfTwilioError } from './twilio-outcome';

/** Twilio's own upper limit, and its default. */
const MAX_VALIDITY_SECONDS = 36_000;

/** How far the two clocks may differ when a message of ours is looked up; Twilio's dates have whole seconds. */
const CLOCK_DIFFERENCE_MS = 60_000;

/** More messages than one number may lawfully get in the span between an attempt and its reconciliation. */
const LOOKED_UP_MESSAGES = 200;

export type TwilioSmsOptions = {
  accountSid: string;
  authToken: string;
  /** Another host that speaks Twilio's API. */
  baseUrl?: string;
  timeoutMs: number;
} & ({ from: string } | { messagingServiceSid: string });

export interface SmsToSend {
  to: string;
  body: string;
  statusCallbackUrl: string;
  /** After this the provider drops the message instead of sending it late, outside the permitted hours. */
  validityPeriodSeconds: number;
}

export interface FoundSms {
  readonly providerId: string;
  /** Its text is the one that is looked for, to the letter. */
  readonly sameText: boolean;
}

export interface SmsChannel {
  /** Makes one attempt. Never throws for anything the provider or the network does. */
  send(sms: SmsToSend): Promise<SendOutcome>;
  /**
   * What the provider shows of ours for this number since `sinceMs`: every message with exactly this body, and those of
   * the same sender with another. None is not proof that nothing was sent: a request may still be under way. Throws
   * `ProviderUnreachable`.
   */
  find(wanted: { to: string; body: string; sinceMs: number }): Promise<readonly FoundSms[]>;
}

/** SMS through Twilio's REST API, with Twilio's client. */
export function createTwilioSms(options: TwilioSmsOptions): SmsChannel {
  const { accountSid, authToken, baseUrl, timeoutMs } = options;
  const sender = 'from' in options ? { from: options.from } : { messagingServiceSid: options.messagingServiceSid };
  // TWILIO_EDGE and TWILIO_REGION would rewrite the host of a base URL that was set on purpose.
  const placed = baseUrl === undefined ? {} : { edge: '', region: '' };
  const client = twilio(accountSid, authToken, { httpClient: new TwilioHttp(timeoutMs), ...placed });
  if (baseUrl !== undefined) client.api.baseUrl = baseUrl;

  return {
    async send({ to, body, statusCallbackUrl, validityPeriodSeconds }) {
      const validityPeriod = Math.min(Math.floor(validityPeriodSeconds), MAX_VALIDITY_SECONDS);
      try {
        const message = await client.messages.create({
          ...sender,
          to,
          body,
          validityPeriod,
          statusCallback: statusCallbackUrl,
        });
        if (!isMessageSid(message.sid)) return { kind: 'unknown', reason: 'Twilio answered without a message id' };
        return { kind: 'accepted', providerId: message.sid, acceptedAtMs: Date.now() };
      } catch (error) {
        return outcomeOfTwilioError(error);
      }
    },

    async find({ to, body, sinceMs }) {
      const earliestMs = sinceMs - CLOCK_DIFFERENCE_MS;
      const found = new Map<string, FoundSms>();
      // A message that is still queued has no DateSent and the filter leaves it out, hence the second look.
      for (const filter of [{ dateSentAfter: new Date(earliestMs) }, {}]) {
        const messages = await client.messages
          .list({ to, ...filter, limit: LOOKED_UP_MESSAGES })
          .catch((error: unknown) => {
            throw new ProviderUnreachable(`Twilio could not be asked: ${outcomeOfTwilioError(error).kind}`);
          });
        for (const message of messages) {
          const sameText = message.body === body;
          if (message.dateCreated.getTime() < earliestMs || !isOutbound(message)) continue;
          if (sameText || isFrom(message, sender)) found.set(message.sid, { providerId: message.sid, sameText });
        }
      }
      return [...found.values()];
    },
  };
}

function isOutbound(message: { direction: string }): boolean {
  return message.direction.startsWith('outbound');
}

/** Other systems of the bank may write to the same number through the same account. */
function isFrom(
  message: { from: string; messagingServiceSid: string },
  sender: { from: string } | { messagingServiceSid: string },
): boolean {
  return 'from' in sender ? message.from === sender.from : message.messagingServiceSid === sender.messagingServiceSid;
}

function isMessageSid(sid: unknown): boolean {
  return typeof sid === 'string' && /^(SM|MM)[0-9a-f]{32}$/i.test(sid);
}
