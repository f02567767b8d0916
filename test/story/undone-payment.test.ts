import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { caseOf, closedCaseOf, contactsOf, eventsOf, messagesTo } from '../support/case-record';
import { eventually } from '../support/eventually';
import { type CaseService, startCaseService } from '../support/case-service';
import { addBorrower, addLoan, open, pay, undo } from '../support/portfolio';

let service: CaseService;
beforeAll(async () => {
  service = await startCaseService();
});
afterAll(() => service.close());

describe('a payment that is booked late', () => {
  it('closes the case although its value day lies before the last reminders', async () => {
    const borrower = await addBorrower(service);
    const loanId = await addLoan(service, borrower, { dueDaysAgo: 1 });
    await open(service, loanId);
    await service.forward(4);
    expect(messagesTo(service, borrower)).toHaveLength(2);
    await pay(service, loanId, { amountMinor: 100_000, daysAgo: 4 });
    expect((await closedCaseOf(service, loanId)).closeReason).toBe('arrears-cleared');
    await service.forward(10);
    expect(messagesTo(service, borrower)).toHaveLength(2);
  });
});

describe('a payment that bounces', () => {
  it('opens the next case with the true days past due when it had closed the last one', async () => {
    const borrower = await addBorrower(service);
    const loanId = await addLoan(service, borrower, { dueDaysAgo: 4 });
    await open(service, loanId);
    const paymentId = await pay(service, loanId, { amountMinor: 100_000 });
    await closedCaseOf(service, loanId);
    await service.forward(8);

    await undo(service, loanId, paymentId, 100_000);
    const second = await eventually(
      () => caseOf(service, loanId),
      ({ caseNo }) => caseNo === 2,
    );
    expect([second.status, second.openedDpd]).toEqual(['open', 12]);
    expect((await eventsOf(service, loanId, 'opened')).map(({ caseNo, reason }) => [caseNo, reason])).toEqual([
      [1, '4 days past due'],
      [2, '12 days past due'],
    ]);
    const contacts = await eventually(
      () => contactsOf(service, loanId),
      (made) => made.some(({ caseNo, state }) => caseNo === 2 && state === 'placed'),
    );
    // Of the reminders that its days past due ask for, the second case sends the latest alone.
    expect(contacts.filter(({ caseNo }) => caseNo === 2).map(({ contactKey }) => contactKey)).toEqual([
      `${loanId}/2/reminder/day-11-sms`,
    ]);
    await pay(service, loanId, { amountMinor: 100_000 });
    expect((await closedCaseOf(service, loanId)).caseNo).toBe(2);
  });

  it('counts as never made while the case is still open', async () => {
    const loanId = await addLoan(service, await addBorrower(service), { dueDaysAgo: 33, instalments: 2 });
    await open(service, loanId);
    const paymentId = await pay(service, loanId, { amountMinor: 100_000 });
    await eventually(
      () => caseOf(service, loanId),
      ({ rawDpd }) => rawDpd === 3,
    );
    await undo(service, loanId, paymentId, 100_000);
    const again = await eventually(
      () => caseOf(service, loanId),
      ({ rawDpd }) => rawDpd === 33,
    );
    expect([again.caseNo, again.status, again.overdueMinor]).toEqual([1, 'open', 200_000]);
  });
});
