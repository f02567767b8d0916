import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addTask } from '../../src/store/tasks';
import { addCase, loanBody } from '../api/portfolio';
import { mondayMorningMs, startApi, type TestApi } from '../api/support';
import { sampleTask } from '../store/samples';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const ana = { 'x-actor': 'ana' };

describe('what peers get wrong about people and promises', () => {
  it('defect 11: a case goes to another collector although everybody holds one that is long overdue', async () => {
    const loans = [await addCase(api), await addCase(api), await addCase(api)];
    const give = (loanId: string, assignee: string) =>
      api.call('PUT', `/v1/cases/${loanId}/assignee`, { assignee }, { 'x-actor': 'sam' });
    for (const [index, { loanId }] of loans.entries()) await give(loanId, ['ana', 'ben', 'ana'][index] ?? 'ana');
    api.clock.ms = mondayMorningMs + 90 * 86_400_000;
    const given = await give(loans[2]!.loanId, 'ben');
    api.clock.ms = mondayMorningMs;
    expect(given.body).toMatchObject({ status: 'open', assignee: 'ben' });
  });

  it('defect 12: a risk tier is written also when it has become better', async () => {
    const { loanId, customerId } = await addCase(api, { riskTier: 'high' });
    await api.call('PUT', `/v1/loans/${loanId}`, { ...loanBody, customerId, riskTier: 'low' });
    expect((await api.call('GET', `/v1/loans/${loanId}`)).body).toMatchObject({ riskTier: 'low' });
  });

  it('defect 13: a promise whose day is to come is neither kept nor broken', async () => {
    const loan = await addCase(api);
    const times = { notBeforeMs: mondayMorningMs, dueAtMs: mondayMorningMs + 86_400_000 };
    const { task } = await addTask(api.pool, sampleTask(loan as never, { ...times, stage: 'reminder' }));
    await api.call('POST', `/v1/tasks/${task.taskId}/claim`, undefined, ana);
    const promise = { outcome: 'promised', promisedDay: '2026-03-06', promisedMinor: 50_000 };
    await api.call('POST', `/v1/tasks/${task.taskId}/complete`, promise, ana);
    const states = (await api.call('GET', `/v1/cases/${loan.loanId}/promises`)).body.items.map(({ state }) => state);
    expect(states.filter((state) => state === 'kept' || state === 'broken')).toEqual([]);
    expect(states).toHaveLength(1);
  });
});
