import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addTask } from '../../src/store/tasks';
import { listEvents } from '../../src/store/timeline';
import { sampleTask } from '../store/samples';
import { addCase } from './portfolio';
import { startApi, type TestApi } from './support';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

async function claimVisit(kind: 'visit' | 'review' = 'visit') {
  const loan = await addCase(api);
  const { task } = await addTask(api.pool, sampleTask(loan as never, { kind, asks: [], notBeforeMs: 0 }));
  const claimed = await api.call('POST', `/v1/tasks/${task.taskId}/claim`);
  const outcome = kind === 'visit' ? 'no-answer' : 'reviewed';
  const complete = (visit?: object) =>
    api.call('POST', `/v1/tasks/${task.taskId}/complete`, { outcome, ...(visit && { visit }) });
  const breaches = async () => {
    const { items } = await listEvents(api.pool, loan.loanId, null, 200);
    return items.filter(({ kind }) => kind === 'contact-breach').map(({ data }) => data['rules']);
  };
  return { claimed, complete, breaches };
}

const lawful = { staff: 2, recorded: true, identityCard: true };

describe('a visit', () => {
  it('is claimed with the rules that whoever makes it has to keep', async () => {
    const { claimed } = await claimVisit();
    expect(claimed.body).toMatchObject({ contact: { conditions: ['CN-VISIT-2', 'CN-VISIT-2-RECORD'] } });
  });

  it('does not end without a word on how it was made', async () => {
    const { complete } = await claimVisit();
    expect((await complete()).body).toMatchObject({ status: 400, type: 'urn:arrears:InputInvalid', field: 'visit' });
  });

  it('made by two who showed their cards, and recorded, breaks no rule', async () => {
    const { complete, breaches } = await claimVisit();
    expect((await complete(lawful)).status).toBe(200);
    expect(await breaches()).toEqual([]);
  });

  it.each([
    ['by one alone', { staff: 1 }, ['CN-VISIT-2']],
    ['without a recording', { recorded: false }, ['CN-VISIT-2-RECORD']],
    ['by people who did not show who they are', { identityCard: false }, ['CN-VISIT-2-RECORD']],
  ])('made %s is on record as a breach', async (_how, changes, rules) => {
    const { complete, breaches } = await claimVisit();
    expect((await complete({ ...lawful, ...changes })).status).toBe(200);
    expect(await breaches()).toEqual([rules]);
  });
});

it('a review is not made by visiting somebody: how it was made is refused, not ignored', async () => {
  const { complete } = await claimVisit('review');
  expect((await complete(lawful)).body).toMatchObject({ type: 'urn:arrears:InputInvalid', field: 'visit' });
  expect((await complete()).status).toBe(200);
});
