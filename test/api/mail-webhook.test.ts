import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type BounceReport, bounceOf } from '../../src/channels/local/bounce';
import type { OutboxMessage } from '../../src/channels/local/outbox';
import { claimContact, getContact } from '../../src/store/contacts';
import { getCustomer } from '../../src/store/customers';
import { closedWays } from '../support/closed-ways';
import { sampleContact } from '../store/samples';
import { addCase, type Loan } from './portfolio';
import { mondayMorningMs, startApi, type TestApi } from './support';

let api: TestApi;
const keys = [
  { key: 'mail-system-key', actor: 'mail-system', roles: ['system'] },
  { key: 'collector-key', actor: 'zhou', roles: ['collector', 'operator', 'supervisor'] },
] as const;
const asMail = { authorization: 'Bearer mail-system-key' };
const asPerson = { authorization: 'Bearer collector-key' };

beforeAll(async () => {
  api = await startApi({ keys });
  const { call } = api;
  // The portfolio is put in by somebody who may; every call of a test names its own key.
  Object.assign(api, {
    call: (...[method, url, body, headers]: Parameters<typeof call>) =>
      call(
        method,
        url,
        body,
        headers ?? (method === 'PUT' ? asMail : { ...(url === '/v1/cases' ? asMail : asPerson) }),
      ),
  });
});
afterAll(() => api.close());

let people = 0;
async function sentEmail(): Promise<{ loan: Loan; contactId: string; address: string; message: OutboxMessage }> {
  people += 1;
  const address = `Reader-${people}@example.com`;
  // Who can still be called is not lost with the address.
  const phone = `+1202555${String(100 + people).padStart(4, '0')}`;
  const points = [
    { kind: 'email', value: address },
    { kind: 'phone', value: phone },
  ];
  const loan = await addCase(api, {}, { contactPoints: points });
  const contact = sampleContact(loan as never, {
    ...{ channel: 'email', contactPoint: address, state: 'placed', atMs: mondayMorningMs - 60_000 },
  });
  const { contactId } = contact;
  await claimContact(api.pool, contact);
  const message: OutboxMessage = {
    ...{ id: contactId, channel: 'email', to: address, from: 'service@bank.example.com', subject: 's', body: 'b' },
    ...{ providerId: '', receivedAt: '2026-03-02T02:00:00Z', status: 'delivered' },
    headers: { 'message-id': `<${contactId}@bank.example.com>`, 'x-intent-id': contactId, 'envelope-id': contactId },
  };
  return { loan, contactId, address, message };
}

function post(raw: string, headers: Record<string, string> = asMail) {
  return api.call('POST', '/v1/webhooks/mail/incoming', raw, { 'content-type': 'message/rfc822', ...headers });
}

const report = (message: OutboxMessage, about: BounceReport) => post(bounceOf(message, about, mondayMorningMs));

async function stateOf(customerId: string): Promise<string | undefined> {
  return (await getCustomer(api.pool, customerId))?.contactPoints.find(({ kind }) => kind === 'email')?.state;
}

function words(from: string, text: string, more: readonly string[] = []): string {
  const headers = [`From: ${from}`, `Message-ID: <${randomUUID()}@example.com>`, ...more];
  return [...headers, 'Content-Type: text/plain; charset=utf-8', '', text].join('\r\n');
}

describe('a mail that came back', () => {
  it('is taken from the mail system alone: without its key nothing changes', async () => {
    const { message, contactId, loan } = await sentEmail();
    const raw = bounceOf(message, { kind: 'delivery', action: 'failed', status: '5.1.1' }, mondayMorningMs);
    expect((await post(raw, { authorization: 'Bearer another' })).status).toBe(401);
    expect((await post(raw, asPerson)).status).toBe(403);
    expect((await post(raw, { authorization: '' })).status).toBe(401);
    expect((await getContact(api.pool, contactId))?.state).toBe('placed');
    expect(await stateOf(loan.customerId)).toBe('unverified');
  });

  it.each<[BounceReport & { kind: 'delivery' }, string, string, string | null]>([
    [{ kind: 'delivery', action: 'failed', status: '5.1.1' }, 'failed', 'invalid', 'contact-failed'],
    [{ kind: 'delivery', action: 'failed', status: '5.7.1' }, 'failed', 'unverified', 'contact-failed'],
    [{ kind: 'delivery', action: 'failed', status: '4.4.7' }, 'failed', 'unverified', 'contact-failed'],
    [{ kind: 'delivery', action: 'delayed', status: '4.4.1' }, 'placed', 'unverified', 'contact-delayed'],
    [{ kind: 'delivery', action: 'delivered', status: '2.0.0' }, 'delivered', 'unverified', 'contact-delivered'],
    [{ kind: 'delivery', action: 'relayed', status: '2.0.0' }, 'placed', 'unverified', null],
  ])('%j leaves the message %s and the address %s', async (about, state, addressState, kind) => {
    const { message, contactId, loan } = await sentEmail();
    expect((await report(message, about)).status).toBe(204);
    expect((await report(message, about)).status).toBe(204);
    expect((await getContact(api.pool, contactId))?.state).toBe(state);
    expect(await stateOf(loan.customerId)).toBe(addressState);
    const { items } = (await api.call('GET', `/v1/cases/${loan.loanId}/timeline`)).body;
    const told = items.map((item) => item.kind).filter((one) => one.startsWith('contact-'));
    expect(told).toEqual(kind === null ? [] : [kind]);
  });

  it('about the address that a mail was forwarded to says nothing about ours', async () => {
    const { message, contactId, loan } = await sentEmail();
    const forwarded = { ...message, to: 'elsewhere@example.com' };
    await report(forwarded, { kind: 'delivery', action: 'failed', status: '5.1.1' });
    expect((await getContact(api.pool, contactId))?.state).toBe('failed');
    expect(await stateOf(loan.customerId)).toBe('unverified');
  });

  it('about a message that nobody knows is counted, and is no contact', async () => {
    const before = await api.pool.query('select from contact');
    const { message } = await sentEmail();
    const id = randomUUID();
    const unknown = { ...message, headers: { 'message-id': `<${id}@bank.example.com>`, 'envelope-id': id } };
    expect((await report(unknown, { kind: 'delivery', action: 'failed', status: '5.1.1' })).status).toBe(204);
    expect((await api.pool.query('select from contact')).rowCount).toBe((before.rowCount ?? 0) + 1);
    expect((await api.call('GET', '/metrics')).text).toContain('arrears_provider_reports_unmatched{provider="mail"} 1');
  });

  it('with a complaint ends e-mail, and is not answered with another one', async () => {
    const { message, loan, address } = await sentEmail();
    expect((await report(message, { kind: 'complaint' })).status).toBe(204);
    const { rows } = await api.pool.query('select state from contact where contact_point = $1', [address]);
    expect(rows).toHaveLength(1);
    expect(await closedWays(api.pool, loan.customerId)).toEqual(new Set(['email']));
    const { items } = (await api.call('GET', `/v1/cases/${loan.loanId}/timeline`)).body;
    expect(items.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['complaint', 'opted-out']));
  });
});

describe('what somebody writes by e-mail', () => {
  it.each<[string, (address: string) => string, readonly string[]]>([
    [
      'a stop word ends e-mail, whatever the capitals of the address',
      (address) => words(address.toUpperCase(), 'STOP'),
      ['email'],
    ],
    ['so does one above a name', (address) => words(address, '退订\r\n\r\nRobin Example'), ['email']],
    [
      'so does the mail that List-Unsubscribe names',
      (address) => words(address, '', ['Subject: unsubscribe']),
      ['email'],
    ],
    ['a machine’s answer does not', (address) => words(address, 'STOP', ['Auto-Submitted: auto-replied']), []],
    ['other words do not', (address) => words(address, 'When is my next instalment due?'), []],
  ])('%s', async (_what, mail, expected) => {
    const { loan, address } = await sentEmail();
    expect((await post(mail(address))).status).toBe(204);
    expect(await closedWays(api.pool, loan.customerId)).toEqual(new Set(expected));
  });

  it('is no promise and no wish for more e-mail before a person has read it: anybody can write a sender’s name', async () => {
    const { loan, address } = await sentEmail();
    await post(words(address, 'PROMISE 2026-03-10 500'));
    await post(words(address, 'START'));
    const { items } = (await api.call('GET', `/v1/messages?customerId=${loan.customerId}`)).body;
    expect(items.map(({ state }) => state)).toEqual(['waiting', 'waiting']);
    expect((await api.call('GET', `/v1/tasks?loanId=${loan.loanId}`)).body.items).toHaveLength(2);
  });

  it('that is no mail is refused', async () => {
    expect((await post('nothing')).status).toBe(400);
    expect((await api.call('POST', '/v1/webhooks/mail/incoming', { a: 1 }, asMail)).status).toBe(400);
  });
});
