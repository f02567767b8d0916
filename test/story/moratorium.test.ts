import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { endFlag, setFlag } from '../../src/cases/keep-flags';
import { proposeLegal } from '../../src/cases/hand-to-legal';
import type { FlagName } from '../../src/domain/contact/flag';
import { addDays, type Day } from '../../src/domain/day';
import { daysWithoutFees } from '../../src/domain/rest/rest-rules';
import { readContactFacts } from '../../src/store/known-contact-facts';
import { loadLoanFacts } from '../../src/store/loan-facts';
import type { NewFlag } from '../../src/store/contact-facts';
import { caseOf, datedStoryOf } from '../support/case-record';
import { type CaseService, startCaseService } from '../support/case-service';
import { addBorrower, addLoan, bankToday, type Borrower, open } from '../support/portfolio';

const supervisor = { name: 'supervisor-chen', roles: ['supervisor'] };

let service: CaseService;
let borrower: Borrower;
let loanId: string;
let dueDay: Day;
beforeAll(async () => {
  service = await startCaseService();
});
afterAll(() => service.close());

async function openedCase(days: number): Promise<void> {
  borrower = await addBorrower(service);
  loanId = await addLoan(service, borrower, { dueDaysAgo: 1 });
  dueDay = addDays(await bankToday(service), -1);
  await open(service, loanId);
  await service.forward(days - 1);
}

async function flag(name: FlagName, lastsDays: number | null, more: Partial<NewFlag> = {}): Promise<void> {
  const nowMs = await service.desk.clock.nowMs();
  const { calendar } = await service.desk.policies.latest(service.desk.pool, 'retail');
  const today = calendar.dayOf(nowMs);
  const fromMs = calendar.startOfDayMs(today);
  const untilMs = lastsDays === null ? null : calendar.startOfDayMs(addDays(today, lastsDays));
  const about = { customerId: borrower.customerId, loanId: null, partyId: null, fromMs, untilMs, confirmed: true };
  await setFlag(service.desk, { ...about, flag: name, evidence: 'notice 77', actor: 'ana', ...more });
  await service.settle();
}

async function endFlagNow(): Promise<void> {
  const [known] = (await readContactFacts(service.desk.pool, borrower.customerId)).flags;
  const atMs = await service.desk.clock.nowMs();
  const ending = { id: known?.id ?? 0, customerId: borrower.customerId, atMs, reason: 'it ended', actor: 'ana' };
  await endFlag(service.desk, ending);
  await service.settle();
}

async function deeds(): Promise<string[]> {
  const story = await datedStoryOf(service, loanId, dueDay);
  return story.filter((line) => !/: (opened|flag-)/.test(line));
}

describe('a moratorium of sixty days', () => {
  it('stops everything, and then the case goes on with the step it stood before, each date moved by sixty days', async () => {
    await openedCase(5);
    await flag('moratorium', 60);
    expect(await caseOf(service, loanId)).toMatchObject({ paused: true });
    const { pauses = [] } = (await loadLoanFacts(service.desk.pool, loanId)) ?? {};
    const today = addDays(dueDay, 5);
    expect(pauses).toEqual([{ from: today, until: addDays(today, 60), reason: 'flag/moratorium' }]);
    const { policy } = await service.desk.policies.latest(service.desk.pool, 'retail');
    expect(daysWithoutFees(pauses, policy.rests)).toEqual(pauses);

    await service.forward(59); // its last day
    expect(await caseOf(service, loanId)).toMatchObject({ paused: true });
    await service.forward(12); // day 76
    expect(await deeds()).toEqual([
      '1: contact-made reminder/day-1-sms',
      '4: contact-made reminder/day-4-email',
      '67: task-created reminder/day-7-call',
      '71: contact-made reminder/day-11-sms',
      '75: escalated follow-up',
      '75: task-created follow-up/day-15-visit',
    ]);
    expect(await caseOf(service, loanId)).toMatchObject({ paused: false, rawDpd: 75, effectiveDpd: 15 });
  });

  it('that is ended early lets the case go on from that day, also a loan that was added meanwhile', async () => {
    await openedCase(5);
    await flag('moratorium', 60);
    const added = await addLoan(service, borrower, { dueDaysAgo: 0 });
    expect((await loadLoanFacts(service.desk.pool, added))?.pauses).toHaveLength(1);
    await service.forward(10); // day 15
    await endFlagNow();
    await service.forward(2); // day 17
    expect((await deeds()).at(-1)).toBe('17: task-created reminder/day-7-call');
    expect(await caseOf(service, loanId)).toMatchObject({ paused: false });
  });
});

describe('a flag that stops legal means', () => {
  it('lets nobody propose them while it is in force', async () => {
    await openedCase(5);
    await flag('military-service', null);
    const proposed = proposeLegal(service.desk, loanId, 'last resort', supervisor);
    await expect(proposed).rejects.toMatchObject({
      type: 'LegalPreconditionMissing',
      reason: 'legal means rest: a pause or a flag stops them',
    });
  });
});
