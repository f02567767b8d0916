import twilio from 'twilio';

const CALLBACK_TIMEOUT_MS = 5_000;

/** Posts a form with the signature Twilio would put on it. Answers the HTTP status, or null if nobody answered. */
export async function postSigned(authToken: string, url: string, form: Record<string, string>): Promise<number | null> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'X-Twilio-Signature': twilio.getExpectedTwilioSignature(authToken, url, form) },
    body: new URLSearchParams(form),
    signal: AbortSignal.timeout(CALLBACK_TIMEOUT_MS),
  }).catch(() => null);
  return response?.status ?? null;
}

/** The same, for a webhook that answers what is to be done. Answers an empty text where it does not. */
export async function postSignedForText(authToken: string, url: string, form: Record<string, string>): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'X-Twilio-Signature': twilio.getExpectedTwilioSignature(authToken, url, form) },
    body: new URLSearchParams(form),
    signal: AbortSignal.timeout(CALLBACK_TIMEOUT_MS),
  }).catch(() => null);
  return response?.ok === true ? response.text() : '';
}
