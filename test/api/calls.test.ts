import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CallPlay } from '../../src/channels/local/twilio-calls';
import { giveUpSilentCalls } from '../../src/cases/silent-calls';
import { hashOfWords } from '../../src/contact/gate';
import { readCourtFile } from '../../src/ledger/court-file';
import { openGate } from '../../src/service/case-worker-deps';
import { connectionOfContact, getCall } from '../../src/store/calls';
import { getContact } from '../../src/store/contacts';
import { listEvents } from '../../src/store/timeline';
import { shippedPack } from '../policy/sources';
import { type CallHouse, collectorPhone, startCallHouse } from './call-support';
import { type Loan, phone } from './portfolio';
import { mondayMorningMs } from './support';

let house: CallHouse;
beforeAll(async () => {
  house = await startCallHouse();
});
afterAll(() => house.close());
beforeEach(async () => {
  house.api.clock.ms = mondayMorningMs;
  house.rules.gate = await openGate();
});

async function makeCall(taskId: string, play?: CallPlay) {
  if (play !== undefined) house.providers.calls.plays.next(play);
  const answer = await house.post(`/v1/tasks/${taskId}/call`, { collectorPhone });
  await house.providers.calls.settled();
  return answer.body as unknown as { contactId: string; attempt: number; state: string; voicemailScript: string };
}

async function standingOf(contactId: string) {
  const { pool } = house.api;
  const [contact, call] = [await getContact(pool, contactId), await getCall(pool, contactId)];
  return {
    state: contact?.state,
    connection: await connectionOfContact(pool, contactId),
    borrower: call?.borrowerStatus,
  };
}

async function timelineOf({ loanId }: Loan): Promise<string[]> {
  return (await listEvents(house.api.pool, loanId, null, 200)).items.map(({ kind }) => kind);
}

const complete = (taskId: string, outcome: string) => house.post(`/v1/tasks/${taskId}/complete`, { outcome });

/** The caps and intervals of Regulation F alone, beside the house rules. */
async function inAmerica(): Promise<void> {
  const gate = await openGate();
  const regF = shippedPack('us-regf');
  const rules = regF.rules.filter(({ kind }) => ['frequencyCap', 'cooldown', 'timeWindow'].includes(kind));
  house.rules.gate = { ...gate, inForce: { actor: 'AGENCY', changes: [], packs: [{ ...regF, rules }] } };
}

describe('a call through the provider', () => {
  it('rings the collector, then the borrower with the bank’s number, and says who is called', async () => {
    const { taskId, loan } = await house.claimedCall();
    const { contactId } = await makeCall(taskId);
    expect(await standingOf(contactId)).toEqual({ state: 'placed', connection: 'conversation', borrower: 'completed' });
    const call = await getCall(house.api.pool, contactId);
    const { calls, twilio } = house.providers;
    const [collector, borrower] = [calls.find(call?.collectorSid ?? ''), calls.find(call?.borrowerSid ?? '')];
    expect(collector).toMatchObject({ to: collectorPhone, from: twilio.from, parentSid: null, status: 'completed' });
    expect(borrower).toMatchObject({ to: phone, from: twilio.from, parentSid: call?.collectorSid });
    expect(calls.said).toContainEqual({ sid: call?.collectorSid, text: 'Connecting you to Robin Example.' });
    expect(await timelineOf(loan)).toEqual(['opened', 'call-started', 'call-ended']);
  });

  it.each<[CallPlay, string, string | null, string | null]>([
    [{ borrower: 'busy' }, 'failed', 'none', 'busy'],
    [{ borrower: 'failed' }, 'failed', 'none', 'failed'],
    [{ borrower: 'no-answer' }, 'placed', 'rang', 'no-answer'],
    [{ borrower: 'machine' }, 'placed', 'rang', 'completed'],
    [{ collector: 'busy' }, 'released', null, null],
    [{ collector: 'no-answer' }, 'released', null, null],
    [{ collector: 'failed' }, 'released', null, null],
  ])('that goes like %j is on record as %s, %s', async (play, state, connection, borrower) => {
    const { taskId } = await house.claimedCall();
    const { contactId } = await makeCall(taskId, play);
    expect(await standingOf(contactId)).toEqual({ state, connection, borrower });
  });

  it('is one call, however often it is asked for while it rings', async () => {
    const { taskId } = await house.claimedCall();
    const ask = () => house.post(`/v1/tasks/${taskId}/call`, { collectorPhone });
    const again: unknown[] = [];
    house.providers.calls.plays.next({
      betweenLegs: async () => {
        again.push((await ask()).body);
      },
    });
    expect((await ask()).body).toMatchObject({ attempt: 1, state: 'reserved' });
    await house.providers.calls.settled();
    expect(again).toMatchObject([{ attempt: 1, collector: 'in-progress' }]);
    const { rows } = await house.api.pool.query('select from call where task_id = $1', [taskId]);
    expect(rows).toHaveLength(1);
  });

  it('that was answered is not made again: the task is to be completed', async () => {
    const { taskId } = await house.claimedCall();
    await makeCall(taskId);
    const again = await house.post(`/v1/tasks/${taskId}/call`, { collectorPhone });
    expect(again.body).toMatchObject({ status: 409, detail: expect.stringContaining('complete the task') });
  });

  it.each([
    [{ collectorPhone: 'my phone' }, 'collectorPhone'],
    [{ collectorPhone, contactPoint: '+447700900999' }, 'contactPoint'],
    [{}, 'collectorPhone'],
  ])('is refused with %j', async (body, field) => {
    const { taskId } = await house.claimedCall();
    const answer = await house.post(`/v1/tasks/${taskId}/call`, body);
    expect(answer.body).toMatchObject({ type: 'urn:arrears:InputInvalid', field });
  });

  it('does not begin in the last five minutes of the hours of contact', async () => {
    const { taskId, loan } = await house.claimedCall();
    house.api.clock.ms = Date.parse('2026-03-02T12:55:00Z'); // 20:55 in Shanghai; the house stops at 21:00
    const late = await house.post(`/v1/tasks/${taskId}/call`, { collectorPhone });
    expect(late.body).toMatchObject({
      type: 'urn:arrears:ContactNotAllowed',
      detail: expect.stringContaining('HOUSE-HOURS'),
    });
    expect(await timelineOf(loan)).toContain('contact-denied');
    house.api.clock.ms = Date.parse('2026-03-02T12:54:59Z');
    expect((await house.post(`/v1/tasks/${taskId}/call`, { collectorPhone })).status).toBe(200);
    await house.providers.calls.settled();
  });

  it('that is refused for another number leaves the number that was reserved', async () => {
    const { taskId, loan } = await house.claimedCall();
    const friend = { kind: 'phone', value: '+12025550143', owner: { partyId: 'p-1', role: 'contact' } };
    await house.api.call('PUT', `/v1/customers/${loan.customerId}/contact-points`, friend);
    const refused = await house.post(`/v1/tasks/${taskId}/call`, { collectorPhone, contactPoint: friend.value });
    expect(refused.body).toMatchObject({ type: 'urn:arrears:ContactNotAllowed' });
    const { rows } = await house.api.pool.query('select contact_point, party_id from contact where loan_id = $1', [
      loan.loanId,
    ]);
    expect(rows).toEqual([{ contact_point: phone, party_id: null }]);
  });

  it('reaches nobody when the borrower opts out after the collector has answered', async () => {
    const { taskId, loan } = await house.claimedCall();
    const consent = { channel: 'call', state: 'opted-out', source: 'letter' };
    const { contactId } = await makeCall(taskId, {
      betweenLegs: async () => {
        await house.post(`/v1/customers/${loan.customerId}/consents`, consent);
      },
    });
    expect(await standingOf(contactId)).toEqual({ state: 'released', connection: null, borrower: null });
    expect(house.providers.calls.said.at(-1)?.text).toBe('This call is not allowed now.');
    const denied = (await listEvents(house.api.pool, loan.loanId, null, 50)).items.find(
      ({ kind }) => kind === 'contact-denied',
    );
    expect(denied?.data['rules']).toContain('HOUSE-OPT-OUT');
    const { rows } = await house.api.pool.query('select from contact_decision where loan_id = $1', [loan.loanId]);
    expect(rows).toHaveLength(1);
  });
});

describe('a request for a call whose answer is lost', () => {
  it('counts as made, is not asked for again, and the reports that follow say how it went', async () => {
    const { taskId } = await house.claimedCall();
    house.providers.faults.call.next('cut-after-accept');
    const { contactId } = await makeCall(taskId);
    expect(await standingOf(contactId)).toEqual({ state: 'placed', connection: 'conversation', borrower: 'completed' });
    const { rows } = await house.api.pool.query('select from call where task_id = $1', [taskId]);
    expect(rows).toHaveLength(1);
  });

  it('counts as made where nothing more is ever heard', async () => {
    const { taskId } = await house.claimedCall();
    house.providers.faults.call.next('cut-before-accept');
    const { state, contactId } = await makeCall(taskId);
    expect(state).toBe('unknown');
    const again = await house.post(`/v1/tasks/${taskId}/call`, { collectorPhone });
    expect(again.body).toMatchObject({ contactId, attempt: 1 });
    expect(await giveUpSilentCalls(house.api.pool, house.api.clock.ms + 2 * 60_000 - 1)).toBe(0);
    expect(await standingOf(contactId)).toMatchObject({ state: 'unknown' });
  });

  it('counts no more two minutes later: only this service dials the borrower, and it has not', async () => {
    const { loan, taskId } = await house.claimedCall();
    house.providers.faults.call.next('cut-before-accept');
    const { contactId } = await makeCall(taskId);
    house.api.clock.ms += 2 * 60_000;
    expect(await giveUpSilentCalls(house.api.pool, house.api.clock.ms)).toBeGreaterThan(0);
    expect(await giveUpSilentCalls(house.api.pool, house.api.clock.ms)).toBe(0);
    expect(await standingOf(contactId)).toMatchObject({ state: 'released' });
    expect((await timelineOf(loan)).filter((kind) => kind === 'call-ended')).toHaveLength(1);
  });

  it('gives its slot back when the next attempt is made', async () => {
    const { taskId } = await house.claimedCall();
    house.providers.faults.call.next('cut-before-accept');
    const { contactId } = await makeCall(taskId);
    house.api.clock.ms += 2 * 60_000;
    expect(await makeCall(taskId)).toMatchObject({ attempt: 2 });
    expect(await standingOf(contactId)).toMatchObject({ state: 'released' });
  });

  it('may be made again two minutes after the collector was rung, when the last report is lost too', async () => {
    const { taskId } = await house.claimedCall();
    const { contactId } = await makeCall(taskId, { collector: 'no-answer' });
    const forget = `update call set collector_status = 'ringing', dialled_at = null where contact_id = $1`;
    await house.api.pool.query(forget, [contactId]);
    expect(await makeCall(taskId)).toMatchObject({ contactId, attempt: 1 });
    house.api.clock.ms += 2 * 60_000;
    expect(await makeCall(taskId)).toMatchObject({ attempt: 2 });
    expect(await getCall(house.api.pool, contactId)).toMatchObject({ failure: 'nothing was heard of its end' });
  });

  it('may be made again four hours after the borrower was dialled, when the last report is lost: no call lasts longer', async () => {
    const { taskId } = await house.claimedCall();
    const { contactId } = await makeCall(taskId, { borrower: 'no-answer' });
    const forget = `update call set collector_status = 'in-progress', borrower_status = 'in-progress' where contact_id = $1`;
    await house.api.pool.query(forget, [contactId]);
    house.api.clock.ms += 4 * 3_600_000 - 1;
    expect(await makeCall(taskId)).toMatchObject({ contactId, attempt: 1 });
    house.api.clock.ms += 1;
    expect(await makeCall(taskId, { borrower: 'no-answer' })).toMatchObject({ attempt: 2 });
    expect(await getCall(house.api.pool, contactId)).toMatchObject({ failure: 'nothing was heard of its end' });
    // Whatever became of it, it counts.
    expect(await standingOf(contactId)).toMatchObject({ state: 'placed' });
  });

  it.each(['429'] as const)('does not count when the provider refused it: %s', async (fault) => {
    const { taskId } = await house.claimedCall();
    house.providers.faults.call.next(fault);
    expect(await makeCall(taskId)).toMatchObject({ state: 'released', failure: 'the provider is busy' });
    expect(await makeCall(taskId)).toMatchObject({ attempt: 2, failure: null });
  });
});

describe('what a call counts for under Regulation F', () => {
  beforeEach(inAmerica);

  const tryAgainOn = async (loan: Loan, at: string) => {
    house.api.clock.ms = Date.parse(at);
    return house.claimedCall(loan, `team/${at}`);
  };

  it('a conversation begins seven days without a call', async () => {
    const { taskId, loan } = await house.claimedCall();
    await makeCall(taskId);
    expect((await complete(taskId, 'spoken-to')).status).toBe(200);
    await expect(tryAgainOn(loan, '2026-03-08T10:00:00+08:00')).rejects.toThrow('US-REGF-CALL-CONV7');
    await expect(tryAgainOn(loan, '2026-03-09T10:00:00+08:00')).resolves.toMatchObject({ loan });
  });

  it('somebody else’s answer begins none', async () => {
    const { taskId, loan } = await house.claimedCall();
    await makeCall(taskId);
    await complete(taskId, 'other-person');
    await expect(tryAgainOn(loan, '2026-03-04T10:00:00+08:00')).resolves.toMatchObject({ loan });
  });

  it.each<[NonNullable<CallPlay['borrower']>, string, boolean]>([
    ['busy', 'busy', true],
    ['failed', 'busy', true],
    ['no-answer', 'no-answer', false],
    ['machine', 'voicemail', false],
  ])('%s counts against seven in seven days unless it was not put through', async (borrower, outcome, eighth) => {
    const { taskId, loan } = await house.claimedCall();
    let task = taskId;
    for (let n = 0; n < 7; n += 1) {
      if (n > 0) ({ taskId: task } = await house.claimedCall(loan, `team/call-${borrower}-${n}`));
      await makeCall(task, { borrower });
      expect((await complete(task, outcome)).status).toBe(200);
    }
    const next = house.claimedCall(loan, `team/eighth-${borrower}`);
    if (eighth) await expect(next).resolves.toMatchObject({ loan });
    else await expect(next).rejects.toThrow('US-REGF-CALL-7IN7');
  });

  it('a collector who was not reached has called nobody', async () => {
    const { taskId, loan } = await house.claimedCall();
    for (let n = 1; n <= 8; n += 1) expect((await makeCall(taskId, { collector: 'busy' })).attempt).toBe(n);
    await expect(house.claimedCall(loan, 'team/after')).resolves.toMatchObject({ loan });
  });
});

describe('an answering machine', () => {
  const words =
    'Hello. This is Example Bank. My name is Ana Zhou. Please call back. The number is 1 2 0 2 5 5 5 0 1 0 0. ' +
    'You may speak with any representative.';

  it('is left a limited-content message, word for word, and the collector is shown the same', async () => {
    const { taskId, loan } = await house.claimedCall();
    const { contactId, voicemailScript } = await makeCall(taskId, { borrower: 'machine' });
    expect(voicemailScript).toBe(words);
    const call = await getCall(house.api.pool, contactId);
    expect(house.providers.calls.said.filter(({ sid }) => sid === call?.borrowerSid)).toEqual([
      { sid: call?.borrowerSid, text: words },
    ]);
    expect(call).toMatchObject({ voicemail: 'left', answeredBy: 'machine_end_beep' });
    const told = ['opened', 'call-started', 'voicemail-played', 'voicemail-left', 'call-ended'];
    expect(await timelineOf(loan)).toEqual(told);
  });

  it('has its words kept for good, with the parts that they were built of, for the dossier and for a court', async () => {
    const { taskId, loan } = await house.claimedCall();
    const { contactId } = await makeCall(taskId, { borrower: 'machine' });
    const contact = await getContact(house.api.pool, contactId);
    const contentHash = hashOfWords(null, words);
    expect(contact).toMatchObject({ body: words, contentHash, language: 'en', subject: null });
    const { items } = await listEvents(house.api.pool, loan.loanId, null, 50);
    expect(items.find(({ kind }) => kind === 'voicemail-played')?.data).toEqual({
      ...{ contactId, language: 'en', contentHash },
      parts: [
        ...['salutation', 'business-name', 'person-name', 'request-to-reply', 'call-back-number', 'any-representative'],
      ],
    });
    const dossier = await house.api.call('GET', `/v1/cases/${loan.loanId}/dossier`);
    expect(dossier.body.contacts.map(({ body }) => body)).toEqual([words]);
    const file = await readCourtFile(house.api.pool, loan.loanId, [], mondayMorningMs);
    expect(file.contacts.map(({ text }) => text)).toEqual([words]);
    const other = `update contact set body = 'pay now' where contact_id = $1`;
    await expect(house.api.pool.query(other, [contactId])).rejects.toThrow('never changes');
  });

  it('that cuts the message off leaves a risk on the timeline', async () => {
    const { taskId, loan } = await house.claimedCall();
    const { contactId } = await makeCall(taskId, { borrower: 'machine-cut' });
    expect(await getCall(house.api.pool, contactId)).toMatchObject({ voicemail: 'partial' });
    expect(await timelineOf(loan)).toEqual([
      ...['opened', 'call-started', 'voicemail-played', 'communication-risk', 'call-ended'],
    ]);
  });

  it('hears nothing from an artificial voice where a law asks for a consent that is not there', async () => {
    const gate = await openGate();
    const regF = shippedPack('us-regf');
    const rules = regF.rules.filter(({ id }) => id.startsWith('US-TCPA-CONSENT') || id === 'US-REGF-TIME');
    house.rules.gate = { ...gate, inForce: { actor: 'AGENCY', changes: [], packs: [{ ...regF, rules }] } };
    const { taskId, loan } = await house.claimedCall();
    const { contactId } = await makeCall(taskId, { borrower: 'machine' });
    expect(await getCall(house.api.pool, contactId)).toMatchObject({ voicemail: null });
    const denied = (await listEvents(house.api.pool, loan.loanId, null, 50)).items.find(
      ({ kind }) => kind === 'voicemail-denied',
    );
    expect(denied?.data).toMatchObject({ rules: ['US-TCPA-CONSENT-VOICE'] });

    const agreed = await house.claimedCall();
    const grant = { grant: 'direct-consent', channel: 'call', evidence: 'form 7', at: '2026-03-01T00:00:00Z' };
    const given = await house.post(`/v1/customers/${agreed.loan.customerId}/grants`, grant);
    expect(given.status).toBeLessThan(300);
    const second = await makeCall(agreed.taskId, { borrower: 'machine' });
    expect(await getCall(house.api.pool, second.contactId)).toMatchObject({ voicemail: 'left' });
  });
});
