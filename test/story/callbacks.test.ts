import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DeliveryPlan } from '../../src/channels/local/twilio-delivery';
import type { Contact } from '../../src/store/contact-row';
import { contactsOf, eventsOf, messagesTo, storyOf } from '../support/case-record';
import { eventually } from '../support/eventually';
import { type ListeningService, startListeningService } from '../support/listening-service';
import { addBorrower, addLoan, type Borrower, open, pay } from '../support/portfolio';

let service: ListeningService;
beforeAll(async () => {
  service = await startListeningService();
});
afterAll(() => service.close());

/** A loan whose first reminder is sent at once and reported on as planned. */
async function remind(plan: DeliveryPlan): Promise<{ borrower: Borrower; loanId: string }> {
  const borrower = await addBorrower(service);
  const loanId = await addLoan(service, borrower, { dueDaysAgo: 1 });
  service.providers.deliveryPlans.next(plan);
  await open(service, loanId);
  return { borrower, loanId };
}

async function untilState(loanId: string, state: string, index = 0): Promise<Contact> {
  const contacts = await eventually(
    () => contactsOf(service, loanId),
    (found) => found[index]?.state === state,
  );
  const contact = contacts[index];
  if (contact === undefined) throw new Error('there is no such contact');
  return contact;
}

async function reportsOf(contactId: string): Promise<string[]> {
  const text = 'select status, times from provider_report where contact_id = $1 order by status';
  const { rows } = await service.desk.pool.query<{ status: string; times: number }>(text, [contactId]);
  return rows.map(({ status, times }) => `${status} ${times}`);
}

const hour = 1 / 24;

describe('a delivery report', () => {
  it('that is quicker than the answer to the send is taken, and the message is made once', async () => {
    const { borrower, loanId } = await remind([{ status: 'delivered', beforeAnswer: true }]);
    const { contactId, providerId } = await untilState(loanId, 'delivered');
    await service.settle();
    expect(await storyOf(service, loanId)).toEqual([
      ...['opened', 'contact-delivered', 'contact-made reminder/day-1-sms'],
    ]);
    expect(await untilState(loanId, 'delivered')).toMatchObject({ contactId, providerId });
    expect(messagesTo(service, borrower).map((message) => message.providerId)).toEqual([providerId]);
  });

  it('that comes ten times and out of order leaves the message where it got, and one line on the timeline', async () => {
    const ten = Array.from({ length: 10 }, () => ({ status: 'delivered' }));
    const { loanId } = await remind([{ status: 'sent' }, ...ten, { status: 'queued' }, { status: 'sending' }]);
    const { contactId } = await untilState(loanId, 'delivered');
    const seen = await eventually(
      () => reportsOf(contactId),
      (reports) => reports.some((report) => report.startsWith('sending')),
    );
    expect(seen).toEqual(['delivered 10', 'queued 1', 'sending 1', 'sent 1']);
    expect(await untilState(loanId, 'delivered')).toMatchObject({ contactId });
    expect(await eventsOf(service, loanId, 'contact-delivered')).toHaveLength(1);
  });

  it('that its validity ended gives the slot back, and the message is sent again the same day', async () => {
    const { borrower, loanId } = await remind([{ status: 'failed', errorCode: 30036 }]);
    await untilState(loanId, 'released');
    await untilState(loanId, 'delivered', 1);
    expect(messagesTo(service, borrower)).toHaveLength(2);
  });

  it('that a message failed brings no second one to somebody who has paid since', async () => {
    const { borrower, loanId } = await remind([{ status: 'undelivered', errorCode: 30003 }]);
    await untilState(loanId, 'failed');
    await pay(service, loanId, { amountMinor: 100_000 });
    await service.forward(2);
    expect(messagesTo(service, borrower)).toHaveLength(1);
  });

  it('that the handset cannot be reached brings another attempt four hours later, two at most', async () => {
    const unreachable: DeliveryPlan = [{ status: 'undelivered', errorCode: 30003 }];
    const { borrower, loanId } = await remind(unreachable);
    await untilState(loanId, 'failed');
    for (const attempt of [1, 2]) {
      service.providers.deliveryPlans.next(unreachable);
      await service.settle();
      // Not before four hours have passed, and then when the day has room for another message.
      await service.forward(3.5 * hour);
      expect(messagesTo(service, borrower)).toHaveLength(attempt);
      await service.forward(1 - 3.5 * hour);
      await untilState(loanId, 'failed', attempt);
    }
    await service.forward(0.9);
    const sms = messagesTo(service, borrower).filter(({ channel }) => channel === 'sms');
    expect(sms).toHaveLength(3);
    const keys = (await contactsOf(service, loanId)).filter(({ channel }) => channel === 'sms');
    expect(keys.map(({ contactKey }) => contactKey.split('/').at(-1))).toEqual([
      ...['day-1-sms', 'day-1-sms#2', 'day-1-sms#3'],
    ]);
  });
});
