import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { givePromise } from '../../src/cases/give-promise';
import { setFlag } from '../../src/cases/keep-flags';
import { takeDeliveryReport } from '../../src/cases/take-delivery-report';
import { addDays } from '../../src/domain/day';
import { contactsOfCustomerSince } from '../../src/store/contact-ledger';
import { messagesTo, storyOf, timelineOf } from '../support/case-record';
import { type CaseService, startCaseService } from '../support/case-service';
import { addBorrower, addLoan, bankToday, type Borrower, open } from '../support/portfolio';

let service: CaseService;
beforeAll(async () => {
  service = await startCaseService();
});
afterAll(() => service.close());

async function loansOf(borrower: Borrower, dueDaysAgo: readonly number[]): Promise<string[]> {
  const loanIds: string[] = [];
  for (const days of dueDaysAgo) loanIds.push(await addLoan(service, borrower, { dueDaysAgo: days }));
  await Promise.all(loanIds.map((loanId) => open(service, loanId)));
  await service.settle();
  return loanIds;
}

const clerk = { name: 'clerk', roles: ['system'] };

/** Two loans that are eight days overdue; their next message, of day 11, would name both. */
async function overdueByEightDays(): Promise<{ borrower: Borrower; resting: string; other: string; sent: number }> {
  const borrower = await addBorrower(service);
  const [resting = '', other = ''] = await loansOf(borrower, [8, 8]);
  return { borrower, resting, other, sent: messagesTo(service, borrower).length };
}

const shortName = (loanId: string): string => `…${loanId.slice(-4)}`;

describe('a borrower with three overdue loans', () => {
  it('gets one message that names all three, and the other two cases say that they were covered', async () => {
    const borrower = await addBorrower(service);
    const loanIds = await loansOf(borrower, [1, 1, 1]);
    const [message, ...others] = messagesTo(service, borrower);
    expect(others).toEqual([]);
    for (const loanId of loanIds) expect(message?.body).toContain(shortName(loanId));

    const stories = await Promise.all(loanIds.map((loanId) => storyOf(service, loanId)));
    const made = stories.filter((story) => story.includes('contact-made reminder/day-1-sms'));
    const covered = stories.filter((story) => story.includes('contact-covered reminder/day-1-sms'));
    expect([made.length, covered.length]).toEqual([1, 2]);
  });

  it('has it in all three files when that message turns out not to have arrived', async () => {
    const borrower = await addBorrower(service);
    const loanIds = await loansOf(borrower, [1, 1, 1]);
    const [contact] = await contactsOfCustomerSince(service.desk.pool, borrower.customerId, 0);
    if (contact?.providerId == null) throw new Error('no message was sent');
    const { contactId, providerId } = contact;
    const lost = { contactId, providerId, status: 'undelivered', errorCode: 30_005 };
    for (let again = 0; again < 2; again++) await takeDeliveryReport(service.desk, lost);
    for (const loanId of loanIds) {
      const told = (await timelineOf(service, loanId)).filter(({ kind }) => kind === 'contact-failed');
      expect(told.map(({ data }) => data['contactId'])).toEqual([contactId]);
    }
  });

  it('is not reminded of one that rests on a promise to pay by the message about another', async () => {
    const { borrower, resting, other, sent } = await overdueByEightDays();
    const parts = [{ dueDay: addDays(await bankToday(service), 6), amountMinor: 10_000 }];
    await givePromise(service.desk, resting, { promiseId: `R-${resting}`, currency: 'CNY', parts }, clerk);
    await service.forward(4);
    const [message, ...more] = messagesTo(service, borrower).slice(sent);
    expect(more).toEqual([]);
    expect(message?.body).toContain(shortName(other));
    expect(message?.body).not.toContain(shortName(resting));
  });

  it('is reminded of the others while a flag lies on one of them', async () => {
    const { borrower, resting, other, sent } = await overdueByEightDays();
    const fromMs = await service.desk.clock.nowMs();
    await setFlag(service.desk, {
      ...{ customerId: borrower.customerId, flag: 'represented', loanId: resting, partyId: null },
      ...{ fromMs, untilMs: null, confirmed: true, evidence: 'letter of a lawyer', actor: 'clerk' },
    });
    await service.forward(4);
    const [message, ...more] = messagesTo(service, borrower).slice(sent);
    expect(more).toEqual([]);
    expect(message?.body).toContain(shortName(other));
    expect(message?.body).not.toContain(shortName(resting));
  });

  it('never gets more than one message a day over ten days, and no case loses a step to that', async () => {
    const borrower = await addBorrower(service);
    // Each of the three has a message to send on the first day, and most days after it have one.
    const loanIds = await loansOf(borrower, [1, 4, 11]);
    await service.forward(10);

    const { calendar } = await service.desk.policies.latest(service.desk.pool, service.desk.policyId);
    const messages = await contactsOfCustomerSince(service.desk.pool, borrower.customerId, 0);
    const days = messages.map(({ atMs }) => calendar.dayOf(atMs));
    expect(days.length).toBeGreaterThanOrEqual(4);
    expect(days).toEqual([...new Set(days)]);
    expect(messagesTo(service, borrower)).toHaveLength(messages.length);

    const ended = ['contact-made', 'contact-covered', 'step-skipped', 'step-superseded'];
    const stepsOf = async (loanId: string): Promise<unknown[]> => {
      const events = await timelineOf(service, loanId);
      return events.filter(({ kind }) => ended.includes(kind)).map(({ data }) => data['step']);
    };
    const [first, second, third] = await Promise.all(loanIds.map(stepsOf));
    const untilDay11 = ['reminder/day-1-sms', 'reminder/day-4-email', 'reminder/day-11-sms'];
    expect(first).toEqual(untilDay11);
    expect(second).toEqual(untilDay11);
    expect(third).toEqual([...untilDay11, 'follow-up/day-20-email']);
  });
});
