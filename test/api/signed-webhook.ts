import { randomUUID } from 'node:crypto';
import twilio from 'twilio';
import { type Answer, publicUrl, type TestApi, twilioToken } from './support';

export function newSid(): string {
  return `SM${randomUUID().replaceAll('-', '')}`;
}

/** Calls one of Twilio's webhooks as Twilio does. */
export function postSigned(
  api: TestApi,
  url: string,
  form: Record<string, string>,
  token = twilioToken,
): Promise<Answer> {
  const signature = twilio.getExpectedTwilioSignature(token, `${publicUrl}${url}`, form);
  const type = 'application/x-www-form-urlencoded';
  const headers = { 'content-type': type, 'x-twilio-signature': signature };
  return api.call('POST', url, new URLSearchParams(form).toString(), headers);
}

/** Somebody's SMS to the bank. The same `sid` is the same message. */
export function writeSms(api: TestApi, from: string, text: string, sid = newSid()): Promise<Answer> {
  return postSigned(api, '/v1/webhooks/twilio/inbound', { MessageSid: sid, From: from, Body: text });
}
