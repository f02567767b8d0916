import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { recordPayment } from '../../src/cases/record-payment';
import { recordReceipt } from '../../src/cases/record-receipt';
import { addDays } from '../../src/domain/day';
import { caseOf, closedCaseOf, eventsOf, messagesTo } from '../support/case-record';
import { type CaseService, startCaseService } from '../support/case-service';
import { addBorrower, addLoan, bankToday, open } from '../support/portfolio';

let service: CaseService;
beforeAll(async () => {
  service = await startCaseService();
});
afterAll(() => service.close());

const clerk = { name: 'clerk', roles: ['operator'] };
const newId = (): string => `P-${randomUUID().slice(0, 8)}`;

describe('a payment that is booked after reminders went out, with a value day before them', () => {
  it('closes the case, and the timeline says which contacts were made on facts since corrected', async () => {
    const borrower = await addBorrower(service);
    const loanId = await addLoan(service, borrower, { dueDaysAgo: 1 });
    await open(service, loanId);
    await service.forward(4);
    expect(messagesTo(service, borrower)).toHaveLength(2);
    const dueDay = addDays(await bankToday(service), -5);
    const paid = { loanId, kind: 'payment', amountMinor: 100_000, currency: 'CNY', reverses: null } as const;
    const paymentId = newId();
    await recordPayment(service.desk, { ...paid, paymentId, valueDay: dueDay }, clerk);
    await closedCaseOf(service, loanId);
    const [corrected, ...more] = await eventsOf(service, loanId, 'facts-corrected');
    expect(more).toEqual([]);
    expect(corrected?.reason).toContain(`reminder/day-1-sms of ${addDays(dueDay, 1)}`);
    expect(corrected?.reason).toContain(`reminder/day-4-email of ${addDays(dueDay, 4)}`);
    expect(corrected?.reason).toContain(`taken on facts since corrected; learnt: ${paymentId}`);

    // It bounces: what was sent was right after all, and the next case opens with the true days past due.
    const bounce = { ...paid, paymentId: newId(), kind: 'bounce', reverses: paymentId } as const;
    await recordPayment(service.desk, { ...bounce, valueDay: await bankToday(service) }, clerk);
    const again = (await eventsOf(service, loanId, 'facts-corrected')).at(-1);
    expect(again?.reason).toContain('taken on facts that hold again');
    expect(await caseOf(service, loanId)).toMatchObject({ caseNo: 2, openedDpd: 5 });
  });
});

describe('one payment over three loans', () => {
  it('closes the two cases that it clears and leaves the third with what is still overdue', async () => {
    const borrower = await addBorrower(service);
    const loanIds: string[] = [];
    for (const dueDaysAgo of [9, 6, 3]) loanIds.push(await addLoan(service, borrower, { dueDaysAgo }));
    for (const loanId of loanIds) await open(service, loanId);
    const received = { paymentId: newId(), amountMinor: 230_000, currency: 'CNY', bookedDay: null };
    const valueDay = await bankToday(service);
    const over = { customerId: borrower.customerId };
    await recordReceipt(service.desk, { ...received, valueDay, over }, clerk);
    const [first = '', second = '', third = ''] = loanIds;
    expect((await closedCaseOf(service, first)).closeReason).toBe('arrears-cleared');
    expect((await closedCaseOf(service, second)).closeReason).toBe('arrears-cleared');
    await service.settle();
    expect(await caseOf(service, third)).toMatchObject({ status: 'open', overdueMinor: 70_000, rawDpd: 3 });
  });
});
