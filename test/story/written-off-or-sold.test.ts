import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decideApproval } from '../../src/cases/decide-approval';
import { openCase } from '../../src/cases/open-case';
import { readWriteOffs } from '../../src/cases/read-write-offs';
import { proposeSale } from '../../src/cases/sell-loan';
import { proposeWriteOff, proposeWriteOffUndo } from '../../src/cases/write-off';
import { listApprovals } from '../../src/store/approvals';
import { caseOf, closedCaseOf, eventsOf, messagesTo } from '../support/case-record';
import { type CaseService, startCaseService } from '../support/case-service';
import { addBorrower, addLoan, bankToday, open, pay, undo } from '../support/portfolio';

let service: CaseService;
beforeAll(async () => {
  service = await startCaseService();
});
afterAll(() => service.close());

const ana = { name: 'ana', roles: ['supervisor'] } as const;
const bo = { name: 'bo', roles: ['supervisor'] } as const;

async function agree(loanId: string): Promise<void> {
  const { items } = await listApprovals(service.desk.pool, { loanId, state: 'waiting' }, null, 10);
  for (const { approvalId } of items) {
    const decision = { state: 'approved', reason: 'looked at it' } as const;
    await expect(decideApproval(service.desk, approvalId, decision, ana)).rejects.toMatchObject({ type: 'FourEyes' });
    await decideApproval(service.desk, approvalId, decision, bo);
  }
}

describe('a loan that is written off', () => {
  it('is still collected, its recoveries are booked, and it is undone by two people as it was agreed to', async () => {
    const borrower = await addBorrower(service);
    const loanId = await addLoan(service, borrower, { dueDaysAgo: 200 });
    await open(service, loanId);
    await service.settle();
    await proposeWriteOff(service.desk, loanId, { reason: 'uncollectable', evidence: ['DMS:1'] }, ana);
    await agree(loanId);
    const told = messagesTo(service, borrower).length;

    await service.forward(2);
    await pay(service, loanId, { amountMinor: 30_000 });
    const bounced = await pay(service, loanId, { amountMinor: 5_000 });
    await undo(service, loanId, bounced, 5_000);
    await service.settle();
    expect(await caseOf(service, loanId)).toMatchObject({ status: 'open', rawDpd: 202, overdueMinor: 70_000 });
    const figures = { writtenOffMinor: 100_000, recoveredMinor: 30_000, outstandingMinor: 70_000 };
    expect((await readWriteOffs(service.desk, loanId)).current).toMatchObject(figures);

    await proposeWriteOffUndo(service.desk, loanId, 'the borrower was found', ana);
    await agree(loanId);
    const { current, items } = await readWriteOffs(service.desk, loanId);
    expect([current, items[0]?.state]).toEqual([null, 'undone']);
    await service.settle();
    expect(await caseOf(service, loanId)).toMatchObject({ status: 'open', rawDpd: 202, overdueMinor: 70_000 });
    expect(messagesTo(service, borrower).length).toBeGreaterThanOrEqual(told);
    await pay(service, loanId, { amountMinor: 70_000 });
    expect((await closedCaseOf(service, loanId)).closeReason).toBe('arrears-cleared');
  });
});

describe('a loan that is sold', () => {
  it('closes its case; nobody is contacted for it any more, and no other case opens', async () => {
    const borrower = await addBorrower(service);
    const loanId = await addLoan(service, borrower, { dueDaysAgo: 1, instalments: 2 });
    await open(service, loanId);
    const paymentId = await pay(service, loanId, { amountMinor: 10_000 });
    await service.settle();
    const saleDay = await bankToday(service);
    const sale = { buyer: 'Second Asset Ltd', saleDay, priceMinor: 8_000, noticeEvidence: ['DMS:2'] };
    await proposeSale(service.desk, loanId, sale, ana);
    expect((await caseOf(service, loanId)).status).toBe('open');
    await agree(loanId);
    expect((await closedCaseOf(service, loanId)).closeReason).toBe('sold');
    expect((await eventsOf(service, loanId, 'closed')).map(({ reason }) => reason)).toEqual(['the loan was sold']);

    const told = messagesTo(service, borrower).length;
    // Another loan of hers is overdue: its reminders do not name the one that is another's now.
    const other = await addLoan(service, borrower, { dueDaysAgo: 1, amountMinor: 50_000 });
    await open(service, other);
    await service.forward(2);
    // A bounce makes more of the sold loan overdue, and opens nothing.
    await undo(service, loanId, paymentId, 10_000);
    await expect(openCase(service.desk, loanId, 'core-banking')).rejects.toMatchObject({ type: 'LoanSold' });
    await service.settle();
    expect(await caseOf(service, loanId)).toMatchObject({ caseNo: 1, status: 'closed' });
    const after = messagesTo(service, borrower).slice(told);
    expect(after.length).toBeGreaterThan(0);
    for (const { body } of after) {
      expect(body).toContain(other.slice(-4));
      expect(body).not.toContain(loanId.slice(-4));
    }
  });
});
