import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Channel } from '../../src/domain/case';
import { addFlag, addMilestone } from '../../src/store/contact-facts';
import { claimContact } from '../../src/store/contacts';
import { sampleContact } from '../store/samples';
import { addCase, type Loan } from './portfolio';
import { mondayMorningMs, startApi, type TestApi } from './support';

const keys = [
  { key: 'sys', actor: 'core', roles: ['system'] },
  { key: 'ana', actor: 'ana', roles: ['supervisor'] },
  { key: 'leo', actor: 'leo', roles: ['legal'] },
  { key: 'lea', actor: 'lea', roles: ['legal', 'supervisor'] },
] as const;
const as = (key: string) => ({ authorization: `Bearer ${key}` });

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ keys });
});
afterAll(() => api.close());

async function addReadyCase(): Promise<Loan> {
  const asCore = { ...api, call: (m: 'GET' | 'POST' | 'PUT', u: string, b?: unknown) => api.call(m, u, b, as('sys')) };
  const loan = await addCase(asCore);
  const channels: Channel[] = ['sms', 'email', 'call', 'sms', 'visit', 'visit'];
  for (const [n, channel] of channels.entries()) {
    const contact = sampleContact(loan as never, { channel, state: 'placed', offers: n === 5 ? ['arrangement'] : [] });
    await claimContact(api.pool, { ...contact, contactKey: randomUUID(), atMs: mondayMorningMs + 1_000 });
  }
  const known = { customerId: loan.customerId, loanId: loan.loanId, evidence: 'receipt 7', actor: 'post-desk' };
  await addMilestone(api.pool, { ...known, event: 'demand-delivered', atMs: mondayMorningMs });
  return loan;
}

function legal(loan: Loan, action: string, key: string) {
  return api.call('POST', `/v1/cases/${loan.loanId}/legal`, { action, reason: 'every offer was refused' }, as(key));
}

describe('handing a loan to legal means', () => {
  it('is refused while something that M6 asks for is missing, and says what', async () => {
    const asCore = {
      ...api,
      call: (m: 'GET' | 'POST' | 'PUT', u: string, b?: unknown) => api.call(m, u, b, as('sys')),
    };
    const loan = await addCase(asCore);
    const answer = await legal(loan, 'propose', 'ana');
    expect(answer.body).toMatchObject({ status: 422, type: 'urn:arrears:LegalPreconditionMissing' });
    expect(answer.body.detail).toContain('contacts on record: 0 of 6; a contact by sms');
    expect(answer.body.detail).toContain('an offer of: arrangement');
    expect(answer.body.detail).toContain('on record: demand-delivered (CN-HANDOFF)');
  });

  it('takes two people: whoever proposed it cannot approve it', async () => {
    const loan = await addReadyCase();
    const proposed = await legal(loan, 'propose', 'lea');
    expect(proposed.body).toMatchObject({ state: 'proposed', proposedBy: 'lea' });
    expect(proposed.body).toMatchObject({
      evidence: { rules: expect.arrayContaining(['CN-HANDOFF', 'HOUSE-HANDOFF']) },
    });
    const own = await legal(loan, 'approve', 'lea');
    expect(own.body).toMatchObject({ status: 403, type: 'urn:arrears:FourEyes' });
    const approved = await legal(loan, 'approve', 'leo');
    expect(approved.body).toMatchObject({ state: 'approved', proposedBy: 'lea', decidedBy: 'leo' });
    const tasks = await api.call('GET', `/v1/tasks?loanId=${loan.loanId}`, undefined, as('ana'));
    expect(tasks.body.items).toMatchObject([
      { kind: 'approve-legal', state: 'completed', outcome: 'approved', assignee: 'leo' },
    ]);
    expect((await api.call('GET', `/v1/cases/${loan.loanId}`, undefined, as('ana'))).body.escalateTo).toBe('legal');
  });

  it('is not approved when something came in between that a rule looks at, and says which rule', async () => {
    const loan = await addReadyCase();
    await legal(loan, 'propose', 'lea');
    const known = { customerId: loan.customerId, loanId: loan.loanId, evidence: 'letter 8', actor: 'post-desk' };
    const flag = { flag: 'insolvent', partyId: null, fromMs: mondayMorningMs, untilMs: null, confirmed: true } as const;
    await addFlag(api.pool, { ...known, ...flag });
    const answer = await legal(loan, 'approve', 'leo');
    expect(answer.body).toMatchObject({ status: 422, type: 'urn:arrears:LegalPreconditionMissing' });
    expect(answer.body.detail).toBe('not-insolvent: No insolvency proceedings run (HOUSE-HANDOFF)');
  });

  it('takes the role that the policy names', async () => {
    const loan = await addReadyCase();
    await legal(loan, 'propose', 'lea');
    expect((await legal(loan, 'approve', 'ana')).body).toMatchObject({ status: 403, type: 'urn:arrears:Forbidden' });
  });

  it('can be decided as a task, which is not taken by its proposer either', async () => {
    const loan = await addReadyCase();
    await legal(loan, 'propose', 'lea');
    const tasks = await api.call('GET', `/v1/tasks?loanId=${loan.loanId}&kind=approve-legal`, undefined, as('leo'));
    const [task] = tasks.body.items;
    const url = `/v1/tasks/${task!.taskId}`;
    expect((await api.call('POST', `${url}/claim`, undefined, as('lea'))).body.type).toBe('urn:arrears:FourEyes');
    expect((await api.call('POST', `${url}/claim`, undefined, as('leo'))).status).toBe(200);
    const done = await api.call('POST', `${url}/complete`, { outcome: 'rejected', note: 'one more visit' }, as('leo'));
    expect(done.body).toMatchObject({ state: 'completed', outcome: 'rejected' });
    const dossier = await api.call('GET', `/v1/cases/${loan.loanId}/dossier`, undefined, as('leo'));
    expect(dossier.body.handoffs).toMatchObject([{ state: 'rejected', decidedBy: 'leo', reason: 'one more visit' }]);
    expect(dossier.body.contacts).toHaveLength(6);
    expect(dossier.body.contacts[0]?.body).toBe('Your instalment is due.');
  });
});
