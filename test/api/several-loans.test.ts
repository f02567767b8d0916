import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readCourtFile } from '../../src/ledger/court-file';
import { listContacts } from '../../src/store/contact-ledger';
import { addTask } from '../../src/store/tasks';
import { listEvents } from '../../src/store/timeline';
import { sampleTask } from '../store/samples';
import { type CallHouse, collectorPhone, startCallHouse } from './call-support';
import { addCase, type Loan, loanBody, phone } from './portfolio';
import { mondayMorningMs } from './support';

const guarantorPhone = '+12025550144';

let house: CallHouse;
beforeAll(async () => {
  house = await startCallHouse();
});
afterAll(() => house.close());
beforeEach(() => {
  house.api.clock.ms = mondayMorningMs;
});

/** Another loan of the same borrower, with a case of its own where it is overdue. */
async function another({ customerId }: Loan, changes: object = {}): Promise<Loan> {
  const loanId = `L-${randomUUID().slice(0, 8)}`;
  await house.api.call('PUT', `/v1/loans/${loanId}`, { ...loanBody, customerId, ...changes });
  await house.post('/v1/cases', { loanId });
  return { customerId, loanId };
}

async function twoLoans(): Promise<[Loan, Loan]> {
  const loan = await addCase(house.api);
  return [loan, await another(loan)];
}

const named = (loans: readonly Loan[]): string[] => loans.map(({ loanId }) => loanId).sort();

async function contactsAbout({ loanId }: Loan) {
  const { items } = await listContacts(house.api.pool, loanId, null, 100);
  return items.map((contact) => ({ ...contact, loanIds: [...contact.loanIds].sort() }));
}

async function told({ loanId }: Loan, kind: string) {
  const { items } = await listEvents(house.api.pool, loanId, null, 200);
  return items.filter((event) => event.kind === kind).map(({ data }) => data);
}

async function claimVisit(loan: Loan): Promise<string> {
  const { task } = await addTask(
    house.api.pool,
    sampleTask(loan as never, { kind: 'visit', asks: [], notBeforeMs: 0 }),
  );
  expect((await house.post(`/v1/tasks/${task.taskId}/claim`)).status).toBe(200);
  return task.taskId;
}

const report = ({ loanId }: Loan, changes: object = {}) =>
  house.post(`/v1/cases/${loanId}/contacts`, {
    ...{ reportId: randomUUID(), channel: 'call', at: new Date(mondayMorningMs).toISOString() },
    ...{ contactPoint: phone, outcome: 'no-answer', ...changes },
  });

describe('a visit to a borrower of whose loans one lacks its notice', () => {
  it('is made about the other one, and leaves that loan out', async () => {
    const { gate } = house.rules;
    const noticeFirst = { id: 'NOTICE', kind: 'noticeFirst', channels: ['visit'], why: 'A sample.' } as const;
    const rule = { ...noticeFirst, notice: 'transfer-notice', when: 'ownership-changed' } as const;
    const [house0, ...packs] = gate.inForce.packs;
    const changed = { ...house0!, rules: [...house0!.rules, rule] };
    house.rules.gate = { ...gate, inForce: { ...gate.inForce, packs: [changed, ...packs] } };
    try {
      const [loan, other] = await twoLoans();
      const flagged = await house.post(`/v1/cases/${other.loanId}/flags`, {
        flag: 'ownership-changed',
        evidence: 'letter',
      });
      expect(flagged.status).toBeLessThan(300);
      await claimVisit(loan);
      const [contact] = await contactsAbout(loan);
      expect(contact).toMatchObject({ loanIds: [loan.loanId], state: 'reserved' });
      expect(await contactsAbout(other)).toEqual([]);
    } finally {
      house.rules.gate = gate;
    }
  });
});

describe('a call to a borrower with two overdue loans', () => {
  it('is one contact that is booked on both, and the other case says that it was covered', async () => {
    const [loan, other] = await twoLoans();
    const { taskId } = await house.claimedCall(loan);
    expect(await told(other, 'contact-covered')).toEqual([]);
    await house.post(`/v1/tasks/${taskId}/call`, { collectorPhone });
    await house.providers.calls.settled();
    const [contact, ...more] = await contactsAbout(other);
    expect(more).toEqual([]);
    expect(contact).toMatchObject({ loanId: loan.loanId, loanIds: named([loan, other]), state: 'placed' });
    expect(contact?.verdict).toMatchObject({ situation: { loanIds: expect.arrayContaining(named([loan, other])) } });
    expect(await told(other, 'contact-covered')).toEqual([{ contactId: contact?.contactId, channel: 'call' }]);
    expect(await told(loan, 'contact-covered')).toEqual([]);
  });

  it('that was dialled by hand is told to the other case when it is written down, and counts once for the person', async () => {
    const [loan, other] = await twoLoans();
    for (const [attempt, made] of [loan, other, loan].entries()) {
      const { taskId } = await house.claimedCall(made, `reminder/day-7-call-${attempt}`);
      expect((await house.post(`/v1/tasks/${taskId}/complete`, { outcome: 'no-answer' })).status).toBe(200);
    }
    expect(await told(other, 'contact-covered')).toHaveLength(2);
    expect(await told(loan, 'contact-covered')).toHaveLength(1);
    // Three calls, each about both loans, are three calls to the person: the fourth is one too many for either loan.
    for (const refused of [loan, other]) {
      await expect(house.claimedCall(refused, 'reminder/day-7-call-4')).rejects.toThrow('HOUSE-CALLS-DAY');
    }
  });

  it('names both in its next attempt too', async () => {
    const [loan, other] = await twoLoans();
    const { taskId } = await house.claimedCall(loan);
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      house.providers.calls.plays.next({ borrower: 'no-answer' });
      await house.post(`/v1/tasks/${taskId}/call`, { collectorPhone });
      await house.providers.calls.settled();
    }
    expect((await contactsAbout(other)).map(({ loanIds }) => loanIds)).toEqual([
      named([loan, other]),
      named([loan, other]),
    ]);
  });

  it.each([
    ['on which a flag lies', { flag: 'disputed', evidence: 'letter' }, {}],
    ['in another currency', null, { currency: 'USD' }],
    ['that is not overdue', null, { instalments: loanBody.instalments.slice(1) }],
  ])('leaves out a loan %s', async (_which, flag, changes) => {
    const loan = await addCase(house.api);
    const other = await another(loan, changes);
    if (flag !== null) await house.post(`/v1/cases/${other.loanId}/flags`, flag);
    await house.claimedCall(loan);
    expect((await contactsAbout(loan)).map(({ loanIds }) => loanIds)).toEqual([[loan.loanId]]);
    expect(await contactsAbout(other)).toEqual([]);
  });

  it('tells a guarantor of the one debt alone that they answer for', async () => {
    const [loan, other] = await twoLoans();
    const owner = { partyId: 'p-guarantor', role: 'guarantor', loanIds: [loan.loanId] };
    const point = { kind: 'phone', value: guarantorPhone, owner };
    await house.api.call('PUT', `/v1/customers/${loan.customerId}/contact-points`, point);
    const { taskId } = await house.claimedCall(loan);
    await house.post(`/v1/tasks/${taskId}/call`, { collectorPhone, contactPoint: guarantorPhone });
    await house.providers.calls.settled();
    expect(await contactsAbout(loan)).toMatchObject([{ loanIds: [loan.loanId], partyId: 'p-guarantor' }]);
    expect(await told(other, 'contact-covered')).toEqual([]);
    expect((await report(loan, { contactPoint: guarantorPhone })).body).toMatchObject({
      contact: { loanIds: [loan.loanId] },
    });
  });
});

describe('a visit to a borrower with two overdue loans', () => {
  it('counts for both, and what was unlawful about it is in both files', async () => {
    const [loan, other] = await twoLoans();
    const taskId = await claimVisit(loan);
    const visit = { staff: 1, recorded: true, identityCard: true };
    expect((await house.post(`/v1/tasks/${taskId}/complete`, { outcome: 'no-answer', visit })).status).toBe(200);
    const [contact] = await contactsAbout(other);
    expect(contact).toMatchObject({ channel: 'visit', loanIds: named([loan, other]) });
    for (const file of [loan, other]) {
      expect(await told(file, 'contact-breach')).toEqual([
        { contactId: contact?.contactId, channel: 'visit', rules: ['CN-VISIT-2'] },
      ]);
      const { decisions } = await readCourtFile(house.api.pool, file.loanId, [], mondayMorningMs);
      expect(decisions.map(({ rules }) => rules)).toEqual([['CN-VISIT-2']]);
    }
  });
});

describe('a contact that was made elsewhere', () => {
  it('is booked on every loan that a message of that day would have named', async () => {
    const [loan, other] = await twoLoans();
    const { status, body } = await report(loan);
    expect(status).toBe(201);
    const { contact } = body as unknown as { contact: { contactId: string; loanIds: string[] } };
    expect([...contact.loanIds].sort()).toEqual(named([loan, other]));
    expect(await told(other, 'contact-covered')).toEqual([{ contactId: contact.contactId, channel: 'call' }]);
  });

  it('is about those that its report names', async () => {
    const [loan, other] = await twoLoans();
    expect((await report(loan, { loanIds: [loan.loanId] })).status).toBe(201);
    expect(await contactsAbout(other)).toEqual([]);
    const resting = await another(loan, { currency: 'USD' });
    const both = { loanIds: [loan.loanId, resting.loanId, loan.loanId] };
    expect((await report(loan, both)).status).toBe(201);
    expect((await contactsAbout(resting)).map(({ loanIds }) => loanIds)).toEqual([named([loan, resting])]);
  });

  it.each([
    ['a loan of somebody else', (own: Loan, stranger: Loan) => [own.loanId, stranger.loanId]],
    ['a loan that nobody has', (own: Loan) => [own.loanId, 'L-nobody']],
    ['all but the loan of its case', (_own: Loan, _stranger: Loan, other: Loan) => [other.loanId]],
    ['no loan', () => []],
  ])('is refused where it names %s', async (_what, loanIdsOf) => {
    const [loan, other] = await twoLoans();
    const loanIds = loanIdsOf(loan, await addCase(house.api), other);
    expect((await report(loan, { loanIds })).body).toMatchObject({
      ...{ status: 400, type: 'urn:arrears:InputInvalid', field: 'loanIds' },
    });
    expect(await contactsAbout(loan)).toEqual([]);
  });
});
