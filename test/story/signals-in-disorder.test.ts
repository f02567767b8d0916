import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { notifyCase } from '../../src/cases/notify';
import { addDays, type Day } from '../../src/domain/day';
import { closedCaseOf, contactsOf, datedStoryOf, eventsOf } from '../support/case-record';
import { eventually } from '../support/eventually';
import { type CaseService, startCaseService } from '../support/case-service';
import { addBorrower, addLoan, bankToday, open, pay } from '../support/portfolio';
import { bySignal, runOf } from '../support/supervisor';

let service: CaseService;
let dueDay: Day;

beforeAll(async () => {
  service = await startCaseService();
  dueDay = addDays(await bankToday(service), -1);
});
afterAll(() => service.close());

async function overdueLoan(): Promise<string> {
  const loanId = await addLoan(service, await addBorrower(service), { dueDaysAgo: 1 });
  await open(service, loanId);
  return loanId;
}

function tellTwentyTimes(loanId: string): Promise<unknown> {
  return Promise.all(Array.from({ length: 20 }, () => notifyCase(service.desk, loanId)));
}

describe('messages to a case that come twice, late or in another order', () => {
  it('change nothing that one in time would not have changed', async () => {
    const [quiet, told] = [await overdueLoan(), await overdueLoan()];
    for (const days of [1, 3, 7]) {
      await tellTwentyTimes(told);
      await service.forward(days);
    }
    const expected = await datedStoryOf(service, quiet, dueDay);
    expect(expected).toHaveLength(5);
    expect(await datedStoryOf(service, told, dueDay)).toEqual(expected);
    expect(await contactsOf(service, told)).toHaveLength(3);

    // The word of the payment comes before it, and then many times after it.
    await notifyCase(service.desk, told);
    await pay(service, told, { amountMinor: 100_000, notify: false });
    await tellTwentyTimes(told);
    await closedCaseOf(service, told);
    expect(await eventsOf(service, told, 'closed')).toHaveLength(1);
  });

  it('do no harm to a closed case', async () => {
    const loanId = await overdueLoan();
    await pay(service, loanId, { amountMinor: 100_000 });
    await closedCaseOf(service, loanId);
    await runOf(service, loanId).result();
    const before = await datedStoryOf(service, loanId, dueDay);
    await tellTwentyTimes(loanId);
    await expect(bySignal.pause(service, loanId, dueDay, null)).rejects.toThrow('already completed');
    expect(await datedStoryOf(service, loanId, dueDay)).toEqual(before);
  });

  it('pause a case once when the same pause is asked for twice', async () => {
    const loanId = await overdueLoan();
    await service.settle();
    const today = await bankToday(service);
    await bySignal.pause(service, loanId, today, addDays(today, 5));
    await bySignal.pause(service, loanId, today, addDays(today, 5));
    await eventually(
      () => eventsOf(service, loanId, 'paused'),
      (paused) => paused.length === 2,
    );
    await service.forward(9);
    const made = (await datedStoryOf(service, loanId, addDays(today, -1))).filter((line) =>
      line.includes('contact-made'),
    );
    expect(made).toEqual(['1: contact-made reminder/day-1-sms', '9: contact-made reminder/day-4-email']);
  });
});
