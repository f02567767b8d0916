import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setFlag } from '../../src/cases/keep-flags';
import { claimTask } from '../../src/cases/work-task';
import { addDays, type Day } from '../../src/domain/day';
import { putContactPoint } from '../../src/store/customers';
import { caseOf, datedStoryOf, eventsOf, messagesTo } from '../support/case-record';
import { type CaseService, startCaseService } from '../support/case-service';
import { collector, openTasksOf } from '../support/collectors';
import { addBorrower, addLoan, bankToday, type Borrower, open } from '../support/portfolio';

let service: CaseService;
let borrower: Borrower;
let loanId: string;
let dueDay: Day;
beforeAll(async () => {
  service = await startCaseService();
});
afterAll(() => service.close());

const partner: Borrower = { customerId: 'the co-borrower', phone: '+447700900999', email: 'partner@example.com' };

async function addPartner({ phone, email }: Borrower, loanIds: readonly string[]): Promise<void> {
  const owner = { partyId: 'P-1', partyRole: 'co-borrower', loanIds } as const;
  const { pool } = service.desk;
  await putContactPoint(pool, borrower.customerId, { kind: 'phone', value: phone, owner });
  await putContactPoint(pool, borrower.customerId, { kind: 'email', value: email, owner });
}

/** A case on day 2; the borrower got the first reminder, and then the bank hears of the death. */
async function bereavedCase(withPartner: boolean): Promise<void> {
  borrower = await addBorrower(service);
  loanId = await addLoan(service, borrower, { dueDaysAgo: 1 });
  if (withPartner) await addPartner(partner, [loanId]);
  dueDay = addDays(await bankToday(service), -1);
  await open(service, loanId);
  await service.forward(1);
  await hearOfDeath();
}

async function hearOfDeath(): Promise<void> {
  const fromMs = await service.desk.clock.nowMs();
  const about = {
    customerId: borrower.customerId,
    loanId: null,
    partyId: null,
    fromMs,
    untilMs: null,
    confirmed: true,
  };
  await setFlag(service.desk, { ...about, flag: 'deceased', evidence: 'death certificate', actor: 'ana' });
  await service.settle();
}

async function deeds(): Promise<string[]> {
  const story = await datedStoryOf(service, loanId, dueDay);
  return story.filter((line) => !/: (opened|flag-)/.test(line));
}

describe('the death of a borrower whose co-borrower is alive', () => {
  it('lets the course go on with the co-borrower, and never writes to the dead again', async () => {
    await bereavedCase(true);
    const [review] = await openTasksOf(service, loanId, 'review');
    expect(review).toMatchObject({ kind: 'review' });

    await service.forward(9); // day 11
    expect(messagesTo(service, borrower).map(({ channel }) => channel)).toEqual(['sms']);
    const toPartner = messagesTo(service, partner);
    expect(toPartner.map(({ channel }) => channel)).toEqual(['email', 'sms']);
    expect(toPartner[0]?.body).toContain('Dear Sir or Madam,');
    expect(toPartner.map(({ body }) => body).join()).not.toContain('Robin');
    expect(await deeds()).toEqual([
      '1: contact-made reminder/day-1-sms',
      '2: task-created on record: deceased',
      '4: contact-made reminder/day-4-email',
      '7: task-created reminder/day-7-call',
      '11: contact-made reminder/day-11-sms',
    ]);
    expect(await caseOf(service, loanId)).toMatchObject({ paused: false, status: 'open' });

    const [call] = await openTasksOf(service, loanId, 'call');
    const claimed = await claimTask(service.desk, service.gate, call?.taskId ?? '', collector);
    expect(claimed.contact?.contactPoint).toBe(partner.phone);
  });
});

describe('the death of a borrower whose co-borrower owes one of two loans', () => {
  it('lets the course of that loan go on with them, who are told of no other', async () => {
    borrower = await addBorrower(service);
    loanId = await addLoan(service, borrower, { dueDaysAgo: 1 });
    const alone = await addLoan(service, borrower, { dueDaysAgo: 1 });
    const brother: Borrower = { customerId: 'another', phone: '+447700900998', email: 'brother@example.com' };
    await addPartner(brother, [loanId]);
    for (const each of [loanId, alone]) await open(service, each);
    await service.forward(1);
    await hearOfDeath();

    await service.forward(9); // day 11
    const toBrother = messagesTo(service, brother);
    expect(toBrother.map(({ channel }) => channel)).toEqual(['email', 'sms']);
    const said = toBrother.map(({ body }) => body).join();
    expect(said).toContain(`…${loanId.slice(-4)}`);
    expect(said).not.toContain(`…${alone.slice(-4)}`);
    const denied = await eventsOf(service, alone, 'contact-denied');
    expect(denied.map(({ reason }) => reason)).toEqual([
      'no usable contact point for email',
      'no usable contact point for sms',
    ]);
  });
});

describe('the death of a borrower who owed alone', () => {
  it('ends the messages; what would have been sent is on record as not sent', async () => {
    await bereavedCase(false);
    await service.forward(3); // day 5
    expect(messagesTo(service, borrower).map(({ channel }) => channel)).toEqual(['sms']);
    const [denied] = await eventsOf(service, loanId, 'contact-denied');
    expect(denied?.reason).toBe('no usable contact point for email');
    expect(await openTasksOf(service, loanId, 'review')).toHaveLength(1);
    expect(await openTasksOf(service, loanId, 'trace')).toEqual([]);
  });
});
