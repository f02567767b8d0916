import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { lockBorrowerOf } from '../../src/store/case-lock';
import { postPayment } from '../../src/store/payments';
import { caseOf, closedCaseOf, messagesTo, storyOf } from '../support/case-record';
import { eventually } from '../support/eventually';
import { type CaseService, startCaseService } from '../support/case-service';
import { waitingForLocks } from '../support/database';
import { addBorrower, addLoan, bankToday, type Borrower, open, pay } from '../support/portfolio';

let service: CaseService;
beforeAll(async () => {
  service = await startCaseService();
});
afterAll(() => service.close());

const untilDay4 = 2;

async function remindedOnce(): Promise<{ borrower: Borrower; loanId: string }> {
  const borrower = await addBorrower(service);
  const loanId = await addLoan(service, borrower, { dueDaysAgo: 1 });
  await open(service, loanId);
  await service.forward(untilDay4);
  return { borrower, loanId };
}

async function expectNoSecondReminder(borrower: Borrower, loanId: string): Promise<void> {
  expect((await closedCaseOf(service, loanId)).closeReason).toBe('arrears-cleared');
  const story = await storyOf(service, loanId);
  expect(story).toEqual(['opened', 'contact-made reminder/day-1-sms', 'closed arrears-cleared']);
  expect(messagesTo(service, borrower)).toHaveLength(1);
}

describe('a payment at the very instant of a reminder', () => {
  it('keeps the reminder back although nobody has told the case of it', async () => {
    const { borrower, loanId } = await remindedOnce();
    await service.forward(21.9 / 24); // six minutes before the second reminder
    await pay(service, loanId, { amountMinor: 100_000, notify: false });
    expect((await caseOf(service, loanId)).status).toBe('open');

    await service.forward(2.1 / 24);
    await expectNoSecondReminder(borrower, loanId);
  });

  it('keeps it back also when the money is booked while the reminder is being made', async () => {
    const { borrower, loanId } = await remindedOnce();

    const { pool } = service.desk;
    const booking = await pool.connect();
    try {
      await booking.query('begin');
      await lockBorrowerOf(booking, loanId);
      const valueDay = await bankToday(service);
      const money = { kind: 'payment', amountMinor: 100_000, currency: 'CNY', valueDay, reverses: null } as const;
      await postPayment(booking, { paymentId: `P-${randomUUID().slice(0, 12)}`, loanId, ...money });
      const arriving = service.forward(1);
      await eventually(
        () => waitingForLocks(pool),
        (waiting) => waiting > 0,
      );
      await booking.query('commit');
      await arriving;
    } finally {
      booking.release();
    }
    await expectNoSecondReminder(borrower, loanId);
  });
});
