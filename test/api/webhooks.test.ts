import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { claimContact, getContact } from '../../src/store/contacts';
import { closedWays } from '../support/closed-ways';
import { sampleContact } from '../store/samples';
import { addCase, customerBody, type Loan, loanBody, phone } from './portfolio';
import { newSid, postSigned } from './signed-webhook';
import { mondayMorningMs, startApi, type TestApi } from './support';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

async function addSms(): Promise<{ loan: Loan; contactId: string; sid: string }> {
  const loan = await addCase(api);
  const contact = sampleContact(loan as never, { atMs: mondayMorningMs + 1_000, contactPoint: phone });
  await claimContact(api.pool, contact);
  return { loan, contactId: contact.contactId, sid: newSid() };
}

const post = (url: string, form: Record<string, string>, token?: string) => postSigned(api, url, form, token);

function report(contactId: string, sid: string, status: string, more: Record<string, string> = {}) {
  const form = { MessageSid: sid, MessageStatus: status, To: '+447700900123', ...more };
  return post(`/v1/webhooks/twilio/status?contact=${contactId}`, form);
}

function importCustomer(customerId: string) {
  const { name, language, timezone } = customerBody;
  const file = `customer_id,name,language,timezone,phone\n${[customerId, name, language, timezone, phone].join(',')}\n`;
  return api.call('POST', '/v1/imports?kind=customers', file, { 'content-type': 'text/csv' });
}

describe('a delivery report', () => {
  it('that is not signed changes nothing', async () => {
    const { contactId, sid } = await addSms();
    const form = { MessageSid: sid, MessageStatus: 'delivered' };
    const url = `/v1/webhooks/twilio/status?contact=${contactId}`;
    const forged = await post(url, form, 'another-token');
    expect(forged).toMatchObject({ status: 403, type: 'application/problem+json' });
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const unsigned = await api.call('POST', url, new URLSearchParams(form).toString(), type);
    expect(unsigned.status).toBe(403);
    expect(await getContact(api.pool, contactId)).toMatchObject({ state: 'reserved', providerId: null });
  });

  it('that comes ten times is taken once', async () => {
    const { contactId, sid, loan } = await addSms();
    const answers = await Promise.all(Array.from({ length: 10 }, () => report(contactId, sid, 'delivered')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
    expect(await getContact(api.pool, contactId)).toMatchObject({ state: 'delivered', providerId: sid });
    const { items } = (await api.call('GET', `/v1/cases/${loan.loanId}/timeline`)).body;
    expect(items.filter(({ kind }) => kind === 'contact-delivered')).toHaveLength(1);
  });

  it.each([
    [['sent', 'delivered', 'queued', 'sending'], 'delivered'],
    [['delivered', 'failed'], 'delivered'],
    [['undelivered', 'sent'], 'failed'],
    [['sending', 'queued'], 'placed'],
    [['receiving', 'nonsense'], 'reserved'],
  ])('only ever moves a message on: %j leaves it %s', async (statuses, state) => {
    const { contactId, sid } = await addSms();
    for (const status of statuses) expect((await report(contactId, sid, status)).status).toBe(204);
    expect((await getContact(api.pool, contactId))?.state).toBe(state);
  });

  async function giveBack(contactId: string, handed: boolean): Promise<void> {
    const text = `update contact set state = 'released', handed_at = case when $2 then now() end where contact_id = $1`;
    await api.pool.query(text, [contactId, handed]);
  }

  it.each([
    ['sent', {}, 'placed', 1],
    ['delivered', {}, 'delivered', 1],
    ['undelivered', { ErrorCode: '30003' }, 'failed', 0],
  ])('that it was %s reaches a message that was given back because the provider did not show it', async (...row) => {
    const [status, more, state, alerts] = row;
    const { contactId, sid, loan } = await addSms();
    await giveBack(contactId, true);
    for (let time = 0; time < 2; time++) await report(contactId, sid, status, more);
    expect(await getContact(api.pool, contactId)).toMatchObject({ state, providerId: sid });
    const { items } = (await api.call('GET', `/v1/cases/${loan.loanId}/timeline`)).body;
    const kind = alerts === 1 ? 'contact-found' : 'contact-failed';
    expect(items.filter((event) => event.kind === kind)).toHaveLength(1);
    const text = `select count(*)::int as count from operations_alert where contact_id = $1 and code = 'made-after-all'`;
    expect((await api.pool.query(text, [contactId])).rows).toEqual([{ count: alerts }]);
  });

  it('reaches no message that was never handed over, or that the provider said it never sent', async () => {
    const { contactId, sid } = await addSms();
    await giveBack(contactId, false);
    await report(contactId, sid, 'delivered');
    expect((await getContact(api.pool, contactId))?.state).toBe('released');
    const another = await addSms();
    await giveBack(another.contactId, true);
    await report(another.contactId, another.sid, 'failed', { ErrorCode: '30036' });
    await report(another.contactId, another.sid, 'sent');
    expect((await getContact(api.pool, another.contactId))?.state).toBe('released');
  });

  it('of a message that another contact was taken to have made changes no second contact', async () => {
    const [one, other] = [await addSms(), await addSms()];
    await report(other.contactId, one.sid, 'sent');
    await giveBack(one.contactId, true);
    await report(one.contactId, one.sid, 'delivered');
    expect((await getContact(api.pool, one.contactId))?.state).toBe('released');
    expect((await getContact(api.pool, other.contactId))?.state).toBe('delivered');
  });

  it('of a message that nobody knows changes nothing', async () => {
    expect((await report(randomUUID(), newSid(), 'delivered')).status).toBe(204);
    expect((await report('not-an-id', newSid(), 'delivered')).status).toBe(204);
  });

  it('finds its message by the provider’s id alone', async () => {
    const { contactId, sid } = await addSms();
    await report(contactId, sid, 'sent');
    await post('/v1/webhooks/twilio/status', { MessageSid: sid, MessageStatus: 'delivered' });
    expect((await getContact(api.pool, contactId))?.state).toBe('delivered');
  });

  it.each([
    [
      'the same PUT of the customer',
      (customerId: string) => api.call('PUT', `/v1/customers/${customerId}`, customerBody),
    ],
    [
      'another rank for the number',
      (customerId: string) =>
        api.call('PUT', `/v1/customers/${customerId}/contact-points`, { kind: 'phone', value: phone, rank: 3 }),
    ],
    ['the same file', (customerId: string) => importCustomer(customerId)],
  ])('that the number does not exist outlives %s, which says nothing of it', async (_, repeat) => {
    const { contactId, sid, loan } = await addSms();
    await report(contactId, sid, 'failed', { ErrorCode: '21211' });
    await repeat(loan.customerId);
    const { contactPoints } = (await api.call('GET', `/v1/customers/${loan.customerId}`)).body;
    expect(contactPoints).toContainEqual(
      expect.objectContaining({ value: phone, state: 'invalid', stateReason: 'provider 21211' }),
    );
  });

  it('that the number does not exist ends with a word that it works', async () => {
    const { contactId, sid, loan } = await addSms();
    await report(contactId, sid, 'failed', { ErrorCode: '21211' });
    const contactPoints = [{ kind: 'phone', value: phone, state: 'verified' }];
    const answer = await api.call('PUT', `/v1/customers/${loan.customerId}`, { ...customerBody, contactPoints });
    const verified = expect.objectContaining({ value: phone, state: 'verified', stateReason: null });
    expect(answer.body.contactPoints).toContainEqual(verified);
  });

  it('that the recipient has replied STOP closes SMS for them', async () => {
    const { contactId, sid, loan } = await addSms();
    await report(contactId, sid, 'failed', { ErrorCode: '21610' });
    expect(await closedWays(api.pool, loan.customerId)).toEqual(new Set(['sms']));
  });
});

describe('a borrower’s SMS', () => {
  let numbers = 200;
  async function write(text: string): Promise<Loan> {
    numbers += 1;
    const value = `+447700900${numbers}`;
    const loan = await addCase(api, {}, { contactPoints: [{ kind: 'phone', value }] });
    const answer = await post('/v1/webhooks/twilio/inbound', { MessageSid: newSid(), From: value, Body: text });
    expect(answer.status).toBe(204);
    return loan;
  }

  it.each(['STOP', ' stop. ', 'Unsubscribe', 'opt out', 'TD', 't', '退订', '拒收。', 'ＴＤ'])(
    '%j closes SMS',
    async (text) => {
      const { customerId, loanId } = await write(text);
      expect(await closedWays(api.pool, customerId)).toEqual(new Set(['sms']));
      const timeline = await api.call('GET', `/v1/cases/${loanId}/timeline`);
      expect(timeline.body.items).toContainEqual(expect.objectContaining({ kind: 'opted-out', actor: 'borrower' }));
    },
  );

  it('of any other wording is on the timeline without its text', async () => {
    const { customerId, loanId } = await write('Please stop by on Tuesday, I pay then');
    expect(await closedWays(api.pool, customerId)).toEqual(new Set());
    const timeline = await api.call('GET', `/v1/cases/${loanId}/timeline`);
    expect(timeline.body.items).toContainEqual(expect.objectContaining({ kind: 'message-received' }));
    expect(timeline.text).not.toContain('Tuesday');
  });

  it('that is not signed closes nothing', async () => {
    const form = { MessageSid: newSid(), From: '+447700900201', Body: 'STOP' };
    expect((await post('/v1/webhooks/twilio/inbound', form, 'another-token')).status).toBe(403);
  });
});

describe('STOP from a co-borrower', () => {
  async function stopFrom(number: string, owes: (loanId: string) => object) {
    const first = await addCase(api);
    const { customerId } = first;
    const loanId = `L-${randomUUID().slice(0, 8)}`;
    await api.call('PUT', `/v1/loans/${loanId}`, { ...loanBody, customerId });
    await api.call('POST', '/v1/cases', { loanId });
    const owner = { partyId: 'p-partner', role: 'co-borrower', ...owes(loanId) };
    const point = { kind: 'phone', value: number, owner };
    expect((await api.call('PUT', `/v1/customers/${customerId}/contact-points`, point)).status).toBe(200);
    const form = { MessageSid: newSid(), From: number, Body: 'STOP' };
    expect((await post('/v1/webhooks/twilio/inbound', form)).status).toBe(204);
    expect(await closedWays(api.pool, customerId, 'p-partner')).toEqual(new Set(['sms']));
    const text = 'select purpose, party_id, loan_ids from contact where customer_id = $1';
    return { first, loanId, sent: (await api.pool.query(text, [customerId])).rows };
  }

  it('is confirmed about the one of two loans that they owe', async () => {
    const { loanId, sent } = await stopFrom('+447700900290', (owed) => ({ loanIds: [owed] }));
    expect(sent).toEqual([{ purpose: 'opt-out-confirm', party_id: 'p-partner', loan_ids: [loanId] }]);
  });

  it('is not confirmed where nobody knows what they owe, and the file says so', async () => {
    const { first, loanId, sent } = await stopFrom('+447700900291', () => ({}));
    expect(sent).toEqual([]);
    const timelines = [first.loanId, loanId].map((id) => api.call('GET', `/v1/cases/${id}/timeline`));
    const events = (await Promise.all(timelines)).flatMap(({ body }) => body.items);
    const reason = 'it is not known which loans they owe or answer for';
    expect(events.filter(({ kind }) => kind === 'answer-not-sent')).toMatchObject([{ reason }]);
  });
});

describe('what was written from a number before anybody knew whose it was', () => {
  let numbers = 300;
  const newNumber = (): string => `+447700900${(numbers += 1)}`;
  const write = async (from: string, text: string): Promise<void> => {
    const answer = await post('/v1/webhooks/twilio/inbound', { MessageSid: newSid(), From: from, Body: text });
    expect(answer.status).toBe(204);
  };
  const know = (loan: Loan, value: string) =>
    api.call('PUT', `/v1/customers/${loan.customerId}/contact-points`, { kind: 'phone', value });
  const closedTo = ({ customerId }: Loan) => closedWays(api.pool, customerId);
  async function told({ loanId }: Loan): Promise<string[]> {
    return (await api.call('GET', `/v1/cases/${loanId}/timeline`)).body.items.map(({ kind }) => kind);
  }

  it('STOP closes the way as soon as the number is put for a borrower, once, and their file says so', async () => {
    const [loan, number] = [await addCase(api), newNumber()];
    await write(number, 'STOP');
    expect(await closedTo(loan)).toEqual(new Set());
    expect((await know(loan, number)).status).toBe(200);
    expect(await closedTo(loan)).toEqual(new Set(['sms']));
    expect((await told(loan)).filter((kind) => kind === 'opted-out')).toHaveLength(1);
    // Who agrees again later is not closed again by the old word.
    const consent = { channel: 'sms', state: 'opted-in', source: 'form' };
    await api.call('POST', `/v1/customers/${loan.customerId}/consents`, consent);
    await know(loan, number);
    expect(await closedTo(loan)).toEqual(new Set());
  });

  it('STOP closes the way of a customer who is imported with the number', async () => {
    const number = newNumber();
    await write(number, 'STOP');
    const customerId = `C-${randomUUID().slice(0, 8)}`;
    const { name, language, timezone } = customerBody;
    const row = [customerId, name, language, timezone, number].join(',');
    const file = `customer_id,name,language,timezone,phone\n${row}\n`;
    await api.call('POST', '/v1/imports?kind=customers', file, { 'content-type': 'text/csv' });
    expect(await closedWays(api.pool, customerId)).toEqual(new Set(['sms']));
  });

  it('the last word counts: START after STOP leaves the way open', async () => {
    const [loan, number] = [await addCase(api), newNumber()];
    await write(number, 'STOP');
    api.clock.ms += 60_000;
    await write(number, 'START');
    await know(loan, number);
    expect(await closedTo(loan)).toEqual(new Set());
    api.clock.ms = mondayMorningMs;
  });

  it('what may be an opt-out holds messages until a person has decided, and then closes the way', async () => {
    const [loan, number] = [await addCase(api), newNumber()];
    await write(number, 'Please do not text me any more');
    await know(loan, number);
    expect(await closedTo(loan)).toEqual(new Set());
    const facts = await api.call('GET', `/v1/customers/${loan.customerId}/contact-facts`);
    expect(facts.body).toMatchObject({ flags: [{ flag: 'opt-out-review', endedBy: null }] });
    const listed = await api.call('GET', `/v1/messages?customerId=${loan.customerId}`);
    const [message] = listed.body.items;
    const url = `/v1/messages/${message?.inboundId ?? ''}/decision`;
    expect((await api.call('POST', url, { decision: 'opt-out' })).status).toBe(200);
    expect(await closedTo(loan)).toEqual(new Set(['sms']));
  });

  it('STOP from what is then put as a guarantor’s number closes the way to the guarantor alone', async () => {
    const [loan, value] = [await addCase(api), newNumber()];
    await write(value, 'STOP');
    const owner = { partyId: 'p-guarantor', role: 'guarantor' };
    await api.call('PUT', `/v1/customers/${loan.customerId}/contact-points`, { kind: 'phone', value, owner });
    expect(await closedTo(loan)).toEqual(new Set());
    expect(await closedWays(api.pool, loan.customerId, 'p-guarantor')).toEqual(new Set(['sms']));
  });

  it('a word from another number closes nothing', async () => {
    const loan = await addCase(api);
    await write(newNumber(), 'STOP');
    await know(loan, newNumber());
    expect(await closedTo(loan)).toEqual(new Set());
  });
});
