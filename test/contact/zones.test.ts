import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { explain } from '../../src/contact/explain';
import type { Gate } from '../../src/contact/gate';
import { openGate } from '../../src/service/case-worker-deps';
import { putContactPoint } from '../../src/store/customers';
import { addLoan } from '../store/samples';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
let gate: Gate;
beforeAll(async () => {
  database = await createTestDatabase();
  // Numbers that are kept free for examples point nowhere, so the test says where these two are at home.
  const homes: Record<string, string> = { '+12025550144': 'America/New_York', '+12025550145': 'America/Los_Angeles' };
  const zonesOfNumber = (number: string) => [homes[number] ?? []].flat();
  gate = { ...(await openGate()), zonesOfNumber };
});
afterAll(() => database.drop());

/** Ten in the morning in Shanghai. */
const atMs = Date.parse('2026-03-02T02:00:00Z');

async function zonesFor(
  customerId: string,
  contactPoint: string,
  channel: 'call' | 'email' = 'call',
): Promise<readonly string[]> {
  const question = { customerId, channel, purpose: 'follow-up', loanId: null, contactPoint } as const;
  return [...(await explain(database.pool, gate, question, atMs)).situation.zones].sort();
}

describe('the hours of a contact', () => {
  it('hold where every number of the borrower is at home, whichever is dialled', async () => {
    const { customerId } = await addLoan(database.pool);
    const numbers = ['+12025550144', '+12025550145'];
    for (const value of numbers) {
      await putContactPoint(database.pool, customerId, { kind: 'phone', value, rank: 1, state: 'verified' });
    }
    const everywhere = ['America/Los_Angeles', 'America/New_York', 'Asia/Shanghai'];
    for (const number of numbers) expect(await zonesFor(customerId, number)).toEqual(everywhere);
  });

  it('hold where a guarantor is at home, for a call to the guarantor', async () => {
    const { customerId } = await addLoan(database.pool);
    const point = { kind: 'phone', value: '+12025550144', rank: 1, state: 'verified' } as const;
    await putContactPoint(database.pool, customerId, { ...point, owner: { partyId: 'p-1', partyRole: 'guarantor' } });
    expect(await zonesFor(customerId, point.value)).toEqual(['America/New_York', 'Asia/Shanghai']);
  });

  it('hold where every number of a guarantor is at home, for a mail to the guarantor', async () => {
    const { customerId } = await addLoan(database.pool);
    const owner = { partyId: 'p-1', partyRole: 'guarantor' } as const;
    const known = { rank: 1, state: 'verified', owner } as const;
    await putContactPoint(database.pool, customerId, { ...known, kind: 'phone', value: '+12025550145' });
    await putContactPoint(database.pool, customerId, { ...known, kind: 'email', value: 'lee@example.com' });
    expect(await zonesFor(customerId, 'lee@example.com', 'email')).toEqual(['America/Los_Angeles', 'Asia/Shanghai']);
  });

  it('hold where a dialled number is at home that is not on record', async () => {
    const { customerId } = await addLoan(database.pool);
    expect(await zonesFor(customerId, '+12025550144')).toEqual(['America/New_York', 'Asia/Shanghai']);
  });
});
