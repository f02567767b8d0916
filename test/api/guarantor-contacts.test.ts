import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { getContact } from '../../src/store/contacts';
import { type CallHouse, collectorPhone, startCallHouse } from './call-support';
import { addCase, type Loan, phone } from './portfolio';
import { mondayMorningMs } from './support';

const guarantorPhone = '+12025550144';

let house: CallHouse;
beforeAll(async () => {
  house = await startCallHouse();
});
afterAll(() => house.close());
beforeEach(() => {
  house.api.clock.ms = Date.parse('2026-03-02T23:00:00+08:00');
});

async function withGuarantor(): Promise<Loan> {
  const loan = await addCase(house.api);
  const owner = { partyId: 'p-guarantor', role: 'guarantor', loanIds: [loan.loanId] };
  const point = { kind: 'phone', value: guarantorPhone, owner };
  await house.api.call('PUT', `/v1/customers/${loan.customerId}/contact-points`, point);
  return loan;
}

async function report({ loanId }: Loan, contactPoint: string, hour: number, outcome = 'spoken-to') {
  const at = `2026-03-02T${hour}:00:00+08:00`;
  const body = { reportId: randomUUID(), channel: 'call', at, contactPoint, outcome };
  const answer = await house.api.call('POST', `/v1/cases/${loanId}/contacts`, body);
  return answer.body as unknown as { contact: object; breach: { rules: string[] } | null };
}

describe('a call to a guarantor', () => {
  it('counts for the guarantor, whose fourth of a day breaks the cap, and never for the borrower', async () => {
    const loan = await withGuarantor();
    for (const hour of [10, 11, 12]) {
      const { contact, breach } = await report(loan, guarantorPhone, hour);
      expect(breach).toBeNull();
      expect(contact).toMatchObject({ partyId: 'p-guarantor', partyRole: 'guarantor' });
    }
    expect((await report(loan, guarantorPhone, 13)).breach?.rules).toContain('HOUSE-CALLS-DAY');
    for (const hour of [14, 15, 16]) expect((await report(loan, phone, hour)).breach).toBeNull();
    expect((await report(loan, phone, 17)).breach?.rules).toContain('HOUSE-CALLS-DAY');
  });

  it('in which the guarantor opts out closes that way to the guarantor, and not to the borrower', async () => {
    const loan = await withGuarantor();
    expect((await report(loan, guarantorPhone, 10, 'opted-out')).breach).toBeNull();
    expect((await report(loan, guarantorPhone, 11)).breach?.rules).toContain('HOUSE-OPT-OUT');
    expect((await report(loan, phone, 12)).breach).toBeNull();
    const { body } = await house.api.call('GET', `/v1/customers/${loan.customerId}`);
    expect(body).toMatchObject({ consents: [] });

    expect((await report(loan, phone, 13, 'opted-out')).breach).toBeNull();
    expect((await report(loan, phone, 14)).breach?.rules).toContain('HOUSE-OPT-OUT');
  });

  it('is the guarantor’s when a collector has the provider dial that number, in the next attempt too', async () => {
    const loan = await withGuarantor();
    house.api.clock.ms = mondayMorningMs;
    const { taskId } = await house.claimedCall(loan);
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      house.providers.calls.plays.next({ borrower: 'no-answer' });
      const wish = { collectorPhone, contactPoint: guarantorPhone };
      const { body } = await house.post(`/v1/tasks/${taskId}/call`, wish);
      await house.providers.calls.settled();
      const { contactId } = body as unknown as { contactId: string };
      const made = { contactPoint: guarantorPhone, partyId: 'p-guarantor', partyRole: 'guarantor', state: 'placed' };
      expect(await getContact(house.api.pool, contactId)).toMatchObject(made);
    }
  });
});
