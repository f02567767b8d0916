import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { taskHolds } from '../../src/store/task-holds';
import { addTask } from '../../src/store/tasks';
import { sampleTask } from '../store/samples';
import { addCase, type Loan, loanBody, phone } from './portfolio';
import { mondayMorningMs, startApi, type TestApi } from './support';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
beforeEach(() => {
  api.clock.ms = mondayMorningMs;
});

const ana = { 'x-actor': 'ana' };

/** A borrower with two loans, a case each. */
async function withTwoLoans(): Promise<{ first: Loan; second: Loan }> {
  const first = await addCase(api);
  const second = { ...first, loanId: `L-${randomUUID().slice(0, 8)}` };
  await api.call('PUT', `/v1/loans/${second.loanId}`, { ...loanBody, customerId: first.customerId });
  await api.call('POST', '/v1/cases', { loanId: second.loanId });
  return { first, second };
}

async function endCall(loan: Loan, outcome: string): Promise<void> {
  const times = { notBeforeMs: mondayMorningMs, dueAtMs: mondayMorningMs + 86_400_000 };
  const wanted = { ...times, taskKey: `${loan.loanId}/1/reminder/day-7-call`, stage: 'reminder', asks: [] };
  const { task } = await addTask(api.pool, sampleTask(loan as never, wanted));
  expect((await api.call('POST', `/v1/tasks/${task.taskId}/claim`, undefined, ana)).status).toBe(200);
  expect((await api.call('POST', `/v1/tasks/${task.taskId}/complete`, { outcome }, ana)).status).toBe(200);
}

async function report({ loanId }: Loan, outcome: string, at = '2026-03-02T09:30:00+08:00'): Promise<void> {
  const body = { reportId: randomUUID(), channel: 'call', at, contactPoint: phone, outcome };
  expect((await api.call('POST', `/v1/cases/${loanId}/contacts`, body, ana)).status).toBe(201);
}

async function flagsOf({ customerId }: Loan): Promise<unknown> {
  const { body } = await api.call('GET', `/v1/customers/${customerId}/contact-facts`);
  return (body as unknown as { flags: unknown }).flags;
}

async function verdictOn({ customerId, loanId }: Loan): Promise<string> {
  const query = `channel=sms&purpose=reminder&at=2026-04-20T10:00:00%2B08:00&loanId=${loanId}`;
  const { body } = await api.call('GET', `/v1/customers/${customerId}/contact-judgement?${query}`);
  return (body as unknown as { verdict: string }).verdict;
}

async function kindsOf({ loanId }: Loan): Promise<string[]> {
  return (await api.call('GET', `/v1/cases/${loanId}/timeline`)).body.items.map(({ kind }) => kind);
}

describe.each([
  ['a call of a task', endCall],
  ['a call that was reported', report],
])('%s', (_what, end) => {
  it('that hears of a death stops messages about every loan, long after the case of the call has rested', async () => {
    const { first, second } = await withTwoLoans();
    await end(first, 'deceased');
    expect(await flagsOf(first)).toMatchObject([{ flag: 'deceased', loanId: null, confirmed: false, actor: 'ana' }]);
    expect(await verdictOn(first)).toBe('deny');
    expect(await verdictOn(second)).toBe('deny');
    for (const loan of [first, second]) expect(await kindsOf(loan)).toContain('flag-set');
    const reviews = await api.call('GET', '/v1/tasks?kind=review&state=open&limit=200');
    const loanIds = [first.loanId, second.loanId];
    expect(reviews.body.items.filter(({ loanId }) => loanIds.includes(loanId))).toHaveLength(1);
  });

  it('that hears a dispute stops the disputed loan, and no other', async () => {
    const { first, second } = await withTwoLoans();
    await end(first, 'disputed');
    expect(await flagsOf(first)).toMatchObject([{ flag: 'disputed', loanId: first.loanId, confirmed: false }]);
    expect(await verdictOn(first)).toBe('deny');
    expect(await verdictOn(second)).toBe('allow');
    expect(await kindsOf(second)).not.toContain('flag-set');
  });

  it('that hears the same again sets no second flag', async () => {
    const { first, second } = await withTwoLoans();
    await end(first, 'deceased');
    await report(second, 'deceased');
    expect(await flagsOf(first)).toHaveLength(1);
  });

  it('lets the case rest and asks for a review, as the policy says of the outcome', async () => {
    const loan = await addCase(api);
    await end(loan, 'hardship');
    const [hold] = await taskHolds(api.pool, loan.loanId, 1);
    expect(hold).toMatchObject({ outcome: 'hardship', untilMs: Date.parse('2026-03-09T23:59:00+08:00') });
    const reviews = await api.call('GET', `/v1/tasks?loanId=${loan.loanId}&kind=review&state=open`);
    expect(reviews.body.items).toHaveLength(1);
  });
});

describe('a call that was reported', () => {
  it('rests from the day on which it was made, and its flag holds from then', async () => {
    const loan = await addCase(api);
    await report(loan, 'disputed', '2026-02-25T10:00:00+08:00');
    const [hold] = await taskHolds(api.pool, loan.loanId, 1);
    expect(new Date(hold!.untilMs).toISOString()).toBe('2026-03-10T15:59:00.000Z');
    expect(await flagsOf(loan)).toMatchObject([{ flag: 'disputed', from: '2026-02-25T02:00:00.000Z' }]);
  });

  it('and answered by nobody is not made again here', async () => {
    const loan = await addCase(api);
    await report(loan, 'no-answer');
    expect((await api.call('GET', `/v1/tasks?loanId=${loan.loanId}&state=open`)).body.items).toEqual([]);
  });

  it('and met a refusal sends the case to the team', async () => {
    const loan = await addCase(api);
    await report(loan, 'refused');
    expect((await api.call('GET', `/v1/cases/${loan.loanId}`)).body.escalateTo).toBe('team');
  });
});
