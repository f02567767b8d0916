import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import {
  bestContactPoint,
  borrowersOwn,
  getCustomer,
  lockCustomer,
  markContactPointInvalid,
  optedOutChannels,
  putContactPoint,
  putCustomer,
  recordConsent,
} from '../../src/store/customers';
import { inTransaction } from '../../src/store/database';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { addCustomer, newId, openedAtMs } from './samples';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const mobile = { kind: 'phone', value: '+12025550101', rank: 1, state: 'verified' } as const;
const landline = { kind: 'phone', value: '+12025550102', rank: 2, state: 'unverified' } as const;

describe('a customer', () => {
  it('is read with contact points and the consent in force for each channel', async () => {
    const customer = {
      customerId: newId('C'),
      name: '样本',
      language: 'zh' as const,
      timezone: 'Asia/Shanghai',
      preferences: { quietDays: ['sunday'] },
    };
    await putCustomer(database.pool, { ...customer, name: 'before' });
    await putCustomer(database.pool, customer);
    await putContactPoint(database.pool, customer.customerId, landline);
    await putContactPoint(database.pool, customer.customerId, mobile);
    const own = { place: 'unknown', employerAllows: null, takesSms: true, partyId: null, partyRole: 'borrower' };
    const consent = { customerId: customer.customerId, channel: 'sms', source: 'STOP by SMS' } as const;
    await recordConsent(database.pool, { ...consent, state: 'opted-in', atMs: openedAtMs + 1 });
    await recordConsent(database.pool, { ...consent, state: 'opted-out', atMs: openedAtMs });
    expect(await getCustomer(database.pool, customer.customerId)).toEqual({
      ...customer,
      contactPoints: [
        { ...mobile, ...own, stateReason: null },
        { ...landline, ...own, stateReason: null },
      ],
      consents: [{ channel: 'sms', state: 'opted-out', source: 'STOP by SMS', atMs: openedAtMs }],
    });
    expect(await getCustomer(database.pool, 'nobody')).toBeNull();
  });

  it('is reached at the valid contact point of the lowest rank', async () => {
    const customerId = await addCustomer(database.pool);
    await putContactPoint(database.pool, customerId, landline);
    await putContactPoint(database.pool, customerId, mobile);
    expect((await bestContactPoint(database.pool, customerId, 'call', Date.now()))?.value).toBe(mobile.value);
    const marked = await markContactPointInvalid(database.pool, customerId, 'phone', mobile.value, 'unreachable 30003');
    expect(marked).toBe(true);
    expect((await bestContactPoint(database.pool, customerId, 'call', Date.now()))?.value).toBe(landline.value);
    expect(await bestContactPoint(database.pool, customerId, 'email', Date.now())).toBeNull();
    expect(await markContactPointInvalid(database.pool, customerId, 'email', 'a@example.com', 'x')).toBe(false);
  });

  it('keeps of a number what nobody changes', async () => {
    const customerId = await addCustomer(database.pool);
    const owner = { partyId: 'p-1', partyRole: 'guarantor' } as const;
    await putContactPoint(database.pool, customerId, { ...mobile, place: 'work', employerAllows: false, owner });
    await putContactPoint(database.pool, customerId, { kind: 'phone', value: mobile.value });
    const kept = { ...mobile, ...owner, place: 'work', employerAllows: false };
    expect((await getCustomer(database.pool, customerId))?.contactPoints).toMatchObject([kept]);
    const own = { kind: 'phone', value: mobile.value, employerAllows: null, owner: borrowersOwn } as const;
    await putContactPoint(database.pool, customerId, own);
    const changed = { ...kept, employerAllows: null, partyId: null, partyRole: 'borrower' };
    expect((await getCustomer(database.pool, customerId))?.contactPoints).toMatchObject([changed]);
  });

  it('may opt out of a channel and in again; the word that was recorded last counts', async () => {
    const customerId = await addCustomer(database.pool);
    const say = (channel: 'sms' | 'call', state: 'opted-in' | 'opted-out'): Promise<void> =>
      recordConsent(database.pool, { customerId, channel, state, source: 'api', atMs: openedAtMs });
    await say('sms', 'opted-out');
    await say('call', 'opted-out');
    expect(await optedOutChannels(database.pool, customerId)).toEqual(new Set(['sms', 'call']));
    await say('sms', 'opted-in');
    expect(await optedOutChannels(database.pool, customerId)).toEqual(new Set(['call']));
  });

  it('that does not exist has no contact points, consents or lock', async () => {
    const consent = { customerId: 'nobody', channel: 'sms', state: 'opted-out', source: 'api', atMs: 0 } as const;
    await expect(putContactPoint(database.pool, 'nobody', mobile)).rejects.toMatchObject({ type: 'NotFound' });
    await expect(recordConsent(database.pool, consent)).rejects.toMatchObject({ type: 'NotFound' });
    await expect(lockCustomer(database.pool, 'nobody')).rejects.toMatchObject({ type: 'NotFound' });
  });

  it('is held by one at a time', async () => {
    const customerId = await addCustomer(database.pool);
    const order: string[] = [];
    let second: Promise<void> = Promise.resolve();
    await inTransaction(database.pool, async (db) => {
      await lockCustomer(db, customerId);
      second = inTransaction(database.pool, async (other) => {
        await lockCustomer(other, customerId);
        order.push('second');
      });
      await untilSomeoneWaits();
      order.push('first');
    });
    await second;
    expect(order).toEqual(['first', 'second']);
  });

  it('is read as the one before left it by a reader that did not wait for the answer of the lock', async () => {
    const customerId = await addCustomer(database.pool);
    const words = { channel: 'call', state: 'opted-out', source: 'api', atMs: openedAtMs } as const;
    let second: Promise<ReadonlySet<string>> | undefined;
    await inTransaction(database.pool, async (db) => {
      await lockCustomer(db, customerId);
      second = inTransaction(database.pool, async (other) => {
        const [, channels] = await Promise.all([lockCustomer(other, customerId), optedOutChannels(other, customerId)]);
        return channels;
      });
      await untilSomeoneWaits();
      await recordConsent(db, { ...words, customerId });
    });
    expect(await second).toEqual(new Set(['call']));
  });
});

async function untilSomeoneWaits(): Promise<void> {
  const waiting = 'select from pg_stat_activity where datname = current_database() and wait_event_type = $1';
  while ((await database.owner.query(waiting, ['Lock'])).rowCount === 0) await new Promise(setImmediate);
}
