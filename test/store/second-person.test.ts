import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { decideApproval, listApprovals, type NewApproval, proposeApproval } from '../../src/store/approvals';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { addOpenCase, hourMs, newId, openedAtMs } from './samples';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function proposal(changes: Partial<NewApproval> = {}): Promise<NewApproval> {
  const loanId = changes.loanId ?? (await addOpenCase(database.pool)).loanId;
  const proposed = { proposedBy: 'officer-1', proposedAtMs: openedAtMs, role: 'supervisor', terms: { amountMinor: 5 } };
  return {
    ...{ approvalId: randomUUID(), kind: 'sale' as const, subjectId: newId('S'), loanId, caseNo: 1 },
    ...proposed,
    ...changes,
  };
}

const decision = { state: 'approved', decidedBy: 'officer-2', decidedAtMs: openedAtMs + hourMs } as const;

describe('what waits for a second person', () => {
  it('is not decided by whoever proposed it', async () => {
    const { approval } = await proposeApproval(database.pool, await proposal());
    const own = decideApproval(database.pool, {
      ...decision,
      approvalId: approval.approvalId,
      decidedBy: 'officer-1',
    });
    await expect(own).rejects.toMatchObject({ type: 'FourEyes' });
  });

  it('is not decided by its proposer with SQL either', async () => {
    const { approval } = await proposeApproval(database.pool, await proposal());
    const sql = `update approval set state = 'approved', decided_by = proposed_by, decided_at = now() where approval_id = $1`;
    await expect(database.pool.query(sql, [approval.approvalId])).rejects.toMatchObject({ code: '23514' });
  });

  it('is decided once: the same again is known, another is refused', async () => {
    const { approval } = await proposeApproval(database.pool, await proposal());
    const { approvalId } = approval;
    const first = await decideApproval(database.pool, { ...decision, approvalId });
    expect(first).toMatchObject({ decided: true, approval: { state: 'approved', decidedBy: 'officer-2' } });
    expect(await decideApproval(database.pool, { ...decision, approvalId })).toEqual({ ...first, decided: false });
    const other = decideApproval(database.pool, { ...decision, approvalId, state: 'rejected' });
    await expect(other).rejects.toMatchObject({ type: 'AlreadyExists' });
  });

  it('is the same proposal when it is made once more', async () => {
    const wanted = await proposal();
    const first = await proposeApproval(database.pool, wanted);
    const again = await proposeApproval(database.pool, {
      ...wanted,
      approvalId: randomUUID(),
      proposedBy: 'officer-3',
    });
    expect(again).toEqual({ approval: first.approval, proposed: false });
  });

  it('keeps what was proposed and what was decided, also from whoever writes SQL', async () => {
    const { approval } = await proposeApproval(database.pool, await proposal());
    const { approvalId } = approval;
    const change = (set: string) =>
      database.owner.query(`update approval set ${set} where approval_id = $1`, [approvalId]);
    await expect(change(`terms = '{}'`)).rejects.toMatchObject({ code: '23001' });
    await decideApproval(database.pool, { ...decision, approvalId });
    await expect(change(`state = 'waiting', decided_by = null, decided_at = null`)).rejects.toMatchObject({
      code: '23001',
    });
    await expect(database.owner.query('delete from approval')).rejects.toMatchObject({ code: '23001' });
  });

  it('is listed by the day on which it was proposed, page by page', async () => {
    const { loanId } = await addOpenCase(database.pool);
    for (const hour of [2, 0, 1]) {
      await proposeApproval(database.pool, await proposal({ loanId, proposedAtMs: openedAtMs + hour * hourMs }));
    }
    const first = await listApprovals(database.pool, { loanId, state: 'waiting' }, null, 2);
    const second = await listApprovals(database.pool, { loanId, state: 'waiting' }, first.nextCursor, 2);
    const hours = [...first.items, ...second.items].map(({ proposedAtMs }) => (proposedAtMs - openedAtMs) / hourMs);
    expect(hours).toEqual([0, 1, 2]);
    expect(second.nextCursor).toBeNull();
  });
});
