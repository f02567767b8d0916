import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sampleTask } from '../store/samples';
import { taskHolds } from '../../src/store/task-holds';
import { addTask, type NewTask } from '../../src/store/tasks';
import { addCase, type Loan, phone } from './portfolio';
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
const ben = { 'x-actor': 'ben' };

async function addCall(loan: Loan, changes: Partial<NewTask> = {}): Promise<string> {
  const taskKey = `${loan.loanId}/1/reminder/day-7-call`;
  const times = { notBeforeMs: mondayMorningMs, dueAtMs: mondayMorningMs + 86_400_000 };
  const { task } = await addTask(
    api.pool,
    sampleTask(loan as never, { ...times, taskKey, stage: 'reminder', ...changes }),
  );
  return task.taskId;
}

describe('a call', () => {
  it('is claimed by one collector, with the number that the gate reserved it for', async () => {
    const taskId = await addCall(await addCase(api));
    const claimed = await api.call('POST', `/v1/tasks/${taskId}/claim`, undefined, ana);
    expect(claimed.body).toMatchObject({
      state: 'claimed',
      assignee: 'ana',
      contact: { channel: 'call', contactPoint: phone },
    });
    expect((await api.call('POST', `/v1/tasks/${taskId}/claim`, undefined, ana)).status).toBe(200);
    const other = await api.call('POST', `/v1/tasks/${taskId}/claim`, undefined, ben);
    expect(other.body).toMatchObject({ status: 409, type: 'urn:arrears:NotYourTask' });
  });

  it('is denied outside the hours of contact, and the timeline says why', async () => {
    const loan = await addCase(api);
    const taskId = await addCall(loan);
    api.clock.ms = Date.parse('2026-03-02T14:30:00Z'); // 22:30 in Shanghai
    for (let n = 0; n < 2; n += 1) {
      const answer = await api.call('POST', `/v1/tasks/${taskId}/claim`, undefined, ana);
      expect(answer.body).toMatchObject({ status: 409, type: 'urn:arrears:ContactNotAllowed' });
      expect(answer.body.detail).toContain('2026-03-03T00:00:00.000Z');
      expect(answer.body.detail).toContain('HOUSE-HOURS');
    }
    const timeline = await api.call('GET', `/v1/cases/${loan.loanId}/timeline`);
    const denied = timeline.body.items.filter(({ kind }) => kind === 'contact-denied');
    expect(denied).toMatchObject([{ actor: 'ana', data: { channel: 'call', rules: ['HOUSE-HOURS', 'CN-HOURS'] } }]);
    expect((await api.call('GET', `/v1/tasks/${taskId}`)).body.state).toBe('open');
  });

  it('is denied to a borrower who asked not to be called', async () => {
    const loan = await addCase(api);
    const taskId = await addCall(loan);
    const consent = { channel: 'call', state: 'opted-out', source: 'letter' };
    await api.call('POST', `/v1/customers/${loan.customerId}/consents`, consent);
    const answer = await api.call('POST', `/v1/tasks/${taskId}/claim`, undefined, ana);
    expect(answer.body).toMatchObject({ type: 'urn:arrears:ContactNotAllowed' });
    expect(answer.body.detail).toContain('HOUSE-OPT-OUT');
  });

  it('is not completed by anybody who has not claimed it', async () => {
    const taskId = await addCall(await addCase(api));
    const answer = await api.call('POST', `/v1/tasks/${taskId}/complete`, { outcome: 'no-answer' }, ana);
    expect(answer.body).toMatchObject({ type: 'urn:arrears:NotYourTask', detail: 'claim it first' });
    await api.call('POST', `/v1/tasks/${taskId}/claim`, undefined, ana);
    const other = await api.call('POST', `/v1/tasks/${taskId}/complete`, { outcome: 'no-answer' }, ben);
    expect(other.body).toMatchObject({ type: 'urn:arrears:NotYourTask' });
  });

  it.each([
    [{ outcome: 'promised', promisedMinor: 5_000 }, 'promisedDay'],
    [{ outcome: 'promised', promisedDay: '2026-03-06' }, 'promisedMinor'],
    [{ outcome: 'no-answer', promisedDay: '2026-03-06' }, 'promisedDay'],
    [{ outcome: 'reviewed' }, 'outcome'],
    [{ outcome: 'refused', cause: 'moon' }, 'cause'],
  ])('is not completed with %j', async (completion, field) => {
    const taskId = await addCall(await addCase(api));
    await api.call('POST', `/v1/tasks/${taskId}/claim`, undefined, ana);
    const answer = await api.call('POST', `/v1/tasks/${taskId}/complete`, completion, ana);
    expect(answer.body).toMatchObject({ status: 400, type: 'urn:arrears:InputInvalid', field });
    expect((await api.call('GET', `/v1/tasks/${taskId}`)).body.state).toBe('claimed');
  });

  it.each([
    [{ promisedDay: '2026-03-02', promisedMinor: 5_000 }, 'promisedDay'],
    [{ promisedDay: '2026-03-17', promisedMinor: 5_000 }, 'promisedDay'],
    [{ promisedDay: '2026-03-06', promisedMinor: 202_001 }, 'promisedMinor'],
  ])('is not completed with the promise %j', async (promised, field) => {
    const taskId = await addCall(await addCase(api));
    await api.call('POST', `/v1/tasks/${taskId}/claim`, undefined, ana);
    const answer = await api.call('POST', `/v1/tasks/${taskId}/complete`, { outcome: 'promised', ...promised }, ana);
    expect(answer.body).toMatchObject({ status: 422, type: 'urn:arrears:PromiseInvalid', field });
  });

  it('that ends with a promise lets the case rest until its day and the days of grace are over', async () => {
    const loan = await addCase(api);
    const taskId = await addCall(loan);
    await api.call('POST', `/v1/tasks/${taskId}/claim`, undefined, ana);
    const codes = { cause: 'job-loss', willingness: 'willing-not-able' };
    const promise = {
      outcome: 'promised',
      promisedDay: '2026-03-06',
      promisedMinor: 50_000,
      note: 'Starts a new job.',
      ...codes,
    };
    const done = await api.call('POST', `/v1/tasks/${taskId}/complete`, promise, ana);
    expect(done.body).toMatchObject({ state: 'completed', outcome: 'promised', promisedDay: '2026-03-06', ...codes });
    expect(await taskHolds(api.pool, loan.loanId, 1)).toEqual([]);
    const again = await api.call('POST', `/v1/tasks/${taskId}/complete`, promise, ana);
    expect(again).toMatchObject({ status: 200, body: done.body });
    const promises = await api.call('GET', `/v1/cases/${loan.loanId}/promises`);
    expect(promises.body.items).toMatchObject([
      { promisedMinor: 50_000, state: 'open', source: 'task', sourceId: taskId, openUntilDay: '2026-03-07' },
    ]);
    const timeline = await api.call('GET', `/v1/cases/${loan.loanId}/timeline`);
    expect(timeline.body.items).toMatchObject([
      { kind: 'opened' },
      { kind: 'task-completed', data: codes },
      { kind: 'promised' },
      { kind: 'cause-heard' },
    ]);
    expect(timeline.text).not.toContain('new job');
    const contacts = await api.call('GET', `/v1/cases/${loan.loanId}/contacts`);
    expect(contacts.body.items).toMatchObject([
      { channel: 'call', state: 'placed', outcome: 'promised', madeBy: 'ana' },
    ]);
  });

  it('that nobody answers comes again as often as the policy says', async () => {
    const loan = await addCase(api);
    let taskId = await addCall(loan);
    const attempts: number[] = [];
    for (let n = 0; n < 3; n += 1) {
      await api.call('POST', `/v1/tasks/${taskId}/claim`, undefined, ana);
      await api.call('POST', `/v1/tasks/${taskId}/complete`, { outcome: 'no-answer' }, ana);
      const open = await api.call('GET', `/v1/tasks?loanId=${loan.loanId}&state=open`);
      const [next] = open.body.items;
      if (next === undefined) break;
      attempts.push(next.attempt);
      const early = await api.call('POST', `/v1/tasks/${next.taskId}/claim`, undefined, ana);
      expect(early.body.type).toBe('urn:arrears:TaskNotOpen');
      api.clock.ms = Date.parse('2026-03-06T02:00:00Z') + n * 7 * 86_400_000;
      taskId = next.taskId;
    }
    expect(attempts).toEqual([2, 3]);
  });

  it('that ends at a wrong number marks the number and asks for a review', async () => {
    const loan = await addCase(api);
    const taskId = await addCall(loan);
    await api.call('POST', `/v1/tasks/${taskId}/claim`, undefined, ana);
    await api.call('POST', `/v1/tasks/${taskId}/complete`, { outcome: 'wrong-number' }, ana);
    const customer = await api.call('GET', `/v1/customers/${loan.customerId}`);
    expect(customer.body.contactPoints).toContainEqual(expect.objectContaining({ value: phone, state: 'invalid' }));
    const tasks = await api.call('GET', `/v1/tasks?loanId=${loan.loanId}&kind=review`);
    expect(tasks.body.items).toMatchObject([{ kind: 'review', state: 'open' }]);
  });

  it('that meets a refusal sends the case to the team', async () => {
    const loan = await addCase(api);
    const taskId = await addCall(loan);
    await api.call('POST', `/v1/tasks/${taskId}/claim`, undefined, ana);
    await api.call('POST', `/v1/tasks/${taskId}/complete`, { outcome: 'refused' }, ana);
    expect((await api.call('GET', `/v1/cases/${loan.loanId}`)).body.escalateTo).toBe('team');
  });

  it('is not made while the case rests for a promise', async () => {
    const loan = await addCase(api);
    const first = await addCall(loan);
    const second = await addCall(loan, { taskKey: `${loan.loanId}/1/follow-up/day-25-call` });
    await api.call('POST', `/v1/tasks/${first}/claim`, undefined, ana);
    const promise = { outcome: 'promised', promisedDay: '2026-03-06', promisedMinor: 50_000 };
    await api.call('POST', `/v1/tasks/${first}/complete`, promise, ana);
    const answer = await api.call('POST', `/v1/tasks/${second}/claim`, undefined, ana);
    expect(answer.body).toMatchObject({ type: 'urn:arrears:ContactNotAllowed' });
    expect(answer.body.detail).toContain('promise to pay by 2026-03-06');
  });
});
