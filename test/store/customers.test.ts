import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import {
  bestContactPoint,
  borrowersOwn,
  getCustomer,
  lockCustomer,
  markContactPointInvalid,
  type NewContactPoint,
  putContactPoint,
  putCustomer,
} from '../../src/store/customers';
import { addFlag } from '../../src/store/contact-facts';
import { consentInForce, recordConsent } from '../../src/store/consents';
import { inTransaction } from '../../src/store/database';
import { closedWays } from '../support/closed-ways';
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
    const consent = {
      customerId: customer.customerId,
      channel: 'sms',
      source: 'STOP by SMS',
      actor: 'borrower',
    } as const;
    await recordConsent(database.pool, { ...consent, state: 'opted-out', atMs: openedAtMs }, openedAtMs);
    await recordConsent(database.pool, { ...consent, state: 'opted-out', atMs: openedAtMs - 1 }, openedAtMs);
    expect(await getCustomer(database.pool, customer.customerId)).toEqual({
      ...customer,
      contactPoints: [
        { ...mobile, ...own, stateReason: null },
        { ...landline, ...own, stateReason: null },
      ],
      loansOfParties: {},
      consents: [{ channel: 'sms', state: 'opted-out', source: 'STOP by SMS', actor: 'borrower', atMs: openedAtMs }],
    });
    expect(await getCustomer(database.pool, 'nobody')).toBeNull();
  });

  it('is reached at the valid contact point of the lowest rank', async () => {
    const customerId = await addCustomer(database.pool);
    await putContactPoint(database.pool, customerId, landline);
    await putContactPoint(database.pool, customerId, mobile);
    expect((await bestContactPoint(database.pool, customerId, 'call', [], Date.now()))?.value).toBe(mobile.value);
    const marked = await markContactPointInvalid(database.pool, customerId, 'phone', mobile.value, 'unreachable 30003');
    expect(marked).toBe(true);
    expect((await bestContactPoint(database.pool, customerId, 'call', [], Date.now()))?.value).toBe(landline.value);
    expect(await bestContactPoint(database.pool, customerId, 'email', [], Date.now())).toBeNull();
    expect(await markContactPointInvalid(database.pool, customerId, 'email', 'a@example.com', 'x')).toBe(false);
  });

  it.each<[string, Partial<NewContactPoint>, Partial<NewContactPoint>]>([
    ['not at work without the employer’s leave', {}, { place: 'work' }],
    ['not at work without leave, though the rank says so', { rank: 2 }, { place: 'work', rank: 1, state: 'verified' }],
    ['not at work where the employer forbids it', {}, { place: 'work', employerAllows: false }],
    ['where it is verified, among those of one rank', { state: 'verified' }, {}],
  ])('is written to %s', async (_what, better, worse) => {
    const customerId = await addCustomer(database.pool);
    await putContactPoint(database.pool, customerId, { kind: 'email', value: 'anna@corp.example', ...worse });
    await putContactPoint(database.pool, customerId, { kind: 'email', value: 'anna@private.example', ...better });
    const chosen = await bestContactPoint(database.pool, customerId, 'email', [], Date.now());
    expect(chosen?.value).toBe('anna@private.example');
  });

  it('is written to at work with the employer’s leave as anywhere, and by the rank before the verification', async () => {
    const customerId = await addCustomer(database.pool);
    const work = { kind: 'email', value: 'anna@corp.example', place: 'work', employerAllows: true, rank: 1 } as const;
    await putContactPoint(database.pool, customerId, work);
    const own = { kind: 'email', value: 'anna@private.example', rank: 2, state: 'verified' } as const;
    await putContactPoint(database.pool, customerId, own);
    expect((await bestContactPoint(database.pool, customerId, 'email', [], Date.now()))?.value).toBe(work.value);
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

  describe('may opt out of a channel and in again', () => {
    type Word = readonly [said: number, state: 'opted-in' | 'opted-out'];
    const nowMs = openedAtMs + 10;
    const say = (customerId: string, [said, state]: Word, partyId: string | null = null): Promise<void> => {
      const word = { customerId, channel: 'sms', state, source: 'api', atMs: openedAtMs + said, partyId } as const;
      return recordConsent(database.pool, { ...word, actor: 'ana' }, nowMs);
    };

    it.each<[string, readonly Word[], string]>([
      [
        'the later word counts',
        [
          [1, 'opted-out'],
          [2, 'opted-in'],
        ],
        'opted-in',
      ],
      [
        'an older opt-out that is written down later does not',
        [
          [2, 'opted-in'],
          [1, 'opted-out'],
        ],
        'opted-in',
      ],
      [
        'of two words of one instant the one written down last',
        [
          [1, 'opted-out'],
          [1, 'opted-in'],
        ],
        'opted-in',
      ],
      [
        'an opt-out that is said again counts from then',
        [
          [1, 'opted-out'],
          [3, 'opted-out'],
        ],
        'opted-out',
      ],
    ])('%s', async (_what, words, state) => {
      const customerId = await addCustomer(database.pool);
      for (const word of words) await say(customerId, word);
      expect(await consentInForce(database.pool, { customerId, channel: 'sms' }, nowMs)).toMatchObject({ state });
      expect((await getCustomer(database.pool, customerId))?.consents).toMatchObject([{ state }]);
    });

    it('but not by a word from before the opt-out in force, whoever else has opted out later', async () => {
      const customerId = await addCustomer(database.pool);
      await say(customerId, [3, 'opted-out']);
      await say(customerId, [5, 'opted-out'], 'p-guarantor');
      await expect(say(customerId, [2, 'opted-in'])).rejects.toMatchObject({ type: 'InputInvalid', field: 'at' });
      expect(await closedWays(database.pool, customerId)).toEqual(new Set(['sms']));
      await say(customerId, [4, 'opted-in']);
      expect(await closedWays(database.pool, customerId)).toEqual(new Set());
      expect(await closedWays(database.pool, customerId, 'p-guarantor')).toEqual(new Set(['sms']));
    });

    it('but not by a word of the future', async () => {
      const customerId = await addCustomer(database.pool);
      const refused = { type: 'InputInvalid', field: 'at' };
      await expect(say(customerId, [11, 'opted-out'])).rejects.toMatchObject(refused);
      expect(await closedWays(database.pool, customerId)).toEqual(new Set());
    });
  });

  it('who has died is reached through a co-borrower who owes the loan, or else through the executor', async () => {
    const customerId = await addCustomer(database.pool);
    await putContactPoint(database.pool, customerId, mobile);
    const whoIsCalled = async (...loanIds: string[]) =>
      (await bestContactPoint(database.pool, customerId, 'call', loanIds, openedAtMs + 1))?.partyId;
    const partner = { partyId: 'p-partner', partyRole: 'co-borrower' } as const;
    const partners = { ...landline, owner: { ...partner, loanIds: ['L-1', 'L-2'] } };
    await putContactPoint(database.pool, customerId, partners);
    expect(await whoIsCalled('L-1')).toBeNull();

    const about = { customerId, loanId: null, partyId: null, fromMs: openedAtMs, untilMs: null, confirmed: true };
    await addFlag(database.pool, { ...about, flag: 'deceased', evidence: 'death certificate', actor: 'ana' });
    expect(await whoIsCalled('L-1')).toBe('p-partner');
    expect(await whoIsCalled('L-3')).toBeUndefined();
    const executor = { partyId: 'p-executor', partyRole: 'executor' } as const;
    await putContactPoint(database.pool, customerId, { kind: 'phone', value: '+12025550103', owner: executor });
    expect(await whoIsCalled('L-1', 'L-2')).toBe('p-partner');
    expect(await whoIsCalled('L-1', 'L-3')).toBe('p-executor');
    await putContactPoint(database.pool, customerId, { ...partners, owner: { ...partner, loanIds: ['L-3'] } });
    expect([await whoIsCalled('L-1'), await whoIsCalled('L-3')]).toEqual(['p-executor', 'p-partner']);
  });

  it('that does not exist has no contact points, consents or lock', async () => {
    const consent = {
      customerId: 'nobody',
      channel: 'sms',
      state: 'opted-out',
      source: 'api',
      actor: 'ana',
      atMs: 0,
    } as const;
    await expect(putContactPoint(database.pool, 'nobody', mobile)).rejects.toMatchObject({ type: 'NotFound' });
    await expect(recordConsent(database.pool, consent, 0)).rejects.toMatchObject({ type: 'NotFound' });
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
    const words = { channel: 'call', state: 'opted-out', source: 'api', actor: 'ana', atMs: openedAtMs } as const;
    let second: ReturnType<typeof consentInForce> | undefined;
    await inTransaction(database.pool, async (db) => {
      await lockCustomer(db, customerId);
      second = inTransaction(database.pool, async (other) => {
        const locked = lockCustomer(other, customerId);
        const read = consentInForce(other, { customerId, channel: 'call' }, openedAtMs);
        return (await Promise.all([read, locked]))[0];
      });
      await untilSomeoneWaits();
      await recordConsent(db, { ...words, customerId }, openedAtMs);
    });
    expect(await second).toMatchObject({ state: 'opted-out' });
  });
});

async function untilSomeoneWaits(): Promise<void> {
  const waiting = 'select from pg_stat_activity where datname = current_database() and wait_event_type = $1';
  while ((await database.owner.query(waiting, ['Lock'])).rowCount === 0) await new Promise(setImmediate);
}
