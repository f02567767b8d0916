import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { completeTask } from '../../src/cases/complete-task';
import { openDispute } from '../../src/cases/open-dispute';
import { resolveDispute } from '../../src/cases/resolve-dispute';
import { claimTask } from '../../src/cases/work-task';
import { restructuredDays } from '../../src/domain/classification/classify';
import { addDays, type Day } from '../../src/domain/day';
import { loadLoanFacts } from '../../src/store/loan-facts';
import { readContactFacts } from '../../src/store/known-contact-facts';
import type { Dispute } from '../../src/store/disputes';
import { listTasks } from '../../src/store/task-lists';
import { caseOf, closedCaseOf, datedStoryOf, eventsOf, messagesTo } from '../support/case-record';
import { type CaseService, startCaseService } from '../support/case-service';
import { collector, openTasksOf } from '../support/collectors';
import { addBorrower, addLoan, bankToday, type Borrower, open, pay } from '../support/portfolio';

const supervisor = { name: 'supervisor-chen', roles: ['supervisor'] };

let service: CaseService;
let borrower: Borrower;
let loanId: string;
let dueDay: Day;
beforeAll(async () => {
  service = await startCaseService();
});
afterAll(() => service.close());

/** A case that has come to day 5: one SMS, one e-mail. */
async function openedCase(): Promise<void> {
  borrower = await addBorrower(service);
  loanId = await addLoan(service, borrower, { dueDaysAgo: 1, instalments: 2 });
  dueDay = addDays(await bankToday(service), -1);
  await open(service, loanId);
  await service.forward(4);
}

function dispute(amountMinor: number | null): Promise<Dispute> {
  const wish = {
    disputeId: `D-${randomUUID().slice(0, 8)}`,
    reasonCode: 'fee',
    amountMinor,
    evidence: 'letter 12',
  } as const;
  return openDispute(service.desk, loanId, wish, collector);
}

async function resolve({ disputeId }: Dispute, outcome: 'upheld' | 'partly' | 'rejected', amountMinor: number | null) {
  const decision = { outcome, amountMinor, note: 'checked with the branch' };
  const resolved = await resolveDispute(service.desk, loanId, disputeId, decision, supervisor);
  await service.settle();
  return resolved;
}

async function deeds(): Promise<string[]> {
  const story = await datedStoryOf(service, loanId, dueDay);
  return story.filter((line) => !/: (opened|dispute-)/.test(line));
}

describe('a dispute that is upheld in part', () => {
  it('holds the case until a person has decided, and then asks for less and goes on', async () => {
    await openedCase();
    const opened = await dispute(40_000);
    await service.settle();
    expect(await caseOf(service, loanId)).toMatchObject({ paused: true });
    await service.forward(10); // day 15
    expect(messagesTo(service, borrower)).toHaveLength(2);

    const resolved = await resolve(opened, 'partly', 30_000);
    expect(resolved).toMatchObject({ outcome: 'partly', upheldMinor: 30_000, creditedMinor: 30_000, scheduleNo: 2 });
    expect(await caseOf(service, loanId)).toMatchObject({
      paused: false,
      overdueMinor: 70_000,
      rawDpd: 15,
      effectiveDpd: 5,
    });
    // What should never have been asked for is no restructure: it begins no observation.
    const facts = await loadLoanFacts(service.desk.pool, loanId);
    expect(facts?.schedules).toMatchObject([{ no: 1 }, { no: 2, correction: true }]);
    expect(facts && restructuredDays(facts)).toEqual([]);
    expect(await openTasksOf(service, loanId, 'review')).toEqual([]);
    const { flags } = await readContactFacts(service.desk.pool, borrower.customerId);
    expect(flags).toMatchObject([{ flag: 'disputed', loanId, evidence: 'letter 12', endedBy: 'supervisor-chen' }]);

    await service.forward(7); // day 22
    expect(await deeds()).toEqual([
      '1: contact-made reminder/day-1-sms',
      '4: contact-made reminder/day-4-email',
      '5: task-created disputed: fee',
      '17: task-created reminder/day-7-call', // day 7 and the ten days of the dispute
      '21: contact-made reminder/day-11-sms',
    ]);
    await pay(service, loanId, { amountMinor: 70_000 });
    expect((await closedCaseOf(service, loanId)).closeReason).toBe('arrears-cleared');
  });
});

describe('a dispute that is rejected', () => {
  it('lets the case go on with the step it stood before, and asks for all of it', async () => {
    await openedCase();
    const opened = await dispute(null);
    await service.forward(20); // day 25
    const resolved = await resolve(opened, 'rejected', null);
    expect(resolved).toMatchObject({ outcome: 'rejected', upheldMinor: 0, creditedMinor: 0, scheduleNo: null });
    expect(await caseOf(service, loanId)).toMatchObject({ paused: false, overdueMinor: 100_000, stage: 'reminder' });
    await service.forward(2);
    expect((await deeds()).at(-1)).toBe('27: task-created reminder/day-7-call');
  });
});

describe('a dispute that is upheld', () => {
  it('closes the case where nothing else is overdue; what was paid of it meanwhile is shown as owed back', async () => {
    await openedCase();
    const opened = await dispute(null);
    await pay(service, loanId, { amountMinor: 150_000 });
    const closed = await closedCaseOf(service, loanId);
    expect(closed.closeReason).toBe('arrears-cleared');
    const whole = await resolve(opened, 'upheld', null);
    expect(whole).toMatchObject({ upheldMinor: 50_000, creditedMinor: 50_000 });
  });

  it('never takes off more than is unpaid', async () => {
    await openedCase();
    const opened = await dispute(120_000);
    await pay(service, loanId, { amountMinor: 150_000 });
    expect(await resolve(opened, 'upheld', null)).toMatchObject({ upheldMinor: 120_000, creditedMinor: 50_000 });
  });
});

describe('the task of a dispute', () => {
  it('is due when the policy wants an answer, ends with the resolution and in no other way', async () => {
    await openedCase();
    const opened = await dispute(1_000);
    const [task] = await openTasksOf(service, loanId, 'review');
    if (task === undefined) throw new Error('nobody is asked to decide');
    expect(task.dueAtMs).toBe(opened.answerByMs);
    const { calendar } = await service.desk.policies.latest(service.desk.pool, 'retail');
    expect(calendar.dayOf(opened.answerByMs)).toBe(calendar.addWorkdays(await bankToday(service), 15));

    await claimTask(service.desk, service.gate, task.taskId, collector);
    const nothingElse = {
      cause: null,
      willingness: null,
      note: null,
      offered: null,
      promisedDay: null,
      promisedMinor: null,
      madeAtMs: null,
      visit: null,
    };
    const done = completeTask(
      service.desk,
      service.gate,
      task.taskId,
      { outcome: 'reviewed', ...nothingElse },
      collector,
    );
    await expect(done).rejects.toMatchObject({ type: 'InputInvalid', field: 'outcome' });
    await resolve(opened, 'upheld', null);
    const { items } = await listTasks(service.desk.pool, { loanId, kind: 'review' }, null, 10);
    expect(items).toMatchObject([{ state: 'completed', outcome: 'reviewed' }]);
    expect(await eventsOf(service, loanId, 'dispute-resolved')).toMatchObject([{ reason: 'checked with the branch' }]);
  });
});
