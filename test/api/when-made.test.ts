import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { listEvents } from '../../src/store/timeline';
import { addTask } from '../../src/store/tasks';
import { sampleTask } from '../store/samples';
import { type CallHouse, collectorPhone, startCallHouse } from './call-support';
import { addCase, type Loan } from './portfolio';
import { mondayMorningMs } from './support';

let house: CallHouse;
beforeAll(async () => {
  house = await startCallHouse();
});
afterAll(() => house.close());
beforeEach(() => {
  house.api.clock.ms = mondayMorningMs;
});

const goOnTo = (at: string): void => {
  house.api.clock.ms = Date.parse(at);
};

const claim = (taskId: string) => house.post(`/v1/tasks/${taskId}/claim`);
const complete = (taskId: string, changes: object = {}) =>
  house.post(`/v1/tasks/${taskId}/complete`, { outcome: 'no-answer', ...changes });

async function contactOf({ loanId }: Loan) {
  const { body } = await house.api.call('GET', `/v1/cases/${loanId}/contacts`);
  expect(body.items).toHaveLength(1);
  return body.items[0] as unknown as { contactId: string; at: string; state: string };
}

async function breachesOf({ loanId }: Loan): Promise<unknown[]> {
  const { items } = await listEvents(house.api.pool, loanId, null, 200);
  return items.filter(({ kind }) => kind === 'contact-breach').map(({ data }) => data['rules']);
}

describe('a call that was claimed in the morning', () => {
  it('counts from the instant at which it was made, and the ledger keeps that it moved', async () => {
    const { taskId, loan } = await house.claimedCall();
    goOnTo('2026-03-02T18:00:00+08:00');
    expect((await complete(taskId, { madeAt: '2026-03-02T15:30:00+08:00' })).status).toBe(200);
    const { contactId, at } = await contactOf(loan);
    expect(at).toBe('2026-03-02T07:30:00.000Z');
    expect(await breachesOf(loan)).toEqual([]);
    const text = `select payload::json->'columns'->>'at' as at from ledger_entry
      where payload::json->>'key' = $1 and payload::json->>'op' = 'update' and payload::json->'columns'->'at' is not null`;
    const { rows } = await house.api.pool.query(text, [contactId]);
    expect(rows).toEqual([{ at: '2026-03-02T07:30:00+00:00' }]);
  });

  it('was made when it is written down, unless the collector says otherwise', async () => {
    const { taskId, loan } = await house.claimedCall();
    goOnTo('2026-03-02T16:00:00+08:00');
    await complete(taskId);
    expect((await contactOf(loan)).at).toBe('2026-03-02T08:00:00.000Z');
  });

  it('and made at night is a breach of the hours, with what was looked at', async () => {
    const { taskId, loan } = await house.claimedCall();
    goOnTo('2026-03-02T23:00:00+08:00');
    expect((await complete(taskId, { madeAt: '2026-03-02T22:30:00+08:00' })).status).toBe(200);
    expect(await breachesOf(loan)).toEqual([['HOUSE-HOURS', 'CN-HOURS']]);
    const text = 'select rules, at from contact_decision where loan_id = $1';
    const { rows } = await house.api.pool.query(text, [loan.loanId]);
    expect(rows).toEqual([{ rules: ['HOUSE-HOURS', 'CN-HOURS'], at: Date.parse('2026-03-02T14:30:00Z') }]);
  });

  it('after the borrower asked not to be called is a breach; an opt-out that came later is none', async () => {
    const [before, after] = [await house.claimedCall(), await house.claimedCall()];
    goOnTo('2026-03-02T12:00:00+08:00');
    for (const { loan } of [before, after]) {
      const consent = { channel: 'call', state: 'opted-out', source: 'letter', at: '2026-03-02T12:00:00+08:00' };
      await house.post(`/v1/customers/${loan.customerId}/consents`, consent);
    }
    goOnTo('2026-03-02T18:00:00+08:00');
    await complete(before.taskId, { madeAt: '2026-03-02T11:00:00+08:00' });
    await complete(after.taskId, { madeAt: '2026-03-02T13:00:00+08:00' });
    expect(await breachesOf(before.loan)).toEqual([]);
    expect(await breachesOf(after.loan)).toEqual([['HOUSE-OPT-OUT', 'CN-PRIVACY-QUIET']]);
  });

  it.each([
    ['before it was claimed', '2026-03-02T09:59:59+08:00'],
    ['in the future', '2026-03-02T18:00:01+08:00'],
    ['at no time at all', 'this morning'],
  ])('was not made %s', async (_what, madeAt) => {
    const { taskId } = await house.claimedCall();
    goOnTo('2026-03-02T18:00:00+08:00');
    expect((await complete(taskId, { madeAt })).body).toMatchObject({
      type: 'urn:arrears:InputInvalid',
      field: 'madeAt',
    });
  });

  it('and dialled by the provider the next day counts on the day on which the borrower’s telephone rang', async () => {
    const { taskId, loan } = await house.claimedCall();
    goOnTo('2026-03-03T11:00:00+08:00');
    await house.post(`/v1/tasks/${taskId}/call`, { collectorPhone });
    await house.providers.calls.settled();
    expect((await contactOf(loan)).at).toBe('2026-03-03T03:00:00.000Z');
    goOnTo('2026-03-03T12:00:00+08:00');
    const otherTime = await complete(taskId, { madeAt: '2026-03-03T11:30:00+08:00' });
    expect(otherTime.body).toMatchObject({ type: 'urn:arrears:InputInvalid', field: 'madeAt' });
    expect((await complete(taskId)).status).toBe(200);
    expect((await contactOf(loan)).at).toBe('2026-03-03T03:00:00.000Z');
  });
});

describe('a task that is claimed again', () => {
  it('asks the gate again: what was allowed yesterday gives its slot back once the borrower opted out', async () => {
    const { taskId, loan } = await house.claimedCall();
    goOnTo('2026-03-03T10:00:00+08:00');
    await house.post(`/v1/customers/${loan.customerId}/consents`, {
      ...{ channel: 'call', state: 'opted-out', source: 'letter' },
    });
    const again = await claim(taskId);
    expect(again.body).toMatchObject({ type: 'urn:arrears:ContactNotAllowed' });
    expect(again.body.detail).toContain('HOUSE-OPT-OUT');
    expect((await contactOf(loan)).state).toBe('released');
  });

  it('takes a slot of the day on which it is claimed, and frees the one of the day before', async () => {
    const { taskId, loan } = await house.claimedCall();
    goOnTo('2026-03-03T10:00:00+08:00');
    expect((await claim(taskId)).status).toBe(200);
    expect(await contactOf(loan)).toMatchObject({ state: 'reserved', at: '2026-03-03T02:00:00.000Z' });
  });

  it('after a call was begun stays with that call', async () => {
    const { taskId, loan } = await house.claimedCall();
    house.providers.calls.plays.next({ borrower: 'no-answer' });
    await house.post(`/v1/tasks/${taskId}/call`, { collectorPhone });
    await house.providers.calls.settled();
    const made = await contactOf(loan);
    goOnTo('2026-03-03T10:00:00+08:00');
    expect((await claim(taskId)).status).toBe(200);
    expect(await contactOf(loan)).toEqual(made);
  });
});

describe('a review', () => {
  it('is not made at a time', async () => {
    const loan = await addCase(house.api);
    const times = { notBeforeMs: mondayMorningMs, dueAtMs: mondayMorningMs + 86_400_000 };
    const { task } = await addTask(house.api.pool, sampleTask(loan as never, { ...times, kind: 'review', asks: [] }));
    await claim(task.taskId);
    const done = { outcome: 'reviewed', madeAt: new Date(mondayMorningMs).toISOString() };
    expect((await complete(task.taskId, done)).body).toMatchObject({ field: 'madeAt' });
  });
});
