import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openGate } from '../../src/service/case-worker-deps';
import { getCall } from '../../src/store/calls';
import { addFlag } from '../../src/store/contact-facts';
import { getContact } from '../../src/store/contacts';
import { addTask } from '../../src/store/tasks';
import { shippedPack } from '../policy/sources';
import { sampleTask } from '../store/samples';
import { type CallHouse, collectorPhone, startCallHouse } from './call-support';
import { addCase, type Loan, phone } from './portfolio';
import { mondayMorningMs } from './support';

const friendPhone = '+12025550155';

let house: CallHouse;
beforeAll(async () => {
  house = await startCallHouse(true);
});
afterAll(() => house.close());
beforeEach(async () => {
  house.api.clock.ms = mondayMorningMs;
  house.rules.gate = await openGate();
});

/** A claimed trace of a borrower with a friend on record, lost or not. */
async function trace(isLost = true): Promise<{ loan: Loan; taskId: string }> {
  const loan = await addCase(house.api);
  const owner = { partyId: 'p-friend', role: 'contact' };
  const friend = { kind: 'phone', value: friendPhone, owner };
  await house.api.call('PUT', `/v1/customers/${loan.customerId}/contact-points`, friend);
  const known = { customerId: loan.customerId, loanId: null, partyId: null, evidence: 'no number works', actor: 'ana' };
  const lost = { flag: 'lost-contact', fromMs: mondayMorningMs, untilMs: null, confirmed: true } as const;
  if (isLost) await addFlag(house.api.pool, { ...known, ...lost });
  return { loan, taskId: await traceOf(loan) };
}

async function traceOf(loan: Loan): Promise<string> {
  const times = { notBeforeMs: mondayMorningMs, dueAtMs: mondayMorningMs + 86_400_000 };
  const wanted = { ...times, kind: 'trace', taskKey: `${loan.loanId}/1/trace/${randomUUID()}` } as const;
  const { task } = await addTask(house.api.pool, sampleTask(loan as never, wanted));
  expect((await house.post(`/v1/tasks/${task.taskId}/claim`)).status).toBe(200);
  return task.taskId;
}

async function ask(taskId: string, contactPoint: string | null = friendPhone) {
  const answer = await house.post(`/v1/tasks/${taskId}/call`, { collectorPhone, contactPoint });
  await house.providers.calls.settled();
  return answer.body as unknown as Record<string, unknown> & { contactId: string };
}

describe('somebody else who is called for a trace', () => {
  it('is asked how the borrower can be reached, and that is the purpose on record', async () => {
    const { taskId } = await trace();
    const said = house.providers.calls.said.length;
    const body = await ask(taskId);
    expect(body).toMatchObject({
      contactPoint: friendPhone,
      voicemailScript: null,
      locationScript: 'Hello. My name is Ana Zhou. I am confirming how Robin Example can be reached.',
    });
    expect(await getContact(house.api.pool, body.contactId)).toMatchObject({
      ...{ purpose: 'location-info', partyId: 'p-friend', partyRole: 'contact', state: 'placed' },
    });
    // Nobody tells the friend which bank it is, or that the call is recorded by one.
    const texts = house.providers.calls.said.slice(said).map(({ text }) => text);
    expect(texts).toEqual(['Connecting you to Robin Example.']);
    const done = await house.post(`/v1/tasks/${taskId}/complete`, { outcome: 'not-found' });
    expect(done.body).toMatchObject({ state: 'completed', outcome: 'not-found' });
    expect(await getContact(house.api.pool, body.contactId)).toMatchObject({
      purpose: 'location-info',
      state: 'placed',
    });
  });

  it('hears nothing on a machine', async () => {
    const { taskId } = await trace();
    house.providers.calls.plays.next({ borrower: 'machine' });
    const { contactId } = await ask(taskId);
    expect(await getCall(house.api.pool, contactId)).toMatchObject({ voicemail: null, answeredBy: 'machine_end_beep' });
  });

  it('is not called while the borrower can be reached', async () => {
    const { taskId } = await trace(false);
    expect(await ask(taskId)).toMatchObject({
      type: 'urn:arrears:ContactNotAllowed',
      detail: expect.stringContaining('HOUSE-PARTIES'),
    });
  });

  it('says that they are never to be called again, and is not: the flag is theirs and nobody else’s', async () => {
    const { loan, taskId } = await trace();
    await ask(taskId);
    const done = await house.post(`/v1/tasks/${taskId}/complete`, { outcome: 'refused' });
    expect(done.body).toMatchObject({ state: 'completed', outcome: 'refused' });
    const facts = await house.api.call('GET', `/v1/customers/${loan.customerId}/contact-facts`);
    expect(facts.body).toMatchObject({
      flags: [
        { flag: 'lost-contact' },
        {
          flag: 'refused-contact',
          partyId: 'p-friend',
          loanId: null,
          confirmed: false,
          actor: 'ana.zhou',
          handler: null,
        },
      ],
    });
    const timeline = await house.api.call('GET', `/v1/cases/${loan.loanId}/timeline`);
    expect(timeline.body.items.map(({ kind }) => kind)).toContain('flag-set');
    // A borrower who refuses to pay is sent to the team; nobody did here.
    expect((await house.api.call('GET', `/v1/cases/${loan.loanId}`)).body.escalateTo).toBeNull();
    const next = await traceOf(loan);
    house.api.clock.ms += 60_000;
    expect(await ask(next)).toMatchObject({
      type: 'urn:arrears:ContactNotAllowed',
      detail: expect.stringContaining('HOUSE-REFUSED-CONTACT'),
    });
  });

  it('is named where the call was made by hand', async () => {
    const { loan, taskId } = await trace();
    const complete = (said: object) => house.post(`/v1/tasks/${taskId}/complete`, { outcome: 'refused', ...said });
    expect((await complete({})).body).toMatchObject({ type: 'urn:arrears:InputInvalid', field: 'partyId' });
    expect((await complete({ partyId: 'p-nobody' })).body).toMatchObject({ status: 400, field: 'partyId' });
    const other = { outcome: 'not-found', partyId: 'p-friend' };
    expect((await complete(other)).body).toMatchObject({ status: 400, field: 'partyId' });
    expect((await complete({ partyId: 'p-friend' })).status).toBe(200);
    const facts = await house.api.call('GET', `/v1/customers/${loan.customerId}/contact-facts`);
    const flagged = { flag: 'refused-contact', partyId: 'p-friend' };
    expect(facts.body).toMatchObject({ flags: [{ flag: 'lost-contact' }, flagged] });
  });

  it('is called once where the law lets the same person be asked once', async () => {
    const gate = await openGate();
    const regF = shippedPack('us-regf');
    const rules = regF.rules.filter(({ kind }) => ['timeWindow', 'partyAllowList'].includes(kind));
    house.rules.gate = { ...gate, inForce: { actor: 'AGENCY', changes: [], packs: [{ ...regF, rules }] } };
    const { taskId } = await trace();
    expect(await ask(taskId)).toMatchObject({ attempt: 1 });
    expect(await ask(taskId)).toMatchObject({
      type: 'urn:arrears:ContactNotAllowed',
      detail: expect.stringContaining('US-REGF-3RDPARTY'),
    });
  });

  it.each([
    ['no number is named', null],
    ['the number is the borrower’s own', phone],
    ['the number is on nobody’s record', '+12025550177'],
  ])('must be named: a trace is refused where %s', async (_what, contactPoint) => {
    const { taskId } = await trace();
    expect(await ask(taskId, contactPoint)).toMatchObject({ type: 'urn:arrears:InputInvalid', field: 'contactPoint' });
  });

  it('is not called for a task that speaks with the borrower', async () => {
    const { loan } = await trace();
    const { taskId } = await house.claimedCall(loan);
    expect(await ask(taskId)).toMatchObject({
      type: 'urn:arrears:ContactNotAllowed',
      detail: expect.stringContaining('HOUSE-PARTIES'),
    });
  });
});
