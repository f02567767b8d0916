import { randomUUID } from 'node:crypto';
import type { OutboxMessage } from './outbox';

/** What a mail system says of a message that it took earlier. */
export type BounceReport =
  | { kind: 'delivery'; action: 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded'; status: string }
  /** The reader pressed "this is spam" (RFC 5965). */
  | { kind: 'complaint' };

export interface MailWebhook {
  url: string;
  apiKey?: string;
}

const callbackLimitMs = 5_000;

/** A report on the message as mail systems write them: RFC 3464 for delivery, RFC 5965 for complaints. */
export function bounceOf(message: OutboxMessage, report: BounceReport, nowMs: number): string {
  const { to, headers } = message;
  const boundary = `report-${randomUUID()}`;
  const isComplaint = report.kind === 'complaint';
  const type = isComplaint ? 'feedback-report' : 'delivery-status';
  const fields =
    report.kind === 'complaint'
      ? ['Feedback-Type: abuse', 'User-Agent: local/1', 'Version: 1']
      : [
          'Reporting-MTA: dns; mx.example.com',
          ...(headers['envelope-id'] ? [`Original-Envelope-Id: ${headers['envelope-id']}`] : []),
          '',
          `Final-Recipient: rfc822; ${to}`,
          `Action: ${report.action}`,
          `Status: ${report.status}`,
        ];
  return [
    'From: MAILER-DAEMON@mx.example.com',
    `To: ${headers['envelope-from'] ?? ''}`,
    'Subject: About your message',
    `Date: ${new Date(nowMs).toUTCString()}`,
    `Message-ID: <${randomUUID()}@mx.example.com>`,
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=${type}; boundary="${boundary}"`,
    '',
    ...[`--${boundary}`, 'Content-Type: text/plain', '', 'This is about a message of yours.'],
    ...[`--${boundary}`, `Content-Type: message/${type}`, '', ...fields],
    ...[`--${boundary}`, 'Content-Type: text/rfc822-headers', ''],
    `Message-ID: ${headers['message-id'] ?? ''}`,
    `X-Intent-Id: ${headers['x-intent-id'] ?? ''}`,
    ...[`To: ${to}`, '', `--${boundary}--`, ''],
  ].join('\r\n');
}

/** Posts a raw message as the bank's mail system does. Answers the HTTP status, or null if nobody answered. */
export async function postMail({ url, apiKey }: MailWebhook, raw: string): Promise<number | null> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'Content-Type': 'message/rfc822',
      ...(apiKey !== undefined && { Authorization: `Bearer ${apiKey}` }),
    },
    body: raw,
    signal: AbortSignal.timeout(callbackLimitMs),
  }).catch(() => null);
  return response?.status ?? null;
}
