import type { RefusalEffect } from './outcome';

export interface TwilioError {
  reason: string;
  effect: RefusalEffect;
  /** Worth another attempt: so many at most, and not before so long. */
  retry?: Retry;
  /** It certainly reached nobody, although the provider had taken it: it is not counted. */
  neverSent?: true;
}

export interface Retry {
  readonly atMost: number;
  readonly afterMs: number;
}

const hourMs = 3_600_000;
const soon: Retry = { atMost: 1, afterMs: hourMs };

// Codes below 30000 come with the answer to a send, those from 30000 on with a later status callback.
const errors: ReadonlyMap<number, TwilioError> = new Map<number, TwilioError>([
  [20003, { reason: 'the account or its token was not accepted', effect: 'configuration' }],
  [20404, { reason: 'the account or resource does not exist', effect: 'configuration' }],
  [21205, { reason: 'the address of our own webhook was not accepted', effect: 'configuration' }],
  [21211, { reason: 'not a valid phone number', effect: 'bad-contact-point' }],
  [21213, { reason: 'the call has no caller id', effect: 'configuration' }],
  [21214, { reason: 'the number cannot be reached', effect: 'bad-contact-point' }],
  [21215, { reason: 'the account may not call this country', effect: 'configuration' }],
  [21408, { reason: 'the account may not send to this country', effect: 'configuration' }],
  [21602, { reason: 'the message has no text', effect: 'content' }],
  [21603, { reason: 'the message has no sender', effect: 'configuration' }],
  [21604, { reason: 'the message has no recipient', effect: 'bad-contact-point' }],
  [21606, { reason: 'the sender may not send SMS', effect: 'configuration' }],
  [21610, { reason: 'the recipient replied STOP', effect: 'opt-out' }],
  [21612, { reason: 'no route from this sender to this number', effect: 'configuration' }],
  [21614, { reason: 'the number cannot receive SMS', effect: 'no-sms' }],
  [21617, { reason: 'the text is longer than 1600 characters', effect: 'content' }],
  [30003, { reason: 'the handset cannot be reached', effect: 'none', retry: { atMost: 2, afterMs: 4 * hourMs } }],
  [30004, { reason: 'the message was blocked', effect: 'content' }],
  [30005, { reason: 'the number is not in service', effect: 'bad-contact-point' }],
  [30006, { reason: 'a landline, or a carrier that cannot be reached', effect: 'no-sms' }],
  [30007, { reason: 'the carrier filtered the message', effect: 'content' }],
  [30008, { reason: 'the carrier gave no reason', effect: 'none', retry: soon }],
  [30034, { reason: 'the sender is not registered with the carriers', effect: 'configuration' }],
  [
    30036,
    {
      reason: 'the validity period ended before it could be sent',
      effect: 'none',
      retry: { atMost: 3, afterMs: 0 },
      neverSent: true,
    },
  ],
]);

/** What one of Twilio's error codes means here, whether it came with an answer or with a status callback. */
export function describeTwilioError(code: number): TwilioError {
  return errors.get(code) ?? { reason: 'refused for a reason that is not in our table', effect: 'none' };
}
