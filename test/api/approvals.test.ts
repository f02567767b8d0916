import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askForApproval } from '../../src/cases/decide-approval';
import { inTransaction } from '../../src/store/database';
import { as, keys } from '../support/people';
import { addCase } from './portfolio';
import { mondayMorningMs, startApi, type TestApi } from './support';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ keys });
});
afterAll(() => api.close());

async function proposeSale() {
  const asCore = { ...api, call: (m: 'GET' | 'POST' | 'PUT', u: string, b?: unknown) => api.call(m, u, b, as('sys')) };
  const { loanId } = await addCase(asCore);
  const proposal = {
    ...{
      kind: 'sale' as const,
      subjectId: randomUUID(),
      loanId,
      caseNo: 1,
      role: 'supervisor',
      terms: { priceMinor: 500 },
    },
    ...{ proposedBy: 'ana', proposedAtMs: mondayMorningMs },
  };
  const { approvalId } = await inTransaction(api.pool, (tx) => askForApproval(tx, proposal, 'nothing else is left'));
  const decide = (key: Parameters<typeof as>[0], decision: string) =>
    api.call('POST', `/v1/approvals/${approvalId}/decision`, { decision, reason: 'looked at it' }, as(key));
  return { loanId, approvalId, decide };
}

describe('a proposal that needs a second person', () => {
  it('takes two people, and the timeline names both with their reasons', async () => {
    const { loanId, decide } = await proposeSale();
    expect((await decide('ana', 'approve')).body).toMatchObject({ status: 403, type: 'urn:arrears:FourEyes' });
    expect((await decide('bo', 'approve')).body).toMatchObject({
      state: 'approved',
      proposedBy: 'ana',
      decidedBy: 'bo',
    });
    expect((await decide('bo', 'approve')).status).toBe(200);
    const timeline = await api.call('GET', `/v1/cases/${loanId}/timeline`, undefined, as('ana'));
    expect(timeline.body.items.filter(({ kind }) => kind.startsWith('sale-'))).toMatchObject([
      { kind: 'sale-proposed', actor: 'ana', reason: 'nothing else is left' },
      { kind: 'sale-approved', actor: 'bo', reason: 'looked at it' },
    ]);
  });

  it('is decided by the role that the policy names, and only once', async () => {
    const { decide } = await proposeSale();
    expect((await decide('leo', 'approve')).body.type).toBe('urn:arrears:Forbidden');
    expect((await decide('bo', 'reject')).body.state).toBe('rejected');
    expect((await decide('bo', 'approve')).body.type).toBe('urn:arrears:AlreadyExists');
  });

  it('is in the list of what waits until it is decided', async () => {
    const { loanId, approvalId, decide } = await proposeSale();
    const waiting = async () =>
      (await api.call('GET', `/v1/approvals?state=waiting&loanId=${loanId}`, undefined, as('bo'))).body.items;
    expect(await waiting()).toMatchObject([
      { approvalId, kind: 'sale', terms: { priceMinor: 500 }, role: 'supervisor' },
    ]);
    await decide('bo', 'reject');
    expect(await waiting()).toEqual([]);
    const unknown = await api.call('GET', `/v1/approvals/${randomUUID()}`, undefined, as('bo'));
    expect(unknown.body.type).toBe('urn:arrears:NotFound');
  });
});
