import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { putContactPoint } from '../../src/store/customers';
import { contactsOf, eventsOf, storyOf } from '../support/case-record';
import { type CaseService, startCaseService } from '../support/case-service';
import { addBorrower, addLoan, type Borrower, open } from '../support/portfolio';

let service: CaseService;
beforeAll(async () => {
  service = await startCaseService();
});
afterAll(() => service.close());

const workAddressOf = ({ email }: Borrower): string => `work-${email}`;

async function atWork(borrower: Borrower, value: string, employerAllows: boolean | null): Promise<void> {
  const place = { place: 'work', employerAllows, rank: 1, state: 'verified' } as const;
  await putContactPoint(service.desk.pool, borrower.customerId, { kind: 'email', value, ...place });
}

/** The first SMS and the first e-mail are due by then. */
async function fourDaysOf(borrower: Borrower): Promise<string> {
  const loanId = await addLoan(service, borrower, { dueDaysAgo: 1 });
  await open(service, loanId);
  await service.forward(3);
  return loanId;
}

const mailsTo = (address: string): number => service.providers.outbox.list({ to: address, limit: 10 }).length;

describe('the mail step for a borrower with a private address and one at work', () => {
  it('goes to the private one, also where the one at work is to be tried first', async () => {
    const borrower = await addBorrower(service);
    const { customerId, email } = borrower;
    await putContactPoint(service.desk.pool, customerId, { kind: 'email', value: email, rank: 2, place: 'home' });
    await atWork(borrower, workAddressOf(borrower), null);
    const loanId = await fourDaysOf(borrower);
    expect(await storyOf(service, loanId)).toContain('contact-made reminder/day-4-email');
    expect([mailsTo(email), mailsTo(workAddressOf(borrower))]).toEqual([1, 0]);
    const mails = (await contactsOf(service, loanId)).filter(({ channel }) => channel === 'email');
    expect(mails).toMatchObject([{ contactPoint: email, state: 'placed' }]);
  });
});

describe('the mail step for a borrower whose only address is one at work', () => {
  it.each([
    ['nobody knows what the employer says', null],
    ['the employer does not allow it', false],
  ])('sends nothing where %s, and says by which rule', async (_what, employerAllows) => {
    const borrower = await addBorrower(service);
    await atWork(borrower, borrower.email, employerAllows);
    const loanId = await fourDaysOf(borrower);
    expect(mailsTo(borrower.email)).toBe(0);
    const [denied] = await eventsOf(service, loanId, 'contact-denied');
    const rules = expect.arrayContaining(['HOUSE-WORK']);
    expect(denied?.data).toMatchObject({ step: 'reminder/day-4-email', rules });
  });

  it('goes there with the employer’s leave', async () => {
    const borrower = await addBorrower(service);
    await atWork(borrower, borrower.email, true);
    expect(await storyOf(service, await fourDaysOf(borrower))).toContain('contact-made reminder/day-4-email');
    expect(mailsTo(borrower.email)).toBe(1);
  });
});
