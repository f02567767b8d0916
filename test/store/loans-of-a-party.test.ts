import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { situationOf } from '../../src/contact/read-situation';
import { judgeContact } from '../../src/domain/contact/judge';
import { openGate } from '../../src/service/case-worker-deps';
import { putPartyLoans } from '../../src/store/party-loans';
import { type DatabaseOfBefore, databaseBefore } from '../support/rows-of-before';
import { openedAtMs } from './samples';

let database: DatabaseOfBefore;
beforeAll(async () => {
  database = await databaseBefore('loans-of-a-party');
});
afterAll(() => database.drop());

it('a co-borrower of before is told of no loan until somebody says which are theirs; the borrower is, as ever', async () => {
  const { owner, loan, migrateOn } = database;
  const { customerId, loanId } = loan;
  const numbers = `insert into contact_point (customer_id, kind, value, rank, state, party_id, party_role)
    values ($1, 'phone', '+12025550123', 1, 'verified', null, 'borrower'),
      ($1, 'phone', '+12025550144', 2, 'verified', 'p-partner', 'co-borrower')`;
  await owner.query(numbers, [customerId]);
  await migrateOn();

  const gate = await openGate();
  const asked = { contactKey: null, customerId, loanIds: [loanId], channel: 'call', purpose: 'follow-up' } as const;
  const judged = async (contactPoint: string) => {
    const { situation } = await situationOf(owner, gate, { ...asked, contactPoint }, openedAtMs + 3_600_000);
    return judgeContact(situation, gate.inForce.packs, gate.calendars);
  };
  expect((await judged('+12025550123')).kind).toBe('allow');
  const reason = 'it is not known which loans they owe or answer for';
  expect(await judged('+12025550144')).toEqual({ kind: 'deny', rules: [], reason });
  await putPartyLoans(owner, customerId, 'p-partner', [loanId]);
  expect((await judged('+12025550144')).kind).toBe('allow');
});
