import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { givePromise } from '../../src/cases/give-promise';
import { readPromises } from '../../src/cases/read-promises';
import { addDays } from '../../src/domain/day';
import { caseOf, eventsOf, messagesTo, timelineOf } from '../support/case-record';
import { type CaseService, startCaseService } from '../support/case-service';
import { openTasksOf } from '../support/collectors';
import { addBorrower, addLoan, bankToday, type Borrower, open, pay, undo } from '../support/portfolio';

let service: CaseService;
beforeAll(async () => {
  service = await startCaseService();
});
afterAll(() => service.close());

const clerk = { name: 'clerk', roles: ['system'] };

/** Half of what a loan of high risk is behind with, promised for three days ahead. */
async function promised(dueDaysAgo: number): Promise<{ borrower: Borrower; loanId: string }> {
  const borrower = await addBorrower(service);
  const loanId = await addLoan(service, borrower, { dueDaysAgo, tier: 'high' });
  await open(service, loanId);
  await service.settle();
  const parts = [{ dueDay: addDays(await bankToday(service), 3), amountMinor: 50_000 }];
  await givePromise(service.desk, loanId, { promiseId: `R-${loanId}`, currency: 'CNY', parts }, clerk);
  await service.settle();
  return { borrower, loanId };
}

const stateOf = async (loanId: string) => (await readPromises(service.desk, loanId))[0]?.state;
const toldOf = async (loanId: string) =>
  (await timelineOf(service, loanId)).map(({ kind }) => kind).filter((kind) => kind.startsWith('promise-'));

describe('a promise that is kept by two partial payments, one day late and within the tolerance', () => {
  it('lets nothing be sent while it runs but its reminder, and is kept', async () => {
    const { borrower, loanId } = await promised(1);
    const sentBefore = messagesTo(service, borrower).length;
    await service.forward(2);
    await pay(service, loanId, { amountMinor: 20_000 });
    await service.settle();
    expect(await stateOf(loanId)).toBe('open');
    await service.forward(2);
    expect(await stateOf(loanId)).toBe('open');
    const sent = messagesTo(service, borrower).slice(sentBefore);
    expect(sent.map(({ body }) => body)).toEqual([expect.stringContaining('agreeing to pay CN¥500.00 for loan')]);
    const [made] = (await eventsOf(service, loanId, 'contact-made')).slice(-1);
    expect(made?.data).toMatchObject({ step: `promise-reminder/R-${loanId}/1`, loans: [loanId] });
    expect(await openTasksOf(service, loanId)).toEqual([]);
    // Ten yuan, two in a hundred, are missing.
    await pay(service, loanId, { amountMinor: 29_000 });
    await service.settle();
    expect(await stateOf(loanId)).toBe('kept');
    await service.forward(1);
    expect(await toldOf(loanId)).toEqual(['promise-kept']);
    expect((await caseOf(service, loanId)).stage).toBe('reminder');
  });
});

describe('a promise that is kept, and then its payment bounces', () => {
  it('is broken, and the case goes on: with a call, and in the stage for broken promises', async () => {
    const { loanId } = await promised(9);
    await service.forward(1);
    const paymentId = await pay(service, loanId, { amountMinor: 50_000 });
    await service.settle();
    expect(await toldOf(loanId)).toEqual(['promise-kept']);
    await service.forward(4);
    await undo(service, loanId, paymentId, 50_000);
    await service.settle();
    expect(await stateOf(loanId)).toBe('broken');
    expect(await toldOf(loanId)).toEqual(['promise-kept', 'promise-broken']);
    const escalated = (await eventsOf(service, loanId, 'escalated')).map(({ data }) => data['to']);
    expect(escalated).toContain('team');
    const calls = await openTasksOf(service, loanId, 'call');
    expect(calls.filter(({ taskKey }) => taskKey.endsWith(`promise/R-${loanId}`))).toHaveLength(1);
    // The same look again tells and makes nothing twice.
    await service.forward(1);
    expect(await toldOf(loanId)).toEqual(['promise-kept', 'promise-broken']);
  });
});

describe('a promise whose payment bounces before its day is over', () => {
  it('runs again, and breaks when its grace is over', async () => {
    const { loanId } = await promised(1);
    const paymentId = await pay(service, loanId, { amountMinor: 50_000 });
    await service.settle();
    await undo(service, loanId, paymentId, 50_000);
    await service.settle();
    expect(await toldOf(loanId)).toEqual(['promise-kept', 'promise-reopened']);
    await service.forward(5);
    expect(await toldOf(loanId)).toEqual(['promise-kept', 'promise-reopened', 'promise-broken']);
  });
});
