import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import {
  addArrangement,
  branchArrangements,
  bringArrangementIntoForce,
  cancelArrangement,
  getArrangement,
  listArrangements,
} from '../../src/store/arrangements';
import { addFlag } from '../../src/store/contact-facts';
import { noAmounts } from '../../src/domain/loan';
import { loadLoanFacts } from '../../src/store/loan-facts';
import { unnamedLoansOf } from '../../src/store/unnamed-loans';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { addOpenCase, newId, openedAtMs } from './samples';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function addSettlement(branch = 'north') {
  const loan = await addOpenCase(database.pool, { branch });
  const arrangementId = newId('A');
  const terms = { kind: 'settlement', amountMinor: 90_000, until: '2026-05-01' } as const;
  const agreed = { loanId: loan.loanId, caseNo: 1, terms, reason: 'hardship', actor: 'ana' };
  await addArrangement(database.pool, { arrangementId, ...agreed, proposedOn: '2026-04-01', approvalRole: null });
  return { loan, arrangementId };
}

const begin = (arrangementId: string) =>
  bringArrangementIntoForce(database.pool, {
    ...{ arrangementId, effectiveFrom: '2026-04-01', waived: { ...noAmounts, principal: 11_000 }, added: noAmounts },
  });

describe('an arrangement on record', () => {
  it('counts as a settlement from its first day until it is cancelled', async () => {
    const { loan, arrangementId } = await addSettlement();
    const settlements = async () => (await loadLoanFacts(database.pool, loan.loanId))?.settlements;
    expect(await settlements()).toEqual([]);
    await begin(arrangementId);
    expect(await settlements()).toEqual([{ from: '2026-04-01', until: '2026-05-01', amountMinor: 90_000 }]);
    await cancelArrangement(database.pool, { arrangementId, on: '2026-04-10', actor: 'bo' });
    expect(await settlements()).toEqual([]);
    expect(await listArrangements(database.pool, loan.loanId)).toMatchObject([
      { arrangementId, effectiveFrom: '2026-04-01', cancelledOn: '2026-04-10', cancelledBy: 'bo', scheduleNo: null },
    ]);
  });

  it.each([
    ['its terms', `terms = '{"kind": "extension", "days": 1}'`],
    ['its first day', `effective_from = '2026-04-02'`],
    ['what it gives up', `waived = '{}'`],
  ])('keeps %s, also from whoever writes SQL', async (_what, change) => {
    const { arrangementId } = await addSettlement();
    await begin(arrangementId);
    const sql = `update arrangement set ${change} where arrangement_id = $1`;
    await expect(database.owner.query(sql, [arrangementId])).rejects.toMatchObject({ code: '23001' });
    const gone = database.owner.query('delete from arrangement where arrangement_id = $1', [arrangementId]);
    await expect(gone).rejects.toMatchObject({ code: '23001' });
  });

  it('belongs to its loan', async () => {
    const { arrangementId } = await addSettlement();
    const { loan } = await addSettlement();
    const asked = getArrangement(database.pool, loan.loanId, arrangementId);
    await expect(asked).rejects.toMatchObject({ type: 'AlreadyExists', field: 'arrangementId' });
    expect(await getArrangement(database.pool, loan.loanId, newId('A'))).toBeNull();
  });
});

it('a branch counts its open cases, and those whose arrangement is kept', async () => {
  const branch = newId('B');
  const { loan } = await addSettlement(branch);
  await addSettlement(branch);
  const count = () => branchArrangements(database.pool, branch);
  expect(await count()).toEqual({ openCases: 2, underArrangement: 0 });
  const { customerId, loanId } = loan;
  const flag = { customerId, loanId, flag: 'plan-active', partyId: null, fromMs: openedAtMs, untilMs: null } as const;
  await addFlag(database.pool, { ...flag, confirmed: true, evidence: 'agreed', actor: 'policy' });
  expect(await count()).toEqual({ openCases: 2, underArrangement: 1 });
  const at = { nowMs: openedAtMs, today: '2026-03-02' };
  expect(await unnamedLoansOf(database.pool, customerId, [], at)).toEqual(new Set([loanId]));
});
