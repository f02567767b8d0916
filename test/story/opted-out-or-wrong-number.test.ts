import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { getCustomer } from '../../src/store/customers';
import { contactsOf, eventsOf, messagesTo, storyOf } from '../support/case-record';
import { type CaseService, startCaseService } from '../support/case-service';
import { collector, openTasksOf } from '../support/collectors';
import { addBorrower, addLoan, type Borrower, open } from '../support/portfolio';
import { claimTask } from '../../src/cases/work-task';

// Numbers that Twilio's test credentials refuse: the recipient replied STOP; no such number; a number that takes no SMS.
const optedOutNumber = '+15005550004';
const wrongNumber = '+15005550001';
const landline = '+15005550009';

let service: CaseService;
beforeAll(async () => {
  service = await startCaseService();
});
afterAll(() => service.close());

async function twelveDaysOf(phone: string): Promise<{ borrower: Borrower; loanId: string }> {
  const borrower = await addBorrower(service, { phone });
  const loanId = await addLoan(service, borrower, { dueDaysAgo: 1 });
  await open(service, loanId);
  await service.forward(11);
  return { borrower, loanId };
}

const course = [
  'opened',
  'contact-failed reminder/day-1-sms',
  'contact-made reminder/day-4-email',
  'task-created reminder/day-7-call',
  'contact-denied reminder/day-11-sms',
];

describe('a borrower whose provider says that they opted out of SMS', () => {
  it('is on record as such, gets no further SMS, and still gets the e-mail', async () => {
    const { borrower, loanId } = await twelveDaysOf(optedOutNumber);
    expect(await storyOf(service, loanId)).toEqual(course);
    expect(messagesTo(service, borrower).map(({ channel }) => channel)).toEqual(['email']);
    const customer = await getCustomer(service.desk.pool, borrower.customerId);
    expect(customer?.consents).toMatchObject([{ channel: 'sms', state: 'opted-out', source: 'provider 21610' }]);
    const [denied] = await eventsOf(service, loanId, 'contact-denied');
    expect(denied?.data['rules']).toEqual(['HOUSE-OPT-OUT', 'CN-PRIVACY-QUIET']);
  });
});

describe('a borrower whose number does not exist', () => {
  it('has the number marked, is sent nothing more by SMS and is not to be called on it', async () => {
    const { borrower, loanId } = await twelveDaysOf(wrongNumber);
    expect(await storyOf(service, loanId)).toEqual(course);
    expect(messagesTo(service, borrower).map(({ channel }) => channel)).toEqual(['email']);
    const customer = await getCustomer(service.desk.pool, borrower.customerId);
    const phone = customer?.contactPoints.find(({ kind }) => kind === 'phone');
    expect(phone).toMatchObject({ value: wrongNumber, state: 'invalid', stateReason: 'provider 21211' });
    expect(customer?.consents).toEqual([]);

    const [call] = await openTasksOf(service, loanId, 'call');
    if (call === undefined) throw new Error('there is no call to make');
    await expect(claimTask(service.desk, service.gate, call.taskId, collector)).rejects.toMatchObject({
      type: 'ContactNotAllowed',
    });
  });

  it('does not count what never reached anybody as a contact', async () => {
    const { loanId } = await twelveDaysOf(wrongNumber);
    const states = (await contactsOf(service, loanId)).map(({ channel, state }) => `${channel} ${state}`);
    expect(states).toEqual(['sms failed', 'email placed']);
  });
});

describe('a borrower whose number is a landline', () => {
  it('is sent nothing more by SMS, is called on it, and is not lost', async () => {
    const { borrower, loanId } = await twelveDaysOf(landline);
    expect(await storyOf(service, loanId)).toEqual(course);
    const customer = await getCustomer(service.desk.pool, borrower.customerId);
    const phone = customer?.contactPoints.find(({ kind }) => kind === 'phone');
    expect(phone).toMatchObject({ value: landline, state: 'unverified', stateReason: null, takesSms: false });

    const [call] = await openTasksOf(service, loanId, 'call');
    if (call === undefined) throw new Error('there is no call to make');
    const claimed = await claimTask(service.desk, service.gate, call.taskId, collector);
    expect(claimed).toMatchObject({ task: { state: 'claimed' } });
  });
});
