import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { publishRetailWith } from '../support/retail-with';
import { addCase, loanBody, payment } from './portfolio';
import { mondayMorningMs, startApi, type TestApi } from './support';

const keys = [
  { key: 'sys', actor: 'core', roles: ['system'] },
  { key: 'cleo', actor: 'cleo', roles: ['collector'] },
  { key: 'ana', actor: 'ana', roles: ['supervisor'] },
] as const;
const as = (key: string) => ({ authorization: `Bearer ${key}` });

const sections = {
  charges: '{ graceDays: 3, lateFee: 2000 }',
  waivers: '{ approvalOver: 1000, approval: supervisor, payWithinDaysMax: 10 }',
};

let api: TestApi;
let core: TestApi;
beforeAll(async () => {
  api = await startApi({ keys });
  core = { ...api, call: (method, url, body) => api.call(method, url, body, as('sys')) };
  await publishRetailWith(api.pool, sections);
});
afterAll(() => api.close());

async function addLateCase(): Promise<string> {
  api.clock.ms = mondayMorningMs;
  const [first] = loanBody.instalments;
  return (await addCase(core, { instalments: [first] })).loanId;
}

function ask(loanId: string, changes: object = {}, key = 'cleo') {
  const body = {
    waiverId: `W-${randomUUID().slice(0, 8)}`,
    amounts: { feeMinor: 800 },
    reason: 'paid at once on the call',
  };
  return api.call('POST', `/v1/cases/${loanId}/waivers`, { ...body, ...changes }, as(key));
}

const standing = async (loanId: string) => (await core.call('GET', `/v1/loans/${loanId}`)).body;
const states = async (loanId: string) =>
  (await core.call('GET', `/v1/cases/${loanId}/waivers`)).body.items.map(({ state }) => state);

describe('a late fee', () => {
  it('is shown with the loan and is part of what is overdue', async () => {
    const loanId = await addLateCase();
    expect(await standing(loanId)).toMatchObject({
      charges: [{ kind: 'late-fee', instalmentNo: 1, fromDay: '2026-02-24', amountMinor: 2_000, unpaidMinor: 2_000 }],
      delinquency: { overdueMinor: 103_000, overdue: { feeMinor: 2_000 } },
    });
  });
});

describe('a dispute that is upheld', () => {
  it('takes what was not owed off the late fee too, and nothing arises anew for what is left', async () => {
    const loanId = await addLateCase();
    const wish = { disputeId: `D-${loanId}`, reasonCode: 'fee', amountMinor: 2_500, evidence: 'letter of 1 March' };
    expect((await api.call('POST', `/v1/cases/${loanId}/disputes`, wish, as('cleo'))).body).toMatchObject({
      disputedMinor: 2_500,
    });
    const decision = { outcome: 'upheld', note: 'the bank was late itself' };
    const url = `/v1/cases/${loanId}/disputes/${wish.disputeId}/resolution`;
    expect((await api.call('POST', url, decision, as('ana'))).body).toMatchObject({ creditedMinor: 2_500 });
    api.clock.ms = mondayMorningMs + 10 * 86_400_000;
    expect(await standing(loanId)).toMatchObject({
      charges: [{ kind: 'late-fee', amountMinor: 2_000, waivedMinor: 2_000, unpaidMinor: 0 }],
      delinquency: { overdueMinor: 100_500 },
    });
  });
});

describe('a waiver', () => {
  it('within the limit counts at once and is on the timeline', async () => {
    const loanId = await addLateCase();
    const first = await ask(loanId, { waiverId: `W-${loanId}` });
    expect([first.status, first.body.state]).toEqual([201, 'granted']);
    expect((await ask(loanId, { waiverId: `W-${loanId}` })).status).toBe(200);
    expect((await ask(loanId, { waiverId: `W-${loanId}`, amounts: { feeMinor: 700 } })).body).toMatchObject({
      status: 409,
      field: 'feeMinor',
    });
    expect(await standing(loanId)).toMatchObject({
      charges: [{ amountMinor: 2_000, waivedMinor: 800, unpaidMinor: 1_200 }],
      delinquency: { overdueMinor: 102_200 },
    });
    const { items } = (await core.call('GET', `/v1/cases/${loanId}/timeline`)).body;
    expect(items.at(-1)).toMatchObject({ kind: 'waived', actor: 'cleo', reason: 'paid at once on the call' });
    const dossier = await api.call('GET', `/v1/cases/${loanId}/dossier`, undefined, as('ana'));
    expect(dossier.body).toMatchObject({ waivers: [{ waiverId: `W-${loanId}`, feeMinor: 800, state: 'granted' }] });
  });

  it('above the limit counts once a second person agreed to it', async () => {
    const loanId = await addLateCase();
    const waiting = await ask(loanId, { amounts: { feeMinor: 2_000 } }, 'ana');
    expect(waiting.body.state).toBe('waiting');
    expect((await standing(loanId)).delinquency).toMatchObject({ overdueMinor: 103_000 });
    const [approval] = (await core.call('GET', `/v1/approvals?kind=waiver&loanId=${loanId}`)).body.items;
    const { approvalId } = approval as unknown as { approvalId: string };
    const decide = (key: string, decision: string) =>
      api.call('POST', `/v1/approvals/${approvalId}/decision`, { decision, reason: 'as usual' }, as(key));
    expect((await decide('ana', 'approve')).body).toMatchObject({ type: 'urn:arrears:FourEyes' });
    expect(await states(loanId)).toEqual(['waiting']);
  });

  it('that another person agrees to takes the fee off; one that is rejected does not', async () => {
    for (const [decision, overdueMinor, state] of [
      ['approve', 101_000, 'granted'],
      ['reject', 103_000, 'rejected'],
    ] as const) {
      const loanId = await addLateCase();
      await ask(loanId, { amounts: { feeMinor: 2_000 } });
      const [approval] = (await core.call('GET', `/v1/approvals?kind=waiver&loanId=${loanId}`)).body.items;
      const { approvalId } = approval as unknown as { approvalId: string };
      const decided = await api.call(
        'POST',
        `/v1/approvals/${approvalId}/decision`,
        { decision, reason: 'seen' },
        as('ana'),
      );
      expect(decided.status).toBe(200);
      expect((await standing(loanId)).delinquency).toMatchObject({ overdueMinor });
      expect(await states(loanId)).toEqual([state]);
    }
  });

  it('with a last day to pay lapses after it, and holds once a payment of before comes to light', async () => {
    const loanId = await addLateCase();
    await ask(loanId, { payBy: '2026-03-05' });
    api.clock.ms = mondayMorningMs + 6 * 86_400_000;
    expect(await states(loanId)).toEqual(['lapsed']);
    const paid = payment({ amountMinor: 102_200, valueDay: '2026-03-05' });
    expect((await core.call('POST', `/v1/loans/${loanId}/payments`, paid)).status).toBe(201);
    expect(await states(loanId)).toEqual(['granted']);
    expect((await standing(loanId)).delinquency).toMatchObject({ outstandingMinor: 0, creditMinor: 0 });
  });

  it.each([
    ['more than is unpaid', { amounts: { feeMinor: 2_001 } }, 422, 'amounts.feeMinor'],
    ['nothing', { amounts: {} }, 422, 'amounts'],
    ['a last day that is past', { payBy: '2026-03-01' }, 422, 'payBy'],
    ['no reason', { reason: ' ' }, 400, 'reason'],
  ])('is refused for %s', async (_what, changes, status, field) => {
    const loanId = await addLateCase();
    expect((await ask(loanId, changes)).body).toMatchObject({ status, field });
    expect(await states(loanId)).toEqual([]);
  });

  it('that waits beyond its last day to pay can only be rejected', async () => {
    const loanId = await addLateCase();
    await ask(loanId, { amounts: { feeMinor: 2_000 }, payBy: '2026-03-05' });
    api.clock.ms = mondayMorningMs + 6 * 86_400_000;
    const [approval] = (await core.call('GET', `/v1/approvals?kind=waiver&loanId=${loanId}`)).body.items;
    const { approvalId } = approval as unknown as { approvalId: string };
    const decide = (decision: string) =>
      api.call('POST', `/v1/approvals/${approvalId}/decision`, { decision, reason: 'late' }, as('ana'));
    expect((await decide('approve')).body).toMatchObject({ status: 422, type: 'urn:arrears:WaiverInvalid' });
    expect(await states(loanId)).toEqual(['lapsed']);
    expect((await decide('reject')).status).toBe(200);
    expect(await states(loanId)).toEqual(['rejected']);
  });

  it('is asked for by those who may', async () => {
    expect((await ask(await addLateCase(), {}, 'sys')).status).toBe(403);
  });
});
