import twilio from 'twilio';
import type { SendOutcome } from './outcome';
import { describeTwilioError } from './twilio-errors';
import { TooManyRequests } from './twilio-http';

// The connection was never opened, so no request left this host.
const neverConnected = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|CERT_\w+|ERR_TLS_CERT_\w+|\w*SELF_SIGNED\w*|UNABLE_TO_\w+)$/;

// Refusals that say "later" rather than "no": the rate limit, and a sender whose queue is full.
const laterCodes = new Set([20429, 21611]);

/** How a failed call to Twilio ended, as far as what it threw allows to say. */
export function outcomeOfTwilioError(thrown: unknown): Exclude<SendOutcome, { kind: 'accepted' }> {
  if (thrown instanceof TooManyRequests) return { kind: 'busy', retryAfterMs: thrown.retryAfterMs };
  if (thrown instanceof twilio.RestException) return outcomeOfAnswer(thrown.status, thrown.code);
  const code = codeOf(thrown);
  if (code !== null && neverConnected.test(code)) return { kind: 'busy', retryAfterMs: null };
  return { kind: 'unknown', reason: `no answer from Twilio (${code ?? 'unexpected error'})` };
}

function outcomeOfAnswer(status: number, code: number | undefined): Exclude<SendOutcome, { kind: 'accepted' }> {
  if (status >= 500 || status === 408) return { kind: 'unknown', reason: `Twilio answered HTTP ${status}` };
  if (code !== undefined && laterCodes.has(code)) return { kind: 'busy', retryAfterMs: null };
  if (code !== undefined) return { kind: 'refused', code: String(code), ...describeTwilioError(code) };
  // Answers without a Twilio code come from something in between: a proxy, a wrong host, a redirect.
  return { kind: 'refused', code: `http-${status}`, reason: 'not an answer of Twilio', effect: 'configuration' };
}

function codeOf(thrown: unknown): string | null {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : null;
  return typeof code === 'string' && /^\w+$/.test(code) ? code : null;
}
