import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import twilio from 'twilio';
import { bounceOf } from '../../src/channels/local/bounce';
import type { OutboxMessage } from '../../src/channels/local/outbox';
import { getCall } from '../../src/store/calls';
import { claimContact } from '../../src/store/contacts';
import { sampleContact } from '../store/samples';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';
import { caseWorkflowId } from '../../workflows/messages';
import { type CallHouse, collectorPhone, startCallHouse } from './call-support';
import { addCase, type Loan, phone } from './portfolio';
import { newSid, postSigned, writeSms } from './signed-webhook';
import { mondayMorningMs, type TestApi } from './support';

let temporal: TcpProxy;
let house: CallHouse;
let api: TestApi;
beforeAll(async () => {
  const [host = '', port = ''] = process.env['ARREARS_TEST_TEMPORAL_ADDRESS']!.split(':');
  temporal = await startTcpProxy({ host, port: Number(port) });
  house = await startCallHouse(false, { through: { temporal: `127.0.0.1:${temporal.port}` } });
  api = house.api;
});
afterAll(async () => {
  temporal.mend();
  await house.close();
  await temporal.close();
});

/** What a provider or a person sends, and sends again unless it is taken. */
interface Sending {
  readonly loan: Loan;
  readonly send: () => Promise<{ readonly status: number }>;
}

let numbers = 400;
async function personWith(kind: 'phone' | 'email'): Promise<{ loan: Loan; value: string }> {
  numbers += 1;
  const value = kind === 'phone' ? `+447700900${numbers}` : `reader-${numbers}@example.com`;
  return { loan: await addCase(api, {}, { contactPoints: [{ kind, value }] }), value };
}

async function sent(loan: Loan, channel: 'sms' | 'email', contactPoint: string): Promise<string> {
  const made = { channel, contactPoint, state: 'placed', atMs: mondayMorningMs - 60_000 } as const;
  const contact = sampleContact(loan as never, made);
  await claimContact(api.pool, contact);
  return contact.contactId;
}

const mail = (raw: string) => api.call('POST', '/v1/webhooks/mail/incoming', raw, { 'content-type': 'message/rfc822' });

async function deliveryReport(): Promise<Sending> {
  const { loan, value } = await personWith('phone');
  const url = `/v1/webhooks/twilio/status?contact=${await sent(loan, 'sms', value)}`;
  const form = { MessageSid: newSid(), MessageStatus: 'undelivered', ErrorCode: '30003' };
  return { loan, send: () => postSigned(api, url, form) };
}

async function textMessage(): Promise<Sending> {
  const { loan, value } = await personWith('phone');
  const sid = newSid();
  return { loan, send: () => writeSms(api, value, 'PAID', sid) };
}

async function email(): Promise<Sending> {
  const { loan, value } = await personWith('email');
  const headers = [`From: ${value}`, `Message-ID: <${randomUUID()}@example.com>`, 'Content-Type: text/plain'];
  return { loan, send: () => mail([...headers, '', 'PAID'].join('\r\n')) };
}

async function bounce(): Promise<Sending> {
  const { loan, value } = await personWith('email');
  const id = await sent(loan, 'email', value);
  const message: OutboxMessage = {
    ...{ id, channel: 'email', to: value, from: 'service@bank.example.com', subject: 's', body: 'b' },
    ...{ providerId: '', receivedAt: '2026-03-02T02:00:00Z', status: 'delivered' },
    headers: { 'message-id': `<${id}@bank.example.com>`, 'envelope-id': id },
  };
  const raw = bounceOf(message, { kind: 'delivery', action: 'failed', status: '5.1.1' }, mondayMorningMs);
  return { loan, send: () => mail(raw) };
}

/** A call that the provider has taken; the test plays what it reports of it. */
async function callOf(): Promise<{ loan: Loan; contactId: string; report: (what: string, form: object) => Response }> {
  const { loan, taskId } = await house.claimedCall();
  const { calls, twilio: account } = house.providers;
  calls.plays.next({ silent: true });
  const { body } = await house.post(`/v1/tasks/${taskId}/call`, { collectorPhone });
  const { contactId } = body as unknown as { contactId: string };
  await calls.settled();
  const report = (what: string, form: object): Response => {
    const url = `${house.publicUrl}/v1/webhooks/twilio/voice/${contactId}/${what}`;
    const signed = twilio.getExpectedTwilioSignature(account.authToken, url, form);
    const headers = { 'X-Twilio-Signature': signed };
    return fetch(url, { method: 'POST', headers, body: new URLSearchParams({ ...form }) });
  };
  return { loan, contactId, report };
}
type Response = ReturnType<typeof fetch>;

async function borrowersLeg(): Promise<Sending> {
  const { loan, contactId, report } = await callOf();
  const CallSid = (await getCall(api.pool, contactId))?.collectorSid ?? '';
  await report('connect', { CallSid, CallStatus: 'in-progress' });
  return { loan, send: () => report('borrower', { CallSid: `CA${'b'.repeat(32)}`, CallStatus: 'busy' }) };
}

async function collectorsLeg(): Promise<Sending> {
  const { loan, contactId, report } = await callOf();
  const CallSid = (await getCall(api.pool, contactId))?.collectorSid ?? '';
  return { loan, send: () => report('collector', { CallSid, CallStatus: 'no-answer' }) };
}

async function contactReport(): Promise<Sending> {
  const loan = await addCase(api);
  const at = new Date(mondayMorningMs).toISOString();
  const report = { reportId: randomUUID(), channel: 'call', at, contactPoint: phone, outcome: 'no-answer' };
  return { loan, send: () => api.call('POST', `/v1/cases/${loan.loanId}/contacts`, report) };
}

/** How often the case was told to look at its facts again. */
async function wakeUpsOf({ loanId }: Loan): Promise<number> {
  const { events = [] } = await api.desk.temporal.workflow.getHandle(caseWorkflowId(loanId)).fetchHistory();
  return (events ?? []).filter((event) => event.workflowExecutionSignaledEventAttributes != null).length;
}

/** All that may be written about somebody, counted. */
async function writtenAbout({ loanId, customerId }: Loan): Promise<unknown> {
  const text = `select (select count(*) from case_event where loan_id = $1) as events,
    (select count(*) from task where loan_id = $1) as tasks, (select count(*) from contact where loan_id = $1) as contacts,
    (select count(*) from consent where customer_id = $2) as consents,
    (select count(*) from inbound_message_customer where customer_id = $2) as messages`;
  return (await api.pool.query(text, [loanId, customerId])).rows;
}

async function untilTaken(send: Sending['send']): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    const { status } = await send();
    if (status !== 503 || attempt === 10) return status;
  }
}

describe('what was written down while no case could be told', () => {
  it.each([
    ['a report that an SMS failed', deliveryReport],
    ['an SMS of the borrower', textMessage],
    ['an e-mail of the borrower', email],
    ['a mail that came back', bounce],
    ['the end of the borrower’s leg of a call', borrowersLeg],
    ['the end of the collector’s leg of a call', collectorsLeg],
    ['a contact that somebody else made', contactReport],
  ])('wakes its case when it comes again, and is written once: %s', async (_what, prepare) => {
    const { loan, send } = await prepare();
    const before = await wakeUpsOf(loan);
    temporal.cut();
    expect((await send()).status).toBe(503);
    const written = await writtenAbout(loan);
    temporal.mend();
    expect(await wakeUpsOf(loan)).toBe(before);
    expect(await untilTaken(send)).toBeLessThan(300);
    expect(await wakeUpsOf(loan)).toBeGreaterThan(before);
    expect(await writtenAbout(loan)).toEqual(written);
  });
});
