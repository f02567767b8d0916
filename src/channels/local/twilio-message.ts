import { randomBytes } from 'node:crypto';
import type { OutboxMessage } from './outbox';

/** An id as Twilio gives them: 34 characters. */
export function newMessageSid(): string {
  return `SM${randomBytes(16).toString('hex')}`;
}

/** The message that a send request describes, just queued. */
export function toOutboxMessage(form: URLSearchParams, nowMs: number): OutboxMessage {
  const sid = newMessageSid();
  const service = form.get('MessagingServiceSid');
  return {
    id: sid,
    channel: 'sms',
    to: form.get('To') ?? '',
    from: form.get('From') ?? '',
    subject: null,
    body: form.get('Body') ?? '',
    providerId: sid,
    receivedAt: new Date(nowMs).toISOString(),
    status: 'queued',
    headers: {
      'validity-period': form.get('ValidityPeriod') ?? '',
      'status-callback': form.get('StatusCallback') ?? '',
      ...(service === null ? {} : { 'messaging-service-sid': service }),
    },
  };
}

/** A message as Twilio's API shows it. */
export function toTwilioMessage(accountSid: string, message: OutboxMessage): object {
  const { providerId: sid, to, from, body, status, receivedAt, headers } = message;
  return {
    account_sid: accountSid,
    api_version: '2010-04-01',
    body,
    date_created: rfc2822(receivedAt),
    date_sent: isQueued(message) ? null : rfc2822(receivedAt),
    date_updated: rfc2822(receivedAt),
    direction: 'outbound-api',
    error_code: null,
    error_message: null,
    from,
    messaging_service_sid: headers['messaging-service-sid'] ?? null,
    num_media: '0',
    num_segments: '1',
    price: null,
    price_unit: 'USD',
    sid,
    status,
    subresource_uris: {},
    to,
    uri: `/2010-04-01/Accounts/${accountSid}/Messages/${sid}.json`,
  };
}

/** Whether a message is within the To and DateSent filters of a list request. */
export function isWithin(message: OutboxMessage, query: URLSearchParams): boolean {
  const to = query.get('To');
  if (to !== null && to !== message.to) return false;
  const on = query.get('DateSent');
  const notAfter = query.get('DateSent<');
  const notBefore = query.get('DateSent>');
  if (on === null && notAfter === null && notBefore === null) return true;
  // As at Twilio: what has not left the queue has no DateSent and no such filter finds it.
  if (isQueued(message)) return false;
  const sentAtMs = Date.parse(message.receivedAt);
  return (
    (on === null || message.receivedAt.slice(0, 10) === on.slice(0, 10)) &&
    (notAfter === null || sentAtMs <= Date.parse(notAfter)) &&
    (notBefore === null || sentAtMs >= Date.parse(notBefore))
  );
}

function rfc2822(iso: string): string {
  return new Date(iso).toUTCString().replace('GMT', '+0000');
}

function isQueued(message: OutboxMessage): boolean {
  return message.status === 'queued';
}
