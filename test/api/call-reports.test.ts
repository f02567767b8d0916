import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import twilio from 'twilio';
import { giveUpSilentCalls } from '../../src/cases/silent-calls';
import { connectionOfContact, getCall } from '../../src/store/calls';
import { getContact } from '../../src/store/contacts';
import { listEvents } from '../../src/store/timeline';
import { openGate } from '../../src/service/case-worker-deps';
import { shippedPack } from '../policy/sources';
import { type CallHouse, collectorPhone, startCallHouse } from './call-support';
import type { Loan } from './portfolio';
import { mondayMorningMs } from './support';

let house: CallHouse;
beforeAll(async () => {
  house = await startCallHouse(true);
});
afterAll(() => house.close());
beforeEach(async () => {
  house.api.clock.ms = mondayMorningMs;
  house.rules.gate = await openGate();
});

const child = `CA${'b'.repeat(32)}`;

interface Begun {
  readonly loan: Loan;
  readonly contactId: string;
  readonly collectorSid: string;
}

/** A call that the provider has taken and says nothing of: the test plays the rest. */
async function begun(): Promise<Begun> {
  const { loan, taskId } = await house.claimedCall();
  const { calls } = house.providers;
  calls.plays.next({ silent: true });
  const answer = await house.post(`/v1/tasks/${taskId}/call`, { collectorPhone });
  const { contactId } = answer.body as unknown as { contactId: string };
  await calls.settled();
  const collectorSid = (await getCall(house.api.pool, contactId))?.collectorSid ?? '';
  return { loan, contactId, collectorSid };
}

async function tell(contactId: string, what: string, form: Record<string, string>, token?: string | null) {
  const url = `${house.publicUrl}/v1/webhooks/twilio/voice/${contactId}/${what}`;
  const key = token === undefined ? house.providers.twilio.authToken : token;
  const headers = key === null ? {} : { 'X-Twilio-Signature': twilio.getExpectedTwilioSignature(key, url, form) };
  const answer = await fetch(url, { method: 'POST', headers, body: new URLSearchParams(form) });
  return { status: answer.status, text: await answer.text() };
}

const connect = ({ contactId, collectorSid }: Begun) =>
  tell(contactId, 'connect', { CallSid: collectorSid, CallStatus: 'in-progress' });
const report = (contactId: string, status: string, sid = child) =>
  tell(contactId, 'borrower', { CallSid: sid, CallStatus: status });

async function standingOf(contactId: string) {
  const { pool } = house.api;
  const [contact, call] = [await getContact(pool, contactId), await getCall(pool, contactId)];
  return [contact?.state, await connectionOfContact(pool, contactId), call?.borrowerStatus];
}

const kindsOf = async ({ loanId }: Loan): Promise<string[]> =>
  (await listEvents(house.api.pool, loanId, null, 200)).items.map(({ kind }) => kind);

describe('what the provider is told to do when the collector has answered', () => {
  it('is to dial the borrower with the bank’s number, a limited time, and every report to us', async () => {
    const one = await begun();
    const { status, text } = await connect(one);
    const at = (what: string) => `${house.publicUrl}/v1/webhooks/twilio/voice/${one.contactId}/${what}`;
    expect(status).toBe(200);
    expect(text).toBe(
      '<?xml version="1.0" encoding="UTF-8"?><Response><Say language="en-GB">Connecting you to Robin Example.</Say>' +
        `<Dial callerId="${house.providers.twilio.from}" timeout="30" answerOnBridge="true" action="${at('ended')}" ` +
        `record="record-from-answer-dual" recordingStatusCallback="${at('recording')}">` +
        `<Number statusCallback="${at('borrower')}" statusCallbackEvent="initiated ringing answered completed" ` +
        `url="${at('greeting')}" machineDetection="DetectMessageEnd" amdStatusCallback="${at('machine')}">` +
        '+447700900123</Number></Dial></Response>',
    );
    expect((await connect(one)).text).toBe(text);
    await report(one.contactId, 'ringing');
    expect((await connect(one)).text).toContain('<Hangup/>');
  });

  it('is nothing for a call that nobody knows, or of which another leg asks', async () => {
    const one = await begun();
    expect((await connect({ ...one, collectorSid: `CA${'c'.repeat(32)}` })).text).toContain(
      '<Response><Hangup/></Response>',
    );
    const unknown = { ...one, contactId: '00000000-0000-4000-8000-000000000000' };
    expect((await connect(unknown)).text).toContain('<Response><Hangup/></Response>');
    expect(await standingOf(one.contactId)).toEqual(['reserved', null, null]);
  });

  it('is nothing for a call that was given up: the collector hears no ringing, and the slot stays given back', async () => {
    const one = await begun();
    expect(await giveUpSilentCalls(house.api.pool, mondayMorningMs + 2 * 60_000)).toBeGreaterThan(0);
    expect((await connect(one)).text).toContain('<Response><Hangup/></Response>');
    expect(await standingOf(one.contactId)).toEqual(['released', null, null]);
  });
});

describe('a report about the borrower’s leg', () => {
  it.each<[string[], string, string | null, string]>([
    [['initiated', 'ringing', 'in-progress', 'completed'], 'placed', 'conversation', 'completed'],
    [['completed', 'in-progress', 'ringing', 'initiated'], 'placed', 'conversation', 'completed'],
    [['busy', 'ringing', 'initiated'], 'failed', 'none', 'busy'],
    [['no-answer', 'in-progress'], 'placed', 'rang', 'no-answer'],
    [['ringing', 'nonsense'], 'placed', 'rang', 'ringing'],
    [['canceled', 'completed'], 'placed', 'rang', 'canceled'],
  ])('may come in any order: %j', async (statuses, state, connection, borrower) => {
    const one = await begun();
    await connect(one);
    for (const status of statuses) expect((await report(one.contactId, status)).status).toBe(204);
    expect(await standingOf(one.contactId)).toEqual([state, connection, borrower]);
  });

  it('that comes ten times at once is one', async () => {
    const one = await begun();
    await connect(one);
    await Promise.all(Array.from({ length: 10 }, () => report(one.contactId, 'no-answer')));
    expect(await standingOf(one.contactId)).toEqual(['placed', 'rang', 'no-answer']);
    expect((await kindsOf(one.loan)).filter((kind) => kind === 'call-ended')).toHaveLength(1);
  });

  it('that was lost is made up for by what the collector’s leg tells in the end', async () => {
    const one = await begun();
    await connect(one);
    const dialled = { CallSid: one.collectorSid, DialCallSid: child, DialCallStatus: 'busy' };
    expect((await tell(one.contactId, 'ended', dialled)).text).toContain('<Hangup/>');
    expect(await standingOf(one.contactId)).toEqual(['failed', 'none', 'busy']);
  });

  it('that never comes leaves a call that counts as a conversation', async () => {
    const one = await begun();
    await connect(one);
    await tell(one.contactId, 'collector', { CallSid: one.collectorSid, CallStatus: 'completed' });
    expect(await standingOf(one.contactId)).toEqual(['placed', null, null]);
  });

  it.each<[string, string | null]>([
    ['is not signed', null],
    ['is signed with another key', 'another-token'],
  ])('that %s changes nothing and is answered with 403', async (_what, token) => {
    const one = await begun();
    const before = await standingOf(one.contactId);
    for (const what of ['connect', 'borrower', 'collector', 'machine', 'recording', 'ended', 'left', 'greeting']) {
      const form = { CallSid: one.collectorSid, CallStatus: 'completed', AnsweredBy: 'machine_end_beep' };
      expect((await tell(one.contactId, what, form, token)).status).toBe(403);
    }
    expect(await standingOf(one.contactId)).toEqual(before);
  });

  it('about another call changes nothing', async () => {
    const one = await begun();
    await connect(one);
    await report(one.contactId, 'ringing');
    await report(one.contactId, 'busy', `CA${'d'.repeat(32)}`);
    expect(await standingOf(one.contactId)).toEqual(['placed', 'rang', 'ringing']);
  });
});

describe('a recorded call', () => {
  const recordings = async (loan: Loan) =>
    (await house.api.call('GET', `/v1/cases/${loan.loanId}/recordings`)).body.items as unknown as {
      recordingId: string;
      retainUntil: string;
      deletedAt: string | null;
    }[];

  async function recordedCall() {
    const { loan, taskId } = await house.claimedCall();
    await house.post(`/v1/tasks/${taskId}/call`, { collectorPhone });
    await house.providers.calls.settled();
    return loan;
  }

  it('begins with words to the borrower that say so', async () => {
    await recordedCall();
    expect(house.providers.calls.said.at(-1)?.text).toBe('This is Example Bank. This call is recorded.');
  });

  it('is not recorded where an artificial voice may not say so: the two speak without', async () => {
    const gate = await openGate();
    const regF = shippedPack('us-regf');
    const rules = regF.rules.filter(({ id }) => id.startsWith('US-TCPA-CONSENT') || id === 'US-REGF-TIME');
    house.rules.gate = { ...gate, inForce: { actor: 'AGENCY', changes: [], packs: [{ ...regF, rules }] } };
    const said = house.providers.calls.said.length;
    const loan = await recordedCall();
    expect(await recordings(loan)).toEqual([]);
    const texts = house.providers.calls.said.slice(said).map(({ text }) => text);
    expect(texts).toEqual(['Connecting you to Robin Example.']);
  });

  it('is on record as a link, which is given out to whoever may hear it, and each time is on record', async () => {
    const loan = await recordedCall();
    const [recording] = await recordings(loan);
    expect(JSON.stringify(recording)).not.toContain('http');
    const url = `/v1/recordings/${recording?.recordingId ?? ''}/open`;
    expect((await house.post(url, {})).body).toMatchObject({ field: 'reason' });
    for (let n = 0; n < 2; n += 1) {
      const opened = await house.post(url, { reason: 'complaint of the borrower' });
      expect(opened.body).toMatchObject({ url: expect.stringMatching(/^https:\/\/api\.twilio\.com\/.*\/RE\w{32}$/) });
    }
    const { rows } = await house.api.pool.query('select actor, reason from recording_access where recording_id = $1', [
      recording?.recordingId,
    ]);
    expect(rows).toEqual(Array(2).fill({ actor: 'ana.zhou', reason: 'complaint of the borrower' }));
    expect((await kindsOf(loan)).filter((kind) => kind === 'recording-opened')).toHaveLength(2);
    const change = "update recording_access set reason = 'none'";
    await expect(house.api.pool.query(change)).rejects.toThrow('permission denied');
  });

  it('is kept as long as the longest pack says, and then deleted at the provider once the case is closed', async () => {
    const gate = await openGate();
    const packs = [shippedPack('us-regf')];
    const { loan, taskId } = await house.claimedCall();
    house.rules.gate = {
      ...gate,
      inForce: {
        actor: 'AGENCY',
        changes: [],
        packs: packs.map((pack) => ({
          ...pack,
          rules: pack.rules.filter(({ kind }) => kind === 'retention' || kind === 'timeWindow'),
        })),
      },
    };
    await house.post(`/v1/tasks/${taskId}/call`, { collectorPhone });
    await house.providers.calls.settled();
    const [recording] = await recordings(loan);
    expect(Date.parse(recording?.retainUntil ?? '')).toBe(mondayMorningMs + 3 * 366 * 86_400_000);

    const kept = house.providers.calls.recordings.size;
    const clean = async () => (await house.post('/v1/recordings/delete-old')).body;
    expect(await clean()).toEqual({ deleted: 0 });
    house.api.clock.ms = mondayMorningMs + 3 * 366 * 86_400_000;
    expect(await clean()).toEqual({ deleted: 0 });
    await house.api.pool.query(`update loan_case set status = 'closed' where loan_id = $1`, [loan.loanId]);
    expect(await clean()).toEqual({ deleted: 1 });
    expect(house.providers.calls.recordings.size).toBe(kept - 1);
    expect((await recordings(loan))[0]?.deletedAt).not.toBeNull();
    const gone = await house.post(`/v1/recordings/${recording?.recordingId ?? ''}/open`, { reason: 'too late' });
    expect(gone.body).toMatchObject({ type: 'urn:arrears:NotFound' });
    expect(await clean()).toEqual({ deleted: 0 });
  });
});
