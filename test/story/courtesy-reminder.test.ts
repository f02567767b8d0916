import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openCase } from '../../src/cases/open-case';
import { addDays, type Day } from '../../src/domain/day';
import { caseOf, closedCaseOf, datedStoryOf, messagesTo } from '../support/case-record';
import { eventually } from '../support/eventually';
import { type CaseService, startCaseService } from '../support/case-service';
import { addBorrower, addLoan, bankToday, type Borrower, open, pay } from '../support/portfolio';

let service: CaseService;
let dueDay: Day;

beforeAll(async () => {
  service = await startCaseService();
  dueDay = addDays(await bankToday(service), 3);
});
afterAll(() => service.close());

async function remindedLoan(): Promise<{ borrower: Borrower; loanId: string }> {
  const borrower = await addBorrower(service);
  const loanId = await addLoan(service, borrower, { dueDaysAgo: -3 });
  await open(service, loanId);
  await eventually(
    () => messagesTo(service, borrower),
    (messages) => messages.length === 1,
  );
  return { borrower, loanId };
}

describe('a courtesy reminder before the due day', () => {
  it('ends the case when the loan is paid in time, and nothing else is ever sent', async () => {
    const { borrower, loanId } = await remindedLoan();
    await pay(service, loanId, { amountMinor: 100_000 });
    expect((await closedCaseOf(service, loanId)).closeReason).toBe('paid-before-due');
    const later = await remindedLoan();
    await service.forward(5);
    expect(messagesTo(service, borrower)).toHaveLength(1);

    // The same course without the payment goes on into the reminders, in the same case.
    expect(await datedStoryOf(service, later.loanId, dueDay)).toEqual([
      '-3: opened',
      '-3: contact-made courtesy/3-days-before-sms',
      '1: escalated reminder',
      '1: contact-made reminder/day-1-sms',
    ]);
    const running = await caseOf(service, later.loanId);
    expect([running.caseNo, running.status, running.stage]).toEqual([1, 'open', 'reminder']);
  });

  it('is not for loans that are due later, nor for borrowers of low risk', async () => {
    const early = await addLoan(service, await addBorrower(service), { dueDaysAgo: -4 });
    const low = await addLoan(service, await addBorrower(service), { dueDaysAgo: -1, tier: 'low' });
    for (const loanId of [early, low]) {
      await expect(openCase(service.desk, loanId, 'core-banking')).rejects.toMatchObject({ type: 'LoanNotDelinquent' });
    }
  });
});
