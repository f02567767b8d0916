import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeArrangement } from '../../src/cases/arrange';
import { decideApproval } from '../../src/cases/decide-approval';
import { readArrangements } from '../../src/cases/watch-arrangements';
import type { ArrangementTerms } from '../../src/domain/arrangement/terms';
import { addDays, type Day } from '../../src/domain/day';
import { listApprovals } from '../../src/store/approvals';
import { caseOf, closedCaseOf, contactsOf, datedStoryOf, eventsOf } from '../support/case-record';
import { type CaseService, startCaseService } from '../support/case-service';
import { eventually } from '../support/eventually';
import { addBorrower, addLoan, bankToday, open, pay, undo } from '../support/portfolio';
import { bySignal, pause, restructure } from '../support/supervisor';

const supervisor = (name: string) => ({ name, roles: ['supervisor'] });

let service: CaseService;
beforeAll(async () => {
  service = await startCaseService();
});
afterAll(() => service.close());

/** 1,000.00 that fell due ten days ago. */
async function overdueLoan(): Promise<string> {
  const loanId = await addLoan(service, await addBorrower(service), { dueDaysAgo: 10 });
  await open(service, loanId);
  await service.settle();
  return loanId;
}

async function agree(loanId: string, terms: ArrangementTerms, actor = 'supervisor-chen'): Promise<string> {
  const arrangementId = randomUUID();
  await makeArrangement(service.desk, loanId, { arrangementId, terms, reason: 'hardship', budget: null, actor });
  await service.settle();
  return arrangementId;
}

async function stateOf(loanId: string, arrangementId: string): Promise<string | undefined> {
  const all = await readArrangements(service.desk, loanId, await bankToday(service));
  return all.find((one) => one.arrangementId === arrangementId)?.state;
}

/** What happened since a day, as lines with the days since it. */
async function storySince(loanId: string, day: Day): Promise<string[]> {
  return (await datedStoryOf(service, loanId, day)).filter((line) => Number(line.split(':')[0]) >= 0);
}

async function decide(loanId: string, state: 'approved' | 'rejected', name: string) {
  const { items } = await listApprovals(service.desk.pool, { state: 'waiting', loanId }, null, 10);
  return decideApproval(service.desk, items[0]!.approvalId, { state, reason: 'looked at it' }, supervisor(name));
}

describe('a plan of three instalments', () => {
  it('is breached, cured within the days for it, and completed: the case rests, goes on, rests and closes', async () => {
    const loanId = await overdueLoan();
    const agreedOn = await bankToday(service);
    const firstDueDay = addDays(agreedOn, 5);
    const plan = await agree(loanId, { kind: 'instalments', count: 2, firstDueDay });
    const contactsBefore = (await contactsOf(service, loanId)).length;

    await service.forward(8); // the last day of tolerance
    expect([await stateOf(loanId, plan), (await caseOf(service, loanId)).rawDpd]).toEqual(['active', 0]);
    expect(await contactsOf(service, loanId)).toHaveLength(contactsBefore);
    await service.forward(2);
    expect([await stateOf(loanId, plan), (await caseOf(service, loanId)).rawDpd]).toEqual(['breached', 4]); // as of its last look, on day 9

    await pay(service, loanId, { amountMinor: 50_000 });
    await service.settle();
    expect(await stateOf(loanId, plan)).toBe('active');
    await pay(service, loanId, { amountMinor: 50_000 });
    expect((await closedCaseOf(service, loanId)).closeReason).toBe('arrears-cleared');
    expect(await stateOf(loanId, plan)).toBe('completed');
    const told = (await storySince(loanId, agreedOn)).filter((line) => /arrangement-|closed/.test(line));
    expect(told).toEqual([
      '0: arrangement-active',
      '9: arrangement-breached',
      '10: arrangement-cured',
      '10: arrangement-completed',
      '10: closed arrears-cleared',
    ]);
  });

  it('is broken when it is not made good, and the case goes on by the new days', async () => {
    const loanId = await overdueLoan();
    const agreedOn = await bankToday(service);
    const plan = await agree(loanId, { kind: 'instalments', count: 2, firstDueDay: addDays(agreedOn, 5) });
    await service.forward(20);
    expect(await stateOf(loanId, plan)).toBe('broken');
    expect((await caseOf(service, loanId)).rawDpd).toBe(15);
    const story = await storySince(loanId, agreedOn);
    expect(story).toContain('19: arrangement-broken');
    expect(story.filter((line) => /contact-made|task-created/.test(line)).length).toBeGreaterThan(0);
  });

  it('whose last payment bounces is open again: the next case begins, and the timeline has both ends', async () => {
    const loanId = await overdueLoan();
    const firstDueDay = addDays(await bankToday(service), 2);
    const plan = await agree(loanId, { kind: 'instalments', count: 1, firstDueDay });
    await service.forward(2);
    const paymentId = await pay(service, loanId, { amountMinor: 100_000 });
    await closedCaseOf(service, loanId);
    await service.forward(4);
    await undo(service, loanId, paymentId, 100_000);
    const next = await eventually(
      () => caseOf(service, loanId),
      ({ caseNo }) => caseNo === 2,
    );
    expect([next.status, next.openedDpd]).toEqual(['open', 4]);
    expect(await stateOf(loanId, plan)).toBe('breached');
  });
});

describe('a settlement of 1,000.00 by 950.00', () => {
  const terms = (until: Day): ArrangementTerms => ({ kind: 'settlement', amountMinor: 95_000, until });

  it('that is paid in time closes the case, and the rest is given up', async () => {
    const loanId = await overdueLoan();
    const settlement = await agree(loanId, terms(addDays(await bankToday(service), 7)));
    await service.forward(3);
    expect((await caseOf(service, loanId)).nextAction).toContain('an arrangement is kept');
    await pay(service, loanId, { amountMinor: 45_000 });
    await pay(service, loanId, { amountMinor: 50_000 });
    expect((await closedCaseOf(service, loanId)).closeReason).toBe('arrears-cleared');
    expect(await stateOf(loanId, settlement)).toBe('completed');
  });

  it('that expires is as if it had not been: all is owed, and collection goes on', async () => {
    const loanId = await overdueLoan();
    const agreedOn = await bankToday(service);
    const settlement = await agree(loanId, terms(addDays(agreedOn, 7)));
    await pay(service, loanId, { amountMinor: 90_000 });
    await service.forward(7);
    expect(await storySince(loanId, addDays(agreedOn, 1))).toEqual([]);
    await service.forward(3);
    expect(await stateOf(loanId, settlement)).toBe('expired');
    expect(await caseOf(service, loanId)).toMatchObject({ status: 'open', overdueMinor: 10_000, rawDpd: 20 });
    const story = await storySince(loanId, addDays(agreedOn, 1));
    expect(story[0]).toBe('7: arrangement-expired');
    expect(story.filter((line) => /contact-made|task-created/.test(line)).length).toBeGreaterThan(0);
  });
});

describe('an extension over the limit', () => {
  it('waits for approval, which its proposer cannot give, and then stops collection', async () => {
    const loanId = await overdueLoan();
    const extension = { kind: 'extension', days: 60 } as const;
    expect(await restructure(service, loanId, extension)).toBe('extended by 60 days: waits for approval by supervisor');
    expect((await caseOf(service, loanId)).rawDpd).toBe(10);
    await expect(decide(loanId, 'approved', 'supervisor-chen')).rejects.toMatchObject({ type: 'FourEyes' });
    await decide(loanId, 'approved', 'supervisor-diaz');
    const resting = await eventually(
      () => caseOf(service, loanId),
      ({ nextAction }) => nextAction.startsWith('an arrangement is kept'),
    );
    expect([resting.rawDpd, resting.status]).toEqual([0, 'open']);
    expect(await eventsOf(service, loanId, 'restructured')).toEqual([]);
    expect((await eventsOf(service, loanId, 'arrangement-approved')).map(({ actor }) => actor)).toEqual([
      'supervisor-diaz',
    ]);
  });

  it('that a signal asks for waits too', async () => {
    const loanId = await overdueLoan();
    await bySignal.restructure(service, loanId, { kind: 'extension', days: 45 });
    const [told] = await eventually(
      () => eventsOf(service, loanId, 'restructure-proposed'),
      (events) => events.length > 0,
    );
    expect(told?.reason).toBe('extended by 45 days: waits for approval by supervisor');
    expect((await caseOf(service, loanId)).rawDpd).toBe(10);
  });
});

describe('a borrower with two overdue loans, one of them under a settlement', () => {
  it('is reminded of the other one alone', async () => {
    const borrower = await addBorrower(service);
    const [settled, other] = [
      await addLoan(service, borrower, { dueDaysAgo: 12 }),
      await addLoan(service, borrower, { dueDaysAgo: 0 }),
    ];
    await open(service, settled);
    await service.settle();
    await agree(settled, { kind: 'settlement', amountMinor: 95_000, until: addDays(await bankToday(service), 30) });
    await service.forward(1);
    await open(service, other);
    await service.forward(1);
    const made = (await contactsOf(service, other)).filter(({ state }) => state !== 'denied');
    expect(made.map(({ loanIds }) => loanIds)).toEqual([[other]]);
    expect(await eventsOf(service, other, 'contact-denied')).toEqual([]);
  });
});

describe('a payment, the approval of a plan and a pause at the same time', () => {
  it('come to one result, whichever is first', async () => {
    const loanIds = await Promise.all([1, 2, 3].map(() => overdueLoan()));
    await Promise.all(
      loanIds.map(async (loanId) => {
        const today = await bankToday(service);
        await agree(loanId, { kind: 'extension', days: 60 });
        await Promise.all([
          pay(service, loanId, { amountMinor: 40_000 }),
          decide(loanId, 'approved', 'supervisor-diaz'),
          pause(service, loanId, today, addDays(today, 5)),
        ]);
      }),
    );
    await service.settle();
    for (const loanId of loanIds) {
      expect(await caseOf(service, loanId)).toMatchObject({
        ...{ status: 'open', rawDpd: 0, overdueMinor: 0, paused: true, nextAction: 'paused' },
      });
      const kinds = (await datedStoryOf(service, loanId, await bankToday(service))).map((line) => line.split(' ')[1]);
      for (const kind of ['arrangement-active', 'arrangement-approved', 'paused']) {
        expect(kinds.filter((one) => one === kind)).toHaveLength(1);
      }
    }
    await service.forward(6);
    for (const loanId of loanIds) {
      const row = await caseOf(service, loanId);
      expect([row.paused, row.nextAction.startsWith('an arrangement is kept')]).toEqual([false, true]);
      await pay(service, loanId, { amountMinor: 60_000 });
      expect((await closedCaseOf(service, loanId)).closeReason).toBe('arrears-cleared');
    }
  });
});
