import { describe, expect, it } from '@jest/globals';
import { type BounceReport, bounceOf } from '../../src/channels/local/bounce';
import type { OutboxMessage } from '../../src/channels/local/outbox';
import { readIncomingMail } from '../../src/channels/incoming-mail';
import { meaningOfReport } from '../../src/channels/mail-status';

const intent = 'a0a0a0a0-0000-4000-8000-000000000001';
const sent: OutboxMessage = {
  ...{ id: '1', channel: 'email', to: 'Robin@example.com', from: 'service@bank.example.com', subject: 's', body: 'b' },
  ...{ providerId: `<${intent}@bank.example.com>`, receivedAt: '2026-11-24T00:00:00Z', status: 'delivered' },
  headers: {
    'message-id': `<${intent}@bank.example.com>`,
    'x-intent-id': intent,
    'envelope-id': intent,
    'envelope-from': `bounces+${intent}@bank.example.com`,
  },
};

const read = (raw: string) => readIncomingMail(Buffer.from(raw));
const reportOn = (report: BounceReport, message = sent) => read(bounceOf(message, report, 0));
const mail = (headers: readonly string[], text: string): string =>
  ['From: Robin <Robin@Example.com>', 'Message-ID: <1@example.com>', ...headers, '', text].join('\r\n');

describe('a mail that came back', () => {
  it('tells the message, the recipient, what was done and why (RFC 3464)', async () => {
    const report = await reportOn({ kind: 'delivery', action: 'failed', status: '5.1.1' });
    expect(report).toMatchObject({
      kind: 'report',
      recipients: [{ action: 'failed', status: '5.1.1', recipients: ['robin@example.com'] }],
    });
    expect(report).toHaveProperty('about', expect.arrayContaining([intent]));
  });

  it.each<[string, Partial<Record<keyof OutboxMessage['headers'], string>>]>([
    ['its envelope id alone', { 'message-id': '', 'x-intent-id': '', 'envelope-from': '' }],
    ['the returned Message-ID alone', { 'envelope-id': '', 'x-intent-id': '', 'envelope-from': '' }],
    [
      'the returned X-Intent-Id alone, where a relay replaced the Message-ID',
      { 'envelope-id': '', 'message-id': '<x@y>' },
    ],
    ['the address that it bounced to alone', { 'envelope-id': '', 'x-intent-id': '', 'message-id': '' }],
  ])('is matched by %s', async (_how, headers) => {
    const message = { ...sent, headers: { ...sent.headers, ...headers } as Record<string, string> };
    const report = await reportOn({ kind: 'delivery', action: 'failed', status: '5.1.1' }, message);
    expect(report).toHaveProperty('about', expect.arrayContaining([intent]));
  });

  it('is a complaint where the reader called it spam (RFC 5965)', async () => {
    expect(await reportOn({ kind: 'complaint' })).toMatchObject({ kind: 'complaint', about: [intent, intent, intent] });
  });

  it.each([
    ['Auto-Submitted: auto-replied'],
    ['Precedence: bulk'],
    ['X-Autoreply: yes'],
    ['Auto-Submitted: auto-generated'],
  ])('says nothing where a machine sent it: %s', async (header) => {
    expect(await read(mail([header], 'I am away until Monday. STOP'))).toMatchObject({ kind: 'automatic' });
  });

  it.each([
    ['STOP\r\n\r\nOn Mon, 2 Mar 2026, Example Bank wrote:\r\n> Please call us', 'STOP'],
    ['I paid\r\n-- \r\nRobin', 'I paid'],
    ['退订\r\n\r\n-----原始邮件-----\r\n您好', '退订'],
  ])('is what the person wrote, without what they quote: %j', async (text, own) => {
    expect(await read(mail(['Auto-Submitted: no', 'Content-Type: text/plain; charset=utf-8'], text))).toMatchObject({
      kind: 'message',
      from: 'robin@example.com',
      text: own,
    });
  });

  it('without a sender is no mail', async () => {
    expect(await read('Subject: nothing\r\n\r\nnothing')).toBeNull();
  });
});

describe('a delivery report means', () => {
  it.each([
    ['failed', '5.1.1', 'bad-address'],
    ['failed', '5.2.1', 'bad-address'],
    ['failed', '5.7.1', 'policy'],
    ['failed', '5.7.26', 'policy'],
    ['failed', '5.3.4', 'policy'],
    ['failed', '4.4.7', 'gave-up'],
    ['failed', '', 'gave-up'],
    ['delayed', '4.4.1', 'delayed'],
    ['delivered', '2.0.0', 'delivered'],
    ['relayed', '2.0.0', 'nothing'],
    ['expanded', '2.0.0', 'nothing'],
    ['nonsense', '5.1.1', 'nothing'],
  ])('%s with %s: %s', (action, status, meaning) => {
    expect(meaningOfReport(action, status)).toBe(meaning);
  });
});
