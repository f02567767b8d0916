import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';
import { type ContactWish, type Gate, type Passage, passGate } from '../../src/contact/gate';
import { openGate } from '../../src/service/case-worker-deps';
import { setContactState } from '../../src/store/contacts';
import { putContactPoint } from '../../src/store/customers';
import { createPool, inTransaction } from '../../src/store/database';
import { addCustomer, addOpenCase } from '../store/samples';
import { createTestDatabase, type TestDatabase } from '../support/database';

const workers = 50;
const number = '+447700900155';
/** A Monday, ten in the morning in Shanghai. */
const atMs = Date.parse('2026-03-02T02:00:00Z');

let database: TestDatabase;
let gate: Gate;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  gate = await openGate();
  pool = createPool(database.url, { applicationName: 'arrears-test-workers', max: workers });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

async function borrowerOfThree(): Promise<{ customerId: string; loanIds: string[] }> {
  const customerId = await addCustomer(pool);
  await putContactPoint(pool, customerId, { kind: 'phone', value: number, rank: 1, state: 'verified' });
  const loanIds: string[] = [];
  for (let n = 0; n < 3; n += 1) {
    const loan = await addOpenCase(pool, { customerId });
    loanIds.push(loan.loanId);
  }
  return { customerId, loanIds };
}

/** All at once, each in a transaction of its own. */
function allTry(wishes: readonly ContactWish[], whenMs: number): Promise<Passage[]> {
  return Promise.all(wishes.map((wish) => inTransaction(pool, (tx) => passGate(tx, gate, wish, whenMs))));
}

const countOf = (passages: readonly Passage[], kind: Passage['kind']): number =>
  passages.filter((passage) => passage.kind === kind).length;

describe('fifty workers that want to contact one borrower of three loans at the same instant', () => {
  const wishOf = (customerId: string, loanIds: readonly string[], n: number, changes: object): ContactWish => ({
    ...{ contactKey: randomUUID(), customerId, loanId: loanIds[n % 3] ?? '', caseNo: 1, loanIds },
    ...{ channel: 'sms', purpose: 'reminder', contactPoint: number, madeBy: 'policy' },
    ...{ template: 'first-reminder', language: 'en', subject: null, offers: [] },
    ...{ body: 'Meridian Bank: please call us. Reply STOP to opt out.' },
    ...{ tags: ['INSTITUTION_ID', 'OPT_OUT'], sender: 'Meridian Bank' },
    ...changes,
  });

  it('send one message that covers all three', async () => {
    const { customerId, loanIds } = await borrowerOfThree();
    const wishes = Array.from({ length: workers }, (_, n) => wishOf(customerId, loanIds, n, {}));
    const passages = await allTry(wishes, atMs);
    expect(countOf(passages, 'reserved')).toBe(1);
    // The other two loans were named; of the first, a second message on one day is too many.
    expect(countOf(passages, 'covered')).toBeGreaterThanOrEqual(33);
    expect(countOf(passages, 'covered') + countOf(passages, 'deferred')).toBe(workers - 1);
  });

  it('never dial more often than the strictest cap allows, and lose no reservation', async () => {
    const { customerId, loanIds } = await borrowerOfThree();
    const call = { channel: 'call', purpose: 'follow-up', template: null, language: null, body: null };
    const wishes = Array.from({ length: workers }, (_, n) =>
      wishOf(customerId, loanIds, n, { ...call, loanIds: loanIds.slice(n % 3, (n % 3) + 1) }),
    );
    const passages = await allTry(wishes, atMs);
    const reserved = passages.flatMap((passage) => (passage.kind === 'reserved' ? [passage.contact] : []));
    // What one worker alone may still do after them is nothing, whichever rule says so.
    const [after] = await allTry([wishOf(customerId, loanIds, 0, call)], atMs);
    expect(after?.kind).toBe('deferred');
    expect(reserved.length + countOf(passages, 'deferred')).toBe(workers);
    for (const { contactId } of reserved) await setContactState(pool, contactId, { state: 'placed' });

    const oneByOne = await borrowerOfThree();
    let alone = 0;
    for (let n = 0; n < workers; n += 1) {
      const wish = wishOf(oneByOne.customerId, oneByOne.loanIds, n, call);
      const [passage] = await allTry([wish], atMs);
      if (passage?.kind === 'reserved') alone += 1;
    }
    expect(reserved).toHaveLength(alone);
  });

  it('make one contact of one key', async () => {
    const { customerId, loanIds } = await borrowerOfThree();
    const contactKey = randomUUID();
    const wishes = Array.from({ length: workers }, (_, n) => wishOf(customerId, loanIds, n, { contactKey }));
    const passages = await allTry(wishes, atMs);
    expect([countOf(passages, 'reserved'), countOf(passages, 'known')]).toEqual([1, workers - 1]);
  });
});
