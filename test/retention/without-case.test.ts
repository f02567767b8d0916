import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays } from '../../src/domain/day';
import { keepRecords } from '../../src/retention/daily';
import type { RecordKeeping } from '../../src/retention/keep-case';
import { purgeDue, purgeUnknownMessages } from '../../src/retention/purge';
import { getCustomer, putContactPoint } from '../../src/store/customers';
import { getInbound, linkInbound, recordInbound } from '../../src/store/inbound-messages';
import { setHold } from '../../src/store/legal-holds';
import { postPayment } from '../../src/store/payments';
import { addCustomer, addLoan, samplePayment } from '../store/samples';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { retailKeeping } from './record-keeping';

let database: TestDatabase;
let keeping: RecordKeeping;
const at = (day: string): number => Date.parse(`${day}T04:00:00Z`);
const onRecordSince = '2026-02-01';

beforeAll(async () => {
  database = await createTestDatabase();
  keeping = await retailKeeping(database.pool);
});
afterAll(() => database.drop());

async function onRecord(customerId: string): Promise<string> {
  await putContactPoint(database.pool, customerId, { kind: 'phone', value: '+447700900222' });
  const text = 'update customer set recorded_at = $2 where customer_id = $1';
  await database.owner.query(text, [customerId, new Date(at(onRecordSince)).toISOString()]);
  return customerId;
}

async function purge(day: string): Promise<string[]> {
  const all: string[] = [];
  const onPurged = ({ customerId }: { customerId: string }): unknown => all.push(customerId);
  await purgeDue(database.pool, keeping, at(day), { dryRun: false, onPurged });
  return all;
}

describe('a borrower who never had a case', () => {
  it('is forgotten five years after nothing was owed any more, and not while a loan or a hold is', async () => {
    const { pool } = database;
    const [settled, owing, held] = [await addLoan(pool), await addLoan(pool), await addLoan(pool)];
    for (const { customerId } of [settled, owing, held]) await onRecord(customerId);
    for (const { loanId } of [settled, held]) {
      await postPayment(pool, samplePayment(loanId, { amountMinor: 303_000, valueDay: '2026-05-04' }));
    }
    const { customerId } = held;
    const hold = { holdId: randomUUID(), customerId, loanId: null, reason: 'in court' };
    await setHold(pool, { ...hold, setBy: 'counsel', setAtMs: at('2026-05-04') });
    expect(await purge('2031-05-04')).toEqual([]);
    expect(await purge('2031-05-05')).toEqual([settled.customerId]);
    expect(await getCustomer(pool, settled.customerId)).toMatchObject({ name: '', contactPoints: [] });
    expect(await purge('2046-01-01')).toEqual([]);
    expect(await getCustomer(pool, owing.customerId)).toMatchObject({ name: 'Ana Sample' });
  });

  it('is kept as long after the last thing on record where nothing was ever lent', async () => {
    const customerId = await onRecord(await addCustomer(database.pool));
    expect(await purge('2031-02-01')).toEqual([]);
    expect(await purge('2031-02-02')).toEqual([customerId]);
  });
});

describe('a message of somebody whom nobody knows', () => {
  async function message(day: string): Promise<string> {
    const inboundId = randomUUID();
    await recordInbound(database.pool, {
      ...{ inboundId, channel: 'sms', providerId: inboundId, sender: '+447700900333', body: 'who is this?' },
      ...{ atMs: at(day), understoodAs: 'unclear', state: 'waiting', dueAtMs: at(day) },
    });
    return inboundId;
  }
  const isThere = async (inboundId: string): Promise<boolean> => (await getInbound(database.pool, inboundId)) !== null;

  it('is deleted after a year; one of a borrower stays with the borrower', async () => {
    const { pool } = database;
    const [unknown, ours, young] = [
      await message('2027-03-01'),
      await message('2027-03-01'),
      await message('2027-03-02'),
    ];
    await linkInbound(pool, ours, await addCustomer(pool), null);
    expect(await keepRecords(pool, keeping, null, at('2028-03-01'))).toMatchObject({ messages: 0 });
    expect(await purgeUnknownMessages(pool, keeping, at('2028-03-02'), { dryRun: true })).toBe(1);
    expect(await isThere(unknown)).toBe(true);
    expect(await keepRecords(pool, keeping, null, at('2028-03-02'))).toMatchObject({ messages: 1 });
    expect([await isThere(unknown), await isThere(ours), await isThere(young)]).toEqual([false, true, true]);
    expect(await keepRecords(pool, keeping, null, at(addDays('2028-03-02', 1)))).toMatchObject({ messages: 1 });
  });
});
