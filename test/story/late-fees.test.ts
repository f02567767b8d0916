import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { askWaiver } from '../../src/cases/ask-waiver';
import { decideApproval } from '../../src/cases/decide-approval';
import { setFlag } from '../../src/cases/keep-flags';
import { readStanding } from '../../src/cases/read-standing';
import { proposeWriteOff, proposeWriteOffUndo } from '../../src/cases/write-off';
import { addDays } from '../../src/domain/day';
import { noAmounts } from '../../src/domain/loan';
import { listApprovals } from '../../src/store/approvals';
import { caseOf, closedCaseOf, eventsOf } from '../support/case-record';
import { type CaseService, startCaseService } from '../support/case-service';
import { addBorrower, addLoan, bankToday, type Borrower, open, pay } from '../support/portfolio';
import { publishRetailWith } from '../support/retail-with';

const ana = { name: 'ana', roles: ['supervisor'] } as const;
const bo = { name: 'bo', roles: ['supervisor'] } as const;

let service: CaseService;
let borrower: Borrower;
let loanId: string;
beforeAll(async () => {
  service = await startCaseService();
  await publishRetailWith(service.desk.pool, {
    // 100 a day on 100,000; 20 for the first day after the grace.
    charges: '{ graceDays: 3, lateFee: 2000, penaltyInterest: { perMillePerYear: 360, daysInYear: 360 } }',
    waivers: '{ approvalOver: 1000, approval: supervisor, payWithinDaysMax: 10 }',
    writeOff: '{ approval: supervisor, fromDpd: 30, continueCollection: true }',
    allocation: `
  by: instalment
  components: [penalty, fee, interest, principal]
  writtenOff: { by: component, components: [principal, interest, fee, penalty] }`,
  });
});
afterAll(() => service.close());

/** A loan of one instalment of 100,000, `days` days past due, with its case open since the first of them. */
async function overdueFor(days: number): Promise<void> {
  borrower = await addBorrower(service);
  loanId = await addLoan(service, borrower, { dueDaysAgo: 1 });
  await open(service, loanId);
  await service.forward(days - 1);
}

async function owed() {
  return (await readStanding(service.desk, loanId)).delinquency.outstanding;
}

async function moratorium(lastsDays: number): Promise<void> {
  const { calendar } = await service.desk.policies.latest(service.desk.pool, 'retail');
  const today = await bankToday(service);
  const [fromMs, untilMs] = [today, addDays(today, lastsDays)].map((day) => calendar.startOfDayMs(day));
  const about = { customerId: borrower.customerId, loanId: null, partyId: null, confirmed: true };
  const span = { fromMs: fromMs ?? 0, untilMs: untilMs ?? null };
  await setFlag(service.desk, { ...about, ...span, flag: 'moratorium', evidence: 'notice 77', actor: 'ana' });
  await service.settle();
}

async function agree(): Promise<void> {
  const { items } = await listApprovals(service.desk.pool, { loanId, state: 'waiting' }, null, 10);
  for (const { approvalId } of items) {
    const decision = { state: 'approved', reason: 'looked at it' } as const;
    await expect(decideApproval(service.desk, approvalId, decision, ana)).rejects.toMatchObject({ type: 'FourEyes' });
    await decideApproval(service.desk, approvalId, decision, bo);
  }
  await service.settle();
}

describe('late fee and penalty interest', () => {
  it('arise day by day after the grace, rest during a moratorium, and go on after it', async () => {
    await overdueFor(3);
    expect(await owed()).toEqual({ ...noAmounts, principal: 100_000 });
    await service.forward(7); // day 10
    expect(await owed()).toEqual({ penalty: 700, fee: 2_000, interest: 0, principal: 100_000 });
    await moratorium(20); // day 10 is its first day
    await service.forward(19);
    expect(await owed()).toMatchObject({ penalty: 600, fee: 2_000 });
    await service.forward(2); // day 31
    expect(await owed()).toMatchObject({ penalty: 800, fee: 2_000 });
  });

  it('keep the case open until they are paid too', async () => {
    await overdueFor(5);
    await pay(service, loanId, { amountMinor: 100_000 });
    await service.settle();
    // 2,100 were charged up to the day before and are paid first; 2 arise on what that leaves of the principal.
    expect(await owed()).toEqual({ penalty: 2, fee: 0, interest: 0, principal: 2_100 });
    expect(await caseOf(service, loanId)).toMatchObject({ status: 'open', rawDpd: 5, overdueMinor: 2_102 });
    await pay(service, loanId, { amountMinor: 1_500 });
    // What is left is within the policy's tolerance.
    expect((await closedCaseOf(service, loanId)).closeReason).toBe('arrears-cleared');
  });
});

describe('a waiver of a late fee', () => {
  const ask = async (feeMinor: number, payWithinDays: number) => {
    const payBy = addDays(await bankToday(service), payWithinDays);
    const request = { waiverId: `W-${loanId}`, penaltyMinor: 0, feeMinor, interestMinor: 0, payBy };
    return askWaiver(service.desk, loanId, { ...request, reason: 'the branch was closed' }, ana);
  };

  it('counts once a second person agrees, and lapses by itself when the rest does not come', async () => {
    await overdueFor(10);
    await ask(2_000, 3);
    expect(await owed()).toMatchObject({ penalty: 700, fee: 2_000 });
    await agree();
    expect(await caseOf(service, loanId)).toMatchObject({ overdueMinor: 100_700 });
    await service.forward(4);
    expect(await caseOf(service, loanId)).toMatchObject({ overdueMinor: 103_100 });
    const kinds = ['waiver-proposed', 'waiver-approved', 'waived', 'waiver-lapsed', 'waiver-fulfilled'];
    const told = await Promise.all(kinds.map(async (kind) => (await eventsOf(service, loanId, kind)).length));
    expect(told).toEqual([1, 1, 1, 1, 0]);
  });

  it('with the rest paid in time ends the case', async () => {
    await overdueFor(10);
    await ask(1_000, 3);
    await service.settle();
    expect(await caseOf(service, loanId)).toMatchObject({ rawDpd: 10, overdueMinor: 101_700 });
    await service.forward(1);
    await pay(service, loanId, { amountMinor: 101_700 });
    expect((await closedCaseOf(service, loanId)).closeReason).toBe('arrears-cleared');
  });
});

describe('money for a loan that was written off', () => {
  it('pays principal first from that day on, and charges first again once the write-off is undone', async () => {
    await overdueFor(30);
    await pay(service, loanId, { amountMinor: 3_000 });
    expect(await owed()).toEqual({ penalty: 100, fee: 1_600, interest: 0, principal: 100_000 });
    await service.forward(1);
    await proposeWriteOff(service.desk, loanId, { reason: 'uncollectable', evidence: ['DMS:1'] }, ana);
    await agree();
    await service.forward(1);
    await pay(service, loanId, { amountMinor: 40_000 });
    expect(await owed()).toEqual({ penalty: 260, fee: 1_600, interest: 0, principal: 60_000 });
    await proposeWriteOffUndo(service.desk, loanId, 'the borrower was found', ana);
    await agree();
    expect(await owed()).toEqual({ penalty: 61, fee: 0, interest: 0, principal: 61_800 });
  });
});
