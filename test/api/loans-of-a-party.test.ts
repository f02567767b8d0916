import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { listContacts } from '../../src/store/contact-ledger';
import { listEvents } from '../../src/store/timeline';
import { type CallHouse, collectorPhone, startCallHouse } from './call-support';
import { addCase, customerBody, type Loan, loanBody } from './portfolio';
import { mondayMorningMs } from './support';

const [partnersPhone, partnersOther] = ['+12025550144', '+12025550145'];
const unknown = 'it is not known which loans they owe or answer for';
const anothers = 'the loan is not theirs';

let house: CallHouse;
beforeAll(async () => {
  house = await startCallHouse();
});
afterAll(() => house.close());
beforeEach(() => {
  house.api.clock.ms = mondayMorningMs;
});

async function threeLoans(): Promise<[Loan, Loan, Loan]> {
  const first = await addCase(house.api);
  const { customerId } = first;
  const more = [0, 1].map(() => ({ customerId, loanId: `L-${randomUUID().slice(0, 8)}` }));
  for (const { loanId } of more) {
    await house.api.call('PUT', `/v1/loans/${loanId}`, { ...loanBody, customerId });
    await house.post('/v1/cases', { loanId });
  }
  return [first, more[0]!, more[1]!];
}

interface Owner {
  readonly role?: string;
  readonly loanIds?: readonly string[];
  readonly partyId?: string;
}

const putPartner = ({ customerId }: Loan, owner: Owner, value = partnersPhone) =>
  house.api.call('PUT', `/v1/customers/${customerId}/contact-points`, {
    ...{ kind: 'phone', value, owner: { partyId: 'p-partner', role: 'co-borrower', ...owner } },
  });

async function ownersOf({ customerId }: Loan): Promise<unknown[]> {
  const { body } = await house.api.call('GET', `/v1/customers/${customerId}`);
  const { contactPoints } = body as unknown as { contactPoints: { value: string; owner: unknown }[] };
  return contactPoints.flatMap(({ owner }) => (owner === null ? [] : [owner]));
}

/** A collector has the provider dial the number of somebody beside the borrower; answers why not, or null. */
async function callTo(loan: Loan, contactPoint = partnersPhone): Promise<string | null> {
  const { taskId } = await house.claimedCall(loan, `reminder/day-7-call-${randomUUID().slice(0, 4)}`);
  const { status, body } = await house.post(`/v1/tasks/${taskId}/call`, { collectorPhone, contactPoint });
  await house.providers.calls.settled();
  return status < 300 ? null : (body as unknown as { detail: string }).detail;
}

async function toldOf({ loanId }: Loan): Promise<string[][]> {
  const { items } = await listContacts(house.api.pool, loanId, null, 100);
  return items.filter(({ partyId, state }) => partyId !== null && state !== 'released').map(({ loanIds }) => loanIds);
}

describe('a co-borrower of one of three loans', () => {
  it('is told of that one alone', async () => {
    const [own, other, third] = await threeLoans();
    await putPartner(own, { loanIds: [own.loanId] });
    expect(await callTo(own)).toBeNull();
    expect(await toldOf(own)).toEqual([[own.loanId]]);
    for (const loan of [other, third]) {
      expect(await callTo(loan)).toContain(anothers);
      expect(await toldOf(loan)).toEqual([]);
    }
  });

  it('is told of two where two are theirs, and not of the third', async () => {
    const [own, other, third] = await threeLoans();
    await putPartner(own, { loanIds: [own.loanId, other.loanId] });
    expect(await callTo(own)).toBeNull();
    expect((await toldOf(own)).map((loanIds) => [...loanIds].sort())).toEqual([[own.loanId, other.loanId].sort()]);
    expect(await toldOf(third)).toEqual([]);
  });

  it('who is called elsewhere about another is a breach, whoever says that it was lawful', async () => {
    const [own, other] = await threeLoans();
    await putPartner(own, { loanIds: [own.loanId] });
    const report = (loan: Loan, loanIds?: readonly string[]) =>
      house.post(`/v1/cases/${loan.loanId}/contacts`, {
        ...{ reportId: randomUUID(), channel: 'call', at: new Date(mondayMorningMs).toISOString(), loanIds },
        ...{ contactPoint: partnersPhone, outcome: 'spoken-to' },
      });
    expect((await report(own)).body).toMatchObject({ breach: null, contact: { loanIds: [own.loanId] } });
    const breach = { rules: [], reason: expect.stringContaining(anothers) };
    expect((await report(other)).body).toMatchObject({ breach, contact: { loanIds: [other.loanId] } });
    expect((await report(own, [own.loanId, other.loanId])).body).toMatchObject({ breach });
  });
});

describe('a guarantor of nobody knows which loan', () => {
  it('is told of none, until somebody says which', async () => {
    const [loan] = await threeLoans();
    await putPartner(loan, { role: 'guarantor' });
    expect(await ownersOf(loan)).toEqual([{ partyId: 'p-partner', role: 'guarantor', loanIds: [] }]);
    expect(await callTo(loan)).toContain(unknown);
    await putPartner(loan, { role: 'guarantor', loanIds: [loan.loanId] });
    expect(await callTo(loan)).toBeNull();
  });

  it('is explained: of what is theirs where it is known, and why not where it is not', async () => {
    const [loan, other] = await threeLoans();
    const judged = async () => {
      const at = new Date(mondayMorningMs + 60_000).toISOString();
      const asked = `channel=call&at=${at}&contactPoint=${encodeURIComponent(partnersPhone)}`;
      return (await house.api.call('GET', `/v1/customers/${loan.customerId}/contact-judgement?${asked}`)).body;
    };
    await putPartner(loan, { role: 'guarantor' });
    expect(await judged()).toMatchObject({ verdict: 'deny', reason: unknown });
    await putPartner(loan, { role: 'guarantor', loanIds: [other.loanId] });
    expect(await judged()).toMatchObject({ verdict: 'allow' });
  });
});

describe('what is said of the loans of a person', () => {
  it('holds for the person, whichever of their numbers says it, and stays where it is left out', async () => {
    const [own, other] = await threeLoans();
    await putPartner(own, { loanIds: [own.loanId] });
    await putPartner(own, {}, partnersOther);
    const partner = { partyId: 'p-partner', role: 'co-borrower' };
    expect(await ownersOf(own)).toEqual([0, 1].map(() => ({ ...partner, loanIds: [own.loanId] })));
    await putPartner(own, { loanIds: [other.loanId] }, partnersOther);
    expect(await ownersOf(own)).toEqual([0, 1].map(() => ({ ...partner, loanIds: [other.loanId] })));
    await putPartner(own, { loanIds: [own.loanId], partyId: 'p-else' }, '+12025550146');
    expect(await ownersOf(own)).toContainEqual({ ...partner, loanIds: [other.loanId] });
  });

  it('is on the timeline and in what the borrower is handed over of their data', async () => {
    const [own] = await threeLoans();
    await putPartner(own, { loanIds: [own.loanId] });
    const { items } = await listEvents(house.api.pool, own.loanId, null, 200);
    const said = items.filter(({ kind }) => kind === 'contact-point-changed').map(({ data }) => data);
    expect(said).toMatchObject([{ points: [{ kind: 'phone', partyRole: 'co-borrower', loanIds: [own.loanId] }] }]);
    const { body } = await house.api.call('GET', `/v1/customers/${own.customerId}/personal-data`);
    expect(body).toMatchObject({ partyLoans: [{ partyId: 'p-partner', loanId: own.loanId }] });
  });

  it('may name a loan that is yet to come, and never one of another customer', async () => {
    const [own, stranger] = [await addCase(house.api), await addCase(house.api)];
    const yetToCome = `L-${randomUUID().slice(0, 8)}`;
    expect((await putPartner(own, { loanIds: [own.loanId, yetToCome] })).status).toBe(200);
    const refused = { status: 400, type: 'urn:arrears:InputInvalid', field: 'owner.loanIds' };
    const { body } = await putPartner(own, { loanIds: [own.loanId, stranger.loanId] });
    expect(body).toMatchObject({ ...refused, detail: expect.stringContaining(stranger.loanId) });
    expect(await ownersOf(own)).toMatchObject([{ loanIds: [own.loanId, yetToCome].sort() }]);
  });

  it.each(['spouse', 'parent', 'guardian', 'executor', 'attorney', 'contact'])(
    'is refused of a %s, who owes no single loan by contract',
    async (role) => {
      const own = await addCase(house.api);
      const { body } = await putPartner(own, { role, loanIds: [own.loanId] });
      expect(body).toMatchObject({ status: 400, field: 'owner.loanIds' });
      expect((await putPartner(own, { role })).status).toBe(200);
      expect(await ownersOf(own)).toEqual([{ partyId: 'p-partner', role }]);
    },
  );

  it('is empty for somebody who owes none any more, who is then told of none', async () => {
    const own = await addCase(house.api);
    await putPartner(own, { loanIds: [own.loanId] });
    expect((await putPartner(own, { loanIds: [] })).status).toBe(200);
    expect(await ownersOf(own)).toMatchObject([{ loanIds: [] }]);
    expect(await callTo(own)).toContain(unknown);
  });

  it('is refused where two numbers of one person in one request contradict each other', async () => {
    const [own, other] = await threeLoans();
    const pointOf = (value: string, loanIds: string[]) => ({
      ...{ kind: 'phone', value, owner: { partyId: 'p-partner', role: 'guarantor', loanIds } },
    });
    const put = (second: string[]) => {
      const contactPoints = [pointOf(partnersPhone, [own.loanId, other.loanId]), pointOf(partnersOther, second)];
      return house.api.call('PUT', `/v1/customers/${own.customerId}`, { ...customerBody, contactPoints });
    };
    const refused = { status: 400, field: 'contactPoints.1.owner.loanIds' };
    expect((await put([own.loanId])).body).toMatchObject(refused);
    expect(await ownersOf(own)).toEqual([]);
    expect((await put([other.loanId, own.loanId])).status).toBe(200);
  });
});
