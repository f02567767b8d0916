import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { as, keys } from '../support/people';
import { addCase, payment } from './portfolio';
import { startApi, type TestApi } from './support';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ keys });
});
afterAll(() => api.close());

type Person = Parameters<typeof as>[0];

async function addOverdueLoan(changes: object = {}): Promise<string> {
  const asCore = { ...api, call: (m: 'GET' | 'POST' | 'PUT', u: string, b?: unknown) => api.call(m, u, b, as('sys')) };
  return (await addCase(asCore, changes)).loanId;
}

function ask(loanId: string, terms: object, changes: object = {}, key: Person = 'ana') {
  const body = { arrangementId: randomUUID(), terms, reason: 'hardship', ...changes };
  return api.call('POST', `/v1/cases/${loanId}/arrangements`, body, as(key));
}

function preview(loanId: string, terms: object, changes: object = {}, key: Person = 'cy') {
  return api.call('POST', `/v1/cases/${loanId}/arrangements/preview`, { terms, ...changes }, as(key));
}

async function list(loanId: string) {
  return (await api.call('GET', `/v1/cases/${loanId}/arrangements`, undefined, as('ana'))).body.items;
}

async function waiting(loanId: string): Promise<{ approvalId: string }> {
  const answer = await api.call('GET', `/v1/approvals?state=waiting&loanId=${loanId}`, undefined, as('bo'));
  return answer.body.items[0] as unknown as { approvalId: string };
}

function decide(approvalId: string, decision: string, key: Person) {
  return api.call('POST', `/v1/approvals/${approvalId}/decision`, { decision, reason: 'looked at it' }, as(key));
}

const plan = { kind: 'instalments', count: 4, firstDueDay: '2026-04-01' };
// 101,000 overdue since 20 February, and as much due on 20 March; today is 2 March.
const discount = { kind: 'settlement', amountMinor: 150_000, until: '2026-04-01' };

describe('a preview', () => {
  it('shows schedule, cost, measures and effect, and writes nothing', async () => {
    const loanId = await addOverdueLoan();
    const { status, body } = await preview(loanId, plan, { budget: { incomeMinor: 900_000, outgoingsMinor: 400_000 } });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      refusals: [],
      approval: null,
      effectiveFrom: '2026-03-02',
      costMinor: 0,
      measures: { instalments: 4, months: 4 },
      affordability: { leftMinor: 500_000, monthlyMinor: 101_000, affordable: true },
      before: { rawDpd: 10, overdueMinor: 101_000, outstandingMinor: 202_000 },
      after: { rawDpd: 0, overdueMinor: 0, outstandingMinor: 202_000 },
      observationUntil: '2027-03-02',
      classification: {
        today: { class: 'special-mention', why: 'past-due', provisionMinor: 4_000 },
        after: { asOf: '2026-03-02', class: 'special-mention', nonPerforming: false },
        afterObservation: { asOf: '2027-03-02', class: 'normal', why: 'observed', provisionMinor: 0 },
      },
    });
    expect(body).toMatchObject({ schedule: { no: 2, instalments: { length: 6 } } });
    expect(await list(loanId)).toEqual([]);
  });

  it('says who has to agree besides, and every reason against it', async () => {
    const loanId = await addOverdueLoan();
    expect((await preview(loanId, { kind: 'extension', days: 60 })).body).toMatchObject({
      refusals: [],
      approval: { role: 'supervisor', because: ['days'] },
    });
    expect((await preview(loanId, { kind: 'extension', days: 91 })).body).toMatchObject({
      refusals: [{ field: 'terms.days', reason: 'comes to 91 days; the policy allows 90' }],
    });
    const anew = { kind: 're-amortise', method: 'annuity', yearlyRateBps: 600, count: 12, firstDueDay: '2026-04-02' };
    expect((await preview(loanId, anew)).body).toMatchObject({
      refusals: [{ field: 'budget', reason: 'the policy asks for income and outgoings' }],
    });
    expect((await preview(loanId, discount)).body).toMatchObject({
      schedule: null,
      waived: { principalMinor: 52_000, interestMinor: 0 },
      costMinor: -52_000,
      ...{ observationUntil: null, classification: { afterObservation: null } },
      approval: { role: 'supervisor', because: ['discountPerMille'] },
    });
  });
});

describe('an arrangement within what one may decide alone', () => {
  it('is in force at once, once per id, and shows its lineage', async () => {
    const loanId = await addOverdueLoan();
    const arrangementId = randomUUID();
    const made = await ask(loanId, plan, { arrangementId });
    expect(made).toMatchObject({ status: 201 });
    expect(made.body).toMatchObject({
      ...{ arrangementId, kind: 'instalments', state: 'active', actor: 'ana', effectiveFrom: '2026-03-02' },
      ...{ scheduleNo: 2, replacesScheduleNo: 1, reinstatedAsNo: null, approvalRole: null, lastDay: '2026-03-23' },
    });
    expect((await ask(loanId, plan, { arrangementId })).body).toEqual(made.body);
    const other = await ask(loanId, { ...plan, count: 5 }, { arrangementId });
    expect(other.body).toMatchObject({ status: 409, type: 'urn:arrears:AlreadyExists', field: 'arrangementId' });
    expect(await list(loanId)).toHaveLength(1);
    const { rows } = await api.pool.query(`select flag, loan_id, ended_by from contact_flag where loan_id = $1`, [
      loanId,
    ]);
    expect(rows).toEqual([{ flag: 'plan-active', loan_id: loanId, ended_by: null }]);
  });

  it('is cancelled: the old due days count again, and collection may go on', async () => {
    const loanId = await addOverdueLoan();
    const { arrangementId } = (await ask(loanId, plan)).body as unknown as { arrangementId: string };
    const url = `/v1/cases/${loanId}/arrangements/${arrangementId}/cancel`;
    const cancelled = await api.call('POST', url, { reason: 'signed by somebody else' }, as('bo'));
    expect(cancelled.body).toMatchObject({ state: 'cancelled', cancelledOn: '2026-03-02', reinstatedAsNo: 3 });
    const loan = await api.call('GET', `/v1/loans/${loanId}`, undefined, as('ana'));
    expect(loan.body.delinquency).toMatchObject({ rawDpd: 10, overdueMinor: 101_000, outstandingMinor: 202_000 });
    const { rows } = await api.pool.query(`select ended_by from contact_flag where loan_id = $1`, [loanId]);
    expect(rows).toEqual([{ ended_by: 'policy' }]);
    expect((await api.call('POST', url, { reason: 'again' }, as('bo'))).body).toMatchObject({ state: 'cancelled' });
  });

  it.each([
    ['upheld', {}, 7_000],
    ['partly', { amountMinor: 4_000 }, 4_000],
  ])(
    'is cancelled, and what a dispute found not to be owed meanwhile stays off: %s',
    async (outcome, part, offMinor) => {
      const loanId = await addOverdueLoan();
      const { arrangementId } = (await ask(loanId, plan)).body as unknown as { arrangementId: string };
      const disputes = `/v1/cases/${loanId}/disputes`;
      const disputeId = `D-${randomUUID().slice(0, 8)}`;
      const objection = { disputeId, reasonCode: 'wrong-amount', amountMinor: 7_000, evidence: 'letter of today' };
      expect((await api.call('POST', disputes, objection, as('ana'))).status).toBe(200);
      const decision = { outcome, ...part, note: 'reckoned again' };
      const resolved = await api.call('POST', `${disputes}/${disputeId}/resolution`, decision, as('bo'));
      expect(resolved.body).toMatchObject({ creditedMinor: offMinor, scheduleNo: 3 });
      const url = `/v1/cases/${loanId}/arrangements/${arrangementId}/cancel`;
      const cancelled = await api.call('POST', url, { reason: 'the borrower asked for it' }, as('bo'));
      expect(cancelled.body).toMatchObject({ state: 'cancelled', scheduleNo: 2, reinstatedAsNo: 4 });
      const loan = await api.call('GET', `/v1/loans/${loanId}`, undefined, as('ana'));
      const delinquency = { rawDpd: 10, overdueMinor: 101_000 - offMinor, outstandingMinor: 202_000 - offMinor };
      expect(loan.body).toMatchObject({ delinquency });
    },
  );

  it('brings why the borrower is behind, which is then a fact of the case', async () => {
    const loanId = await addOverdueLoan();
    expect((await ask(loanId, plan, { cause: 'illness' })).status).toBe(201);
    const causes = await api.call('GET', `/v1/cases/${loanId}/causes`, undefined, as('ana'));
    expect(causes.body.items).toMatchObject([{ code: 'illness', source: 'plan', fromDay: '2026-03-02', actor: 'ana' }]);
    const wrong = await ask(await addOverdueLoan(), plan, { cause: 'bad-luck' });
    expect(wrong.body).toMatchObject({ status: 400, type: 'urn:arrears:InputInvalid', field: 'cause' });
  });

  it('is refused with the field and the reason where it cannot be', async () => {
    const loanId = await addOverdueLoan();
    const refused = async (terms: object, changes: object = {}) => (await ask(loanId, terms, changes)).body;
    const type = 'urn:arrears:RestructureInvalid';
    expect(await refused({ ...plan, count: 61 })).toMatchObject({ status: 422, type, field: 'terms.count' });
    expect(await refused({ ...plan, firstDueDay: '2026-03-02' })).toMatchObject({ type, field: 'terms.firstDueDay' });
    const anew = { kind: 're-age', count: 12, firstDueDay: '2026-04-02' };
    expect(await refused(anew)).toMatchObject({ status: 422, type, field: 'budget' });
    const poor = { budget: { incomeMinor: 20_000, outgoingsMinor: 5_000 } };
    expect(await refused(anew, poor)).toMatchObject({ status: 422, type, field: 'budget' });
    expect((await ask(loanId, plan, {}, 'cy')).body).toMatchObject({ status: 403, type: 'urn:arrears:Forbidden' });
    expect(await refused({ kind: 'forgive' })).toMatchObject({ status: 400, type: 'urn:arrears:InputInvalid' });
    expect(await list(loanId)).toEqual([]);
  });
});

describe('an arrangement beyond what one may decide alone', () => {
  it('waits, changes nothing meanwhile, and takes another person than its proposer', async () => {
    const loanId = await addOverdueLoan();
    const made = await ask(loanId, { kind: 'extension', days: 60 });
    expect(made.body).toMatchObject({ state: 'proposed', effectiveFrom: null, approvalRole: 'supervisor' });
    const { approvalId } = await waiting(loanId);
    expect(await waiting(loanId)).toMatchObject({ kind: 'arrangement', terms: { days: 60, because: ['days'] } });
    expect((await ask(loanId, plan)).body).toMatchObject({ status: 409, type: 'urn:arrears:AlreadyExists' });
    const own = await decide(approvalId, 'approve', 'ana');
    expect(own.body).toMatchObject({ status: 403, type: 'urn:arrears:FourEyes' });
    expect(await list(loanId)).toMatchObject([{ state: 'proposed', scheduleNo: null }]);
    expect((await decide(approvalId, 'approve', 'bo')).body).toMatchObject({ state: 'approved', decidedBy: 'bo' });
    expect(await list(loanId)).toMatchObject([{ state: 'active', effectiveFrom: '2026-03-02', scheduleNo: 2 }]);
  });

  it('is rejected for good', async () => {
    const loanId = await addOverdueLoan();
    await ask(loanId, { kind: 'extension', days: 60 });
    await decide((await waiting(loanId)).approvalId, 'reject', 'bo');
    expect(await list(loanId)).toMatchObject([{ state: 'rejected', scheduleNo: null }]);
  });

  it('cannot be approved once it can no longer be, and goes on waiting', async () => {
    const loanId = await addOverdueLoan();
    await ask(loanId, discount);
    const { approvalId } = await waiting(loanId);
    const paid = payment({ amountMinor: 60_000, valueDay: '2026-03-01' });
    await api.call('POST', `/v1/loans/${loanId}/payments`, paid, as('sys'));
    const late = await decide(approvalId, 'approve', 'bo');
    expect(late.body).toMatchObject({
      status: 422,
      type: 'urn:arrears:RestructureInvalid',
      field: 'terms.amountMinor',
    });
    expect(await waiting(loanId)).toMatchObject({ approvalId });
  });

  it('is weighed again for what the borrower can afford: where it asks for more by then, it has to be proposed anew', async () => {
    const loanId = await addOverdueLoan();
    const anew = { kind: 're-age', count: 4, firstDueDay: '2026-04-02' };
    await ask(loanId, anew, { budget: { incomeMinor: 100_000, outgoingsMinor: 43_000 } });
    expect((await decide((await waiting(loanId)).approvalId, 'approve', 'bo')).status).toBe(200);

    const other = await addOverdueLoan();
    const paid = payment({ amountMinor: 60_000, valueDay: '2026-03-01' });
    await api.call('POST', `/v1/loans/${other}/payments`, paid, as('sys'));
    // The payment bounces afterwards: what four instalments are made of grows from 142,000 to 202,000.
    await ask(other, anew, { budget: { incomeMinor: 100_000, outgoingsMinor: 60_000 } });
    const bounce = {
      ...payment({ amountMinor: 60_000, valueDay: '2026-03-02' }),
      kind: 'bounce',
      reverses: paid['paymentId'],
    };
    expect((await api.call('POST', `/v1/loans/${other}/payments`, bounce, as('sys'))).status).toBe(201);
    const refused = await decide((await waiting(other)).approvalId, 'approve', 'bo');
    expect(refused.body).toMatchObject({ status: 422, type: 'urn:arrears:RestructureInvalid', field: 'budget' });
    expect(refused.body.detail).toContain('it has to be proposed anew');
  });

  it('that its proposer took back is not approved any more', async () => {
    const loanId = await addOverdueLoan();
    const terms = { kind: 'settlement', amountMinor: 150_000, until: '2026-04-01' };
    await ask(loanId, terms);
    const url = `/v1/cases/${loanId}/arrangements`;
    const [proposal] = (await api.call('GET', url, undefined, as('ana'))).body.items as unknown as [
      { arrangementId: string },
    ];
    const cancelled = await api.call(
      'POST',
      `${url}/${proposal.arrangementId}/cancel`,
      { reason: 'changed mind' },
      as('ana'),
    );
    expect(cancelled.body).toMatchObject({ state: 'cancelled', scheduleNo: null });
    expect(await waiting(loanId)).toBeUndefined();
    const all = await api.call('GET', `/v1/approvals?loanId=${loanId}`, undefined, as('bo'));
    const [{ approvalId, ...withdrawn }] = all.body.items as unknown as [{ approvalId: string }];
    expect(withdrawn).toMatchObject({ state: 'withdrawn', proposedBy: 'ana', decidedBy: 'ana' });
    expect((await decide(approvalId, 'approve', 'bo')).body).toMatchObject({ type: 'urn:arrears:AlreadyExists' });
    expect((await ask(loanId, plan)).status).toBe(201);
  });
});

describe('the quota of a branch', () => {
  it('lets a few cases be under an arrangement, and then only a share of those that are open', async () => {
    const free = 20;
    const loanIds: string[] = [];
    for (let no = 0; no < free + 1; no += 1) loanIds.push(await addOverdueLoan({ branch: 'harbour' }));
    const extension = { kind: 'extension', days: 30 };
    const answers: number[] = [];
    for (const loanId of loanIds.slice(0, free)) answers.push((await ask(loanId, extension)).status);
    expect(new Set(answers)).toEqual(new Set([201]));
    const [last = ''] = loanIds.slice(free);
    const reason = "20 of the branch's 21 open cases are under an arrangement; the policy allows 300 per mille";
    expect((await preview(last, extension)).body).toMatchObject({ refusals: [{ field: null, reason }] });
    expect((await ask(last, extension)).body).toMatchObject({ status: 422, type: 'urn:arrears:RestructureInvalid' });
    expect((await ask(await addOverdueLoan({ branch: 'hills' }), extension)).status).toBe(201);
  });
});
