import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { decideHandoff, latestHandoff, proposeHandoff } from '../../src/store/legal';
import { getPolicy, latestPolicy, listPolicies, publishPolicy } from '../../src/store/policies';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { addOpenCase, hourMs, newId, openedAtMs } from './samples';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function proposal(loanId?: string) {
  return {
    handoffId: randomUUID(),
    loanId: loanId ?? (await addOpenCase(database.pool)).loanId,
    caseNo: 1,
    proposedBy: 'officer-1',
    proposedAtMs: openedAtMs,
    evidence: { contacts: 6 },
  };
}

const decision = {
  state: 'approved',
  decidedBy: 'officer-2',
  decidedAtMs: openedAtMs + hourMs,
  reason: 'on record',
} as const;

describe('a legal handoff', () => {
  it('needs a second pair of eyes', async () => {
    const proposed = await proposal();
    const { handoffId } = proposed;
    await proposeHandoff(database.pool, proposed);
    const own = decideHandoff(database.pool, { ...decision, handoffId, decidedBy: 'officer-1' });
    await expect(own).rejects.toMatchObject({ type: 'FourEyes' });
    expect(await decideHandoff(database.pool, { ...decision, handoffId })).toMatchObject(decision);
  });

  it('needs a second pair of eyes also for whoever writes SQL', async () => {
    const proposed = await proposal();
    await proposeHandoff(database.pool, proposed);
    const sql = `update legal_handoff set state = 'approved', decided_by = proposed_by where handoff_id = $1`;
    await expect(database.pool.query(sql, [proposed.handoffId])).rejects.toMatchObject({ code: '23514' });
  });

  it('is decided once: the same again is known, another is refused', async () => {
    const proposed = await proposal();
    const { handoffId } = proposed;
    await proposeHandoff(database.pool, proposed);
    const first = await decideHandoff(database.pool, { ...decision, handoffId });
    expect(await decideHandoff(database.pool, { ...decision, handoffId, decidedAtMs: openedAtMs })).toEqual(first);
    const other = decideHandoff(database.pool, { ...decision, handoffId, state: 'rejected' });
    await expect(other).rejects.toMatchObject({ type: 'AlreadyExists' });
  });

  it('is proposed once while it lives, and may be proposed anew after it was rejected', async () => {
    const first = await proposal();
    const { handoffId, loanId } = first;
    expect(await proposeHandoff(database.pool, first)).toMatchObject({ proposed: true });
    const again = await proposeHandoff(database.pool, await proposal(loanId));
    expect(again).toMatchObject({ proposed: false, handoff: { handoffId } });
    await decideHandoff(database.pool, { ...decision, handoffId, state: 'rejected' });
    expect(await latestHandoff(database.pool, loanId, 1)).toMatchObject({ handoffId, state: 'rejected' });
    const anew = await proposal(loanId);
    expect(await proposeHandoff(database.pool, anew)).toMatchObject({ proposed: true });
    expect(await latestHandoff(database.pool, loanId, 1)).toMatchObject({ handoffId: anew.handoffId });
    const repeated = await proposeHandoff(database.pool, first);
    expect(repeated).toMatchObject({ proposed: false, handoff: { handoffId, state: 'rejected' } });
  });
});

describe('a policy', () => {
  const policy = { version: '1.0', contentHash: 'h1', document: { stages: [1] }, publishedBy: 'officer' };

  it('is published once, and other content under its version is refused', async () => {
    const policyId = newId('policy');
    expect(await publishPolicy(database.pool, { ...policy, policyId })).toBe('published');
    expect(await publishPolicy(database.pool, { ...policy, policyId })).toBe('known');
    const other = publishPolicy(database.pool, { ...policy, policyId, contentHash: 'h2', document: {} });
    await expect(other).rejects.toMatchObject({ type: 'PolicyImmutable', field: 'version' });
    expect((await getPolicy(database.pool, policyId, '1.0'))?.document).toEqual(policy.document);
  });

  it.each([`update policy set document = '{}'`, 'delete from policy', 'truncate policy cascade'])(
    'cannot be changed by whoever writes SQL either: %s',
    async (sql) => {
      await publishPolicy(database.pool, { ...policy, policyId: newId('policy') });
      await expect(database.owner.query(sql)).rejects.toThrow(/is append-only/);
    },
  );

  it('is the one published last when no version is named', async () => {
    const policyId = newId('policy');
    for (const version of ['9.0', '10.0']) await publishPolicy(database.pool, { ...policy, policyId, version });
    expect((await latestPolicy(database.pool, policyId))?.version).toBe('10.0');
    const listed = (await listPolicies(database.pool)).filter((one) => one.policyId === policyId);
    expect(listed.map((one) => one.version)).toEqual(['10.0', '9.0']);
    expect(await latestPolicy(database.pool, 'nothing')).toBeNull();
  });
});
