import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type DatabaseOfBefore, databaseBefore } from '../support/rows-of-before';

let database: DatabaseOfBefore;
beforeAll(async () => {
  database = await databaseBefore('whose-grant');
});
afterAll(() => database.drop());

it('a grant of before is theirs whose number it names, and otherwise the borrower’s', async () => {
  const { owner, loan, migrateOn } = database;
  const numbers = `insert into contact_point (customer_id, kind, value, rank, state, party_id, party_role)
    values ($1, 'phone', '+12025550123', 1, 'verified', null, 'borrower'),
      ($1, 'phone', '+12025550144', 2, 'verified', 'p-guarantor', 'guarantor')`;
  await owner.query(numbers, [loan.customerId]);
  const granted = `insert into contact_grant (customer_id, kind, channel, contact_point, at, evidence, actor)
    select $1, 'inbound-message', 'sms', number, now(), 'message', 'borrower'
    from unnest(array['+12025550123', '+12025550144', null]) number`;
  await owner.query(granted, [loan.customerId]);
  await migrateOn();
  const { rows } = await owner.query('select contact_point, party_id from contact_grant order by grant_id');
  expect(rows).toEqual([
    { contact_point: '+12025550123', party_id: null },
    { contact_point: '+12025550144', party_id: 'p-guarantor' },
    { contact_point: null, party_id: null },
  ]);
  const { rows: open } = await owner.query(
    `select payload::jsonb #>> '{columns,party_id}' as party from ledger_entry
     where what like 'contact_grant%' and payload::jsonb->>'op' = 'update'`,
  );
  expect(open).toEqual([{ party: 'p-guarantor' }]);
});
