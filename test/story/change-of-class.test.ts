import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays } from '../../src/domain/day';
import { caseOf, closedCaseOf, eventsOf } from '../support/case-record';
import { type CaseService, startCaseService } from '../support/case-service';
import { eventually } from '../support/eventually';
import { addBorrower, addLoan, bankToday, open, pay, undo } from '../support/portfolio';

let service: CaseService;
beforeAll(async () => {
  service = await startCaseService();
});
afterAll(() => service.close());

async function classesOf(loanId: string): Promise<unknown[]> {
  return (await eventsOf(service, loanId, 'classified')).map(({ data }) => data['class']);
}

describe('the class of a case', () => {
  it('is told once when days, a correction or its undoing change it, with the day since when', async () => {
    const loanId = await addLoan(service, await addBorrower(service), { dueDaysAgo: 88, instalments: 2 });
    const dueDay = addDays(await bankToday(service), -88);
    await open(service, loanId);
    expect((await eventsOf(service, loanId, 'opened'))[0]?.data).toMatchObject({ class: 'special-mention' });
    await service.forward(6);
    expect(await classesOf(loanId)).toEqual(['substandard']);
    const [told] = await eventsOf(service, loanId, 'classified');
    expect(told?.data).toMatchObject({ sinceDay: addDays(dueDay, 91), why: 'past-due', nonAccrual: true });

    // Dated back to before the day on which it became a bad debt: it never was one.
    const paymentId = await pay(service, loanId, { amountMinor: 100_000, daysAgo: 10 });
    await eventually(
      () => classesOf(loanId),
      (classes) => classes.length === 2,
    );
    await undo(service, loanId, paymentId, 100_000);
    await eventually(
      () => classesOf(loanId),
      (classes) => classes.length === 3,
    );
    await service.forward(3);
    expect(await classesOf(loanId)).toEqual(['substandard', 'special-mention', 'substandard']);
  });
});

it('a small balance does not keep a case open: what is left within the tolerance closes it', async () => {
  const loanId = await addLoan(service, await addBorrower(service), { dueDaysAgo: 5 });
  await open(service, loanId);
  await pay(service, loanId, { amountMinor: 98_999 });
  await service.settle();
  expect((await caseOf(service, loanId)).status).toBe('open');
  await pay(service, loanId, { amountMinor: 1 });
  expect(await closedCaseOf(service, loanId)).toMatchObject({ closeReason: 'arrears-cleared' });
});
