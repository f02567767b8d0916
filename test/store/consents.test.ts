import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { consentInForce } from '../../src/store/consents';
import { type DatabaseOfBefore, databaseBefore } from '../support/rows-of-before';

let database: DatabaseOfBefore;
beforeAll(async () => {
  database = await databaseBefore('consents-in-order');
});
afterAll(() => database.drop());

describe('consents of an earlier release', () => {
  it('count from when they were written down where they were dated later than that, and are nobody’s', async () => {
    const { owner, loan } = database;
    const text = `insert into consent (customer_id, channel, state, source, at) values ($1, $2, 'opted-out', 'form', $3)`;
    await owner.query(text, [loan.customerId, 'sms', '2100-01-01']);
    await owner.query(text, [loan.customerId, 'email', '2026-01-01']);
    await database.migrateOn();
    const said = (channel: 'sms' | 'email') => consentInForce(owner, { ...loan, channel }, Date.now() + 60_000);
    expect(await said('sms')).toMatchObject({ state: 'opted-out', actor: null });
    expect((await said('sms'))?.atMs).toBeLessThan(Date.now());
    expect(await said('email')).toMatchObject({ state: 'opted-out', atMs: Date.parse('2026-01-01T00:00:00Z') });
    const { rowCount } = await owner.query(`select from ledger_entry where what = 'consent/opted-out'`);
    expect(rowCount).toBe(3);
  });
});
