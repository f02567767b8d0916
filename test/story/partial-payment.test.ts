import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays } from '../../src/domain/day';
import { caseOf, closedCaseOf, datedStoryOf, eventsOf } from '../support/case-record';
import { eventually } from '../support/eventually';
import { type CaseService, startCaseService } from '../support/case-service';
import { addBorrower, addLoan, bankToday, open, pay } from '../support/portfolio';

let service: CaseService;
beforeAll(async () => {
  service = await startCaseService();
});
afterAll(() => service.close());

describe('a borrower who pays a part', () => {
  it('keeps the case open until the rest is paid', async () => {
    const loanId = await addLoan(service, await addBorrower(service), { dueDaysAgo: 5 });
    await open(service, loanId);
    await pay(service, loanId, { amountMinor: 40_000 });
    const open60 = await eventually(
      () => caseOf(service, loanId),
      ({ overdueMinor }) => overdueMinor === 60_000,
    );
    expect([open60.status, open60.rawDpd]).toEqual(['open', 5]);

    await pay(service, loanId, { amountMinor: 60_000 });
    expect((await closedCaseOf(service, loanId)).closeReason).toBe('arrears-cleared');
  });

  it('is not chased for a rest within the tolerance', async () => {
    const loanId = await addLoan(service, await addBorrower(service), { dueDaysAgo: 5 });
    await open(service, loanId);
    await pay(service, loanId, { amountMinor: 98_999 });
    await eventually(
      () => caseOf(service, loanId),
      ({ overdueMinor }) => overdueMinor === 1_001,
    );
    expect((await caseOf(service, loanId)).status).toBe('open');
    await pay(service, loanId, { amountMinor: 1 });
    expect((await closedCaseOf(service, loanId)).closeReason).toBe('arrears-cleared');
  });

  it('counts days from the next unpaid instalment, while no step comes twice and the stage does not fall back', async () => {
    const loanId = await addLoan(service, await addBorrower(service), { dueDaysAgo: 1, instalments: 3 });
    const dueDay = addDays(await bankToday(service), -1);
    await open(service, loanId);
    await service.forward(39); // 40 days past the first due day, 10 past the second
    const before = await datedStoryOf(service, loanId, dueDay);
    expect(before.slice(-3)).toEqual([
      '30: escalated team',
      '30: contact-made team/day-30-sms',
      '35: task-created team/day-35-call',
    ]);

    await pay(service, loanId, { amountMinor: 100_000 });
    const standing = await eventually(
      () => caseOf(service, loanId),
      ({ rawDpd }) => rawDpd === 10,
    );
    expect([standing.status, standing.stage, standing.overdueMinor]).toEqual(['open', 'team', 100_000]);

    await service.forward(51); // 91 days past the first due day, 61 past the second, 31 past the third
    const since = (await datedStoryOf(service, loanId, dueDay)).slice(before.length);
    expect(since).toEqual(['75: task-created team/day-45-visit', '90: contact-made team/day-60-email']);
    expect(await eventsOf(service, loanId, 'legal-refused')).toEqual([]);

    await pay(service, loanId, { amountMinor: 200_000 });
    expect((await closedCaseOf(service, loanId)).closeReason).toBe('arrears-cleared');
  });
});
