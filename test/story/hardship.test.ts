import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { endFlag, setFlag } from '../../src/cases/keep-flags';
import type { FlagName } from '../../src/domain/contact/flag';
import { addDays, type Day } from '../../src/domain/day';
import { readContactFacts } from '../../src/store/known-contact-facts';
import { caseOf, datedStoryOf, eventsOf, messagesTo } from '../support/case-record';
import { type CaseService, startCaseService } from '../support/case-service';
import { openTasksOf } from '../support/collectors';
import { addBorrower, addLoan, bankToday, type Borrower, open } from '../support/portfolio';

let service: CaseService;
beforeAll(async () => {
  service = await startCaseService();
});
afterAll(() => service.close());

interface Hard {
  readonly borrower: Borrower;
  readonly loanId: string;
  readonly dueDay: Day;
}

/** A loan of medium risk on its fifth day past due: two messages were sent, and a call comes on day 7. */
async function onDayFive(): Promise<Hard> {
  const borrower = await addBorrower(service);
  const loanId = await addLoan(service, borrower, { dueDaysAgo: 1 });
  const dueDay = addDays(await bankToday(service), -1);
  await open(service, loanId);
  await service.forward(4);
  return { borrower, loanId, dueDay };
}

async function flag(borrower: Borrower, name: FlagName, lastsDays: number | null, handler?: string, loanId?: string) {
  const { calendar } = await service.desk.policies.latest(service.desk.pool, 'retail');
  const today = await bankToday(service);
  const fromMs = calendar.startOfDayMs(today);
  const untilMs = lastsDays === null ? null : calendar.startOfDayMs(addDays(today, lastsDays));
  const about = { customerId: borrower.customerId, loanId: loanId ?? null, partyId: null, fromMs, untilMs };
  const said = { confirmed: true, evidence: 'letter 12', actor: 'ana' };
  await setFlag(service.desk, { ...about, ...said, flag: name, ...(handler !== undefined && { handler }) });
  await service.settle();
}

async function endFlagOf({ customerId }: Borrower): Promise<void> {
  const [known] = (await readContactFacts(service.desk.pool, customerId)).flags;
  const atMs = await service.desk.clock.nowMs();
  await endFlag(service.desk, { id: known?.id ?? 0, customerId, atMs, reason: 'works again', actor: 'ana' });
  await service.settle();
}

async function deedsOf({ loanId, dueDay }: Hard): Promise<string[]> {
  const story = await datedStoryOf(service, loanId, dueDay);
  return story.filter((line) => !/: (opened|flag-|classified)/.test(line));
}

describe('a borrower in hardship', () => {
  it('has a course of their own with a named handler, and then the case goes on with the step it stood before', async () => {
    const hard = await onDayFive();
    const { borrower, loanId } = hard;
    await expect(flag(borrower, 'hardship', 40)).rejects.toMatchObject({ type: 'InputInvalid', field: 'handler' });
    await flag(borrower, 'hardship', 40, 'care-lin');
    await service.forward(39); // day 44, the last of the flag
    expect(await caseOf(service, loanId)).toMatchObject({ stage: 'reminder', paused: false });
    expect((await deedsOf(hard)).slice(2)).toEqual([
      '5: task-created on record: hardship',
      '6: contact-made care/1/day-1-email',
      '10: task-created care/1/day-5-call',
      '35: contact-made care/1/day-30-sms',
    ]);
    const tasks = await openTasksOf(service, loanId);
    expect(tasks.map(({ kind, assignee }) => `${kind} ${assignee ?? ''}`)).toEqual([
      'review care-lin',
      'call care-lin',
    ]);
    const texts = messagesTo(service, borrower).map(({ body }) => body);
    expect(texts.at(-1)).toContain('there is no hurry');
    expect(texts.slice(2).join()).not.toMatch(/¥|overdue|not yet received/);

    await service.forward(8); // day 52
    expect((await deedsOf(hard)).slice(6)).toEqual([
      '47: task-created reminder/day-7-call',
      '51: contact-made reminder/day-11-sms',
    ]);
    expect(await caseOf(service, loanId)).toMatchObject({ effectiveDpd: 11, rawDpd: 51 });
  });

  it('is taken through it again when hard times come back, from its beginning', async () => {
    const hard = await onDayFive();
    await flag(hard.borrower, 'hardship', null, 'care-lin');
    await service.forward(2);
    await endFlagOf(hard.borrower);
    await service.forward(1);
    await flag(hard.borrower, 'vulnerable', null, 'care-lin');
    await service.forward(2);
    // Three contacts were made in these two weeks: the next waits for the first of them to be so long ago.
    expect((await eventsOf(service, hard.loanId, 'contact-deferred')).at(-1)?.data).toMatchObject({
      ...{ step: 'care/2/day-1-email', rules: ['HOUSE-CARE-CAP'] },
    });
    await service.forward(6);
    const made = (await eventsOf(service, hard.loanId, 'contact-made')).map(({ data }) => data['step']);
    expect(made.slice(2)).toEqual(['care/1/day-1-email', 'care/2/day-1-email']);
  });

  it('hears nothing of the loan by a reminder about another one', async () => {
    const { borrower, loanId } = await onDayFive();
    await flag(borrower, 'hardship', null, 'care-lin', loanId);
    const before = messagesTo(service, borrower).length;
    const other = await addLoan(service, borrower, { dueDaysAgo: 0 });
    await service.forward(1);
    await open(service, other);
    await service.settle();
    await service.forward(1);
    const texts = messagesTo(service, borrower)
      .slice(before)
      .map(({ body }) => body);
    expect(texts.some((text) => text.includes(other.slice(-4)))).toBe(true);
    for (const text of texts) expect(text.includes(other.slice(-4)) && text.includes(loanId.slice(-4))).toBe(false);
  });
});
