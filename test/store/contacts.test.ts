import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { closeCase } from '../../src/store/cases';
import { contactRecord, contactsOfCustomerSince } from '../../src/store/contact-ledger';
import { claimContact, findByProviderId, getContact, setContactState } from '../../src/store/contacts';
import { addTask, completeTask } from '../../src/store/tasks';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { addCustomer, addOpenCase, hourMs, newId, openedAtMs, sampleContact, sampleTask } from './samples';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function reserved() {
  const loan = await addOpenCase(database.pool);
  return (await claimContact(database.pool, sampleContact(loan))).contact;
}

describe('a contact', () => {
  it('is one contact when several claim its key at the same time', async () => {
    const loan = await addOpenCase(database.pool);
    const contactKey = newId('key');
    const claims = await Promise.all(
      Array.from({ length: 8 }, () => claimContact(database.pool, sampleContact(loan, { contactKey }))),
    );
    expect(claims.filter((claim) => claim.claimed)).toHaveLength(1);
    expect(new Set(claims.map((claim) => claim.contact.contactId)).size).toBe(1);
  });

  it('is found by what the provider calls it, also when delivery is reported before the answer came', async () => {
    const { contactId } = await reserved();
    const providerId = newId('SM');
    expect(await setContactState(database.pool, contactId, { state: 'delivered' })).toMatchObject({ moved: true });
    const late = await setContactState(database.pool, contactId, { state: 'placed', providerId });
    expect(late).toEqual({ state: 'delivered', moved: false });
    expect(await findByProviderId(database.pool, providerId)).toMatchObject({ contactId, state: 'delivered' });
  });

  it.each([
    ['delivered', 'placed'],
    ['delivered', 'failed'],
    ['failed', 'delivered'],
    ['placed', 'reserved'],
    ['placed', 'unknown'],
    ['placed', 'released'],
    ['released', 'placed'],
  ] as const)('that is %s never becomes %s', async (state, next) => {
    const { contactId } = await reserved();
    await setContactState(database.pool, contactId, { state, outcome: 'first' });
    expect(await setContactState(database.pool, contactId, { state: next, outcome: 'second' })).toEqual({
      state,
      moved: false,
    });
    expect(await getContact(database.pool, contactId)).toMatchObject({ state, outcome: 'first' });
  });

  it.each(['placed', 'delivered', 'failed', 'released'] as const)('of unknown fate may turn out %s', async (state) => {
    const { contactId } = await reserved();
    await setContactState(database.pool, contactId, { state: 'unknown' });
    expect(await setContactState(database.pool, contactId, { state })).toEqual({ state, moved: true });
  });

  it('ends in one state when both endings are reported at the same time', async () => {
    const { contactId } = await reserved();
    const endings = ['delivered', 'failed'] as const;
    const moves = await Promise.all(
      [...endings, ...endings].map((state) => setContactState(database.pool, contactId, { state })),
    );
    expect(moves.filter((move) => move.moved)).toHaveLength(1);
  });

  it('that does not exist has no state', async () => {
    const change = setContactState(database.pool, randomUUID(), { state: 'placed' });
    await expect(change).rejects.toMatchObject({ type: 'NotFound' });
  });
});

describe('the ledger', () => {
  it('counts for a case what named its loan while it was open, as far as it was made', async () => {
    const customerId = await addCustomer(database.pool);
    const loan = await addOpenCase(database.pool, { customerId });
    const sibling = await addOpenCase(database.pool, { customerId });
    const both = [loan.loanId, sibling.loanId];
    const at = (hours: number): number => openedAtMs + hours * hourMs;
    const rows = [
      sampleContact(loan, { state: 'placed', atMs: at(-1) }),
      sampleContact(loan, { state: 'delivered', atMs: at(1), offers: ['arrangement'] }),
      sampleContact(sibling, { state: 'unknown', channel: 'email', loanIds: both, atMs: at(2) }),
      sampleContact(loan, { state: 'placed', channel: 'visit', atMs: at(3) }),
      sampleContact(sibling, { state: 'placed', channel: 'letter', atMs: at(4) }),
      sampleContact(loan, { state: 'failed', channel: 'call', atMs: at(4), offers: ['settlement'] }),
      sampleContact(loan, { state: 'denied', channel: 'call', atMs: at(5) }),
    ];
    for (const row of rows) await claimContact(database.pool, row);
    const { task } = await addTask(database.pool, sampleTask(loan));
    await completeTask(database.pool, { ...answered(task.taskId), offered: ['extension', 'arrangement'] });
    const record = {
      made: 3,
      channels: ['email', 'sms', 'visit'],
      visits: 1,
      lastAtMs: at(3),
      offered: ['arrangement', 'extension'],
    };
    expect(await contactRecord(database.pool, loan.loanId, 1)).toEqual(record);
    await closeCase(database.pool, loan.loanId, 1, { closedAtMs: at(2), reason: 'withdrawn' });
    expect(await contactRecord(database.pool, loan.loanId, 1)).toMatchObject({ made: 2, visits: 0, lastAtMs: at(2) });
  });

  it('of a case without contacts is empty', async () => {
    const { loanId } = await addOpenCase(database.pool);
    const empty = { made: 0, channels: [], visits: 0, lastAtMs: null, offered: [] };
    expect(await contactRecord(database.pool, loanId, 1)).toEqual(empty);
  });

  it('shows the gate every contact with the customer from an instant on, in any state', async () => {
    const customerId = await addCustomer(database.pool);
    const loans = [await addOpenCase(database.pool, { customerId }), await addOpenCase(database.pool, { customerId })];
    const times = [0, 1, 2].map((hours) => openedAtMs + hours * hourMs);
    await claimContact(database.pool, sampleContact(loans[0]!, { atMs: times[0]! }));
    await claimContact(database.pool, sampleContact(loans[1]!, { atMs: times[1]!, state: 'denied' }));
    await claimContact(database.pool, sampleContact(loans[0]!, { atMs: times[2]! }));
    const seen = await contactsOfCustomerSince(database.pool, customerId, times[1]!);
    expect(seen.map((contact) => [contact.atMs, contact.state])).toEqual([
      [times[1], 'denied'],
      [times[2], 'reserved'],
    ]);
  });
});

function answered(taskId: string) {
  const nothing = {
    cause: null,
    willingness: null,
    note: null,
    promisedDay: null,
    promisedMinor: null,
    contactId: null,
  };
  return { taskId, actor: 'collector-1', atMs: openedAtMs + hourMs, outcome: 'reached', offered: [], ...nothing };
}
