import twilio from 'twilio';

export interface TwilioRequest {
  /** The request target as it arrived: path and query, unchanged. */
  pathAndQuery: string;
  /** The X-Twilio-Signature header. */
  signature: string | undefined;
  /** The form fields of the body; a field that came more than once is an array. */
  params: Readonly<Record<string, string | readonly string[]>>;
}

/**
 * A check that a webhook was signed with our token, for the public URL we were configured with. The Host header has
 * no say: whoever sends the request chooses it.
 */
export function createTwilioVerifier(options: {
  authToken: string;
  publicUrl: string;
}): (request: TwilioRequest) => boolean {
  const { authToken } = options;
  if (authToken === '') throw new Error('an empty auth token would let anyone sign');
  const base = new URL(options.publicUrl).href.replace(/\/+$/, '');
  return ({ pathAndQuery, signature, params }) =>
    signature !== undefined &&
    pathAndQuery.startsWith('/') &&
    twilio.validateRequest(authToken, signature, base + pathAndQuery, params);
}
