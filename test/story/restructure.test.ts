import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openCase } from '../../src/cases/open-case';
import { addDays, type Day } from '../../src/domain/day';
import type { RestructureTerms } from '../../src/domain/restructure';
import { caseOf, closedCaseOf, contactsOf, datedStoryOf, eventsOf } from '../support/case-record';
import { eventually } from '../support/eventually';
import { type CaseService, startCaseService } from '../support/case-service';
import { addBorrower, addLoan, bankToday, open } from '../support/portfolio';
import { bySignal, restructure } from '../support/supervisor';

let service: CaseService;
let today: Day;

beforeAll(async () => {
  service = await startCaseService();
  today = await bankToday(service);
});
afterAll(() => service.close());

async function overdueLoan(dueDaysAgo: number): Promise<string> {
  const loanId = await addLoan(service, await addBorrower(service), { dueDaysAgo });
  await open(service, loanId);
  return loanId;
}

const asked = [
  { by: 'update', ask: restructure },
  { by: 'signal', ask: bySignal.restructure },
] as const;

describe.each(asked)('a restructure that is asked for by $by', ({ ask }) => {
  it('closes the case when the extension moves the due day ahead of today', async () => {
    const loanId = await overdueLoan(10);
    await ask(service, loanId, { kind: 'extension', days: 30 });
    expect((await closedCaseOf(service, loanId)).closeReason).toBe('arrears-cleared');
    expect((await eventsOf(service, loanId, 'restructured')).map(({ reason }) => reason)).toEqual([
      'extended by 30 days',
    ]);
  });

  it('closes the case when the arrears are spread over instalments: the loan is no longer overdue', async () => {
    const loanId = await overdueLoan(10);
    const terms: RestructureTerms = { kind: 'instalments', count: 4, firstDueDay: addDays(today, 30) };
    await ask(service, loanId, terms);
    const closed = await closedCaseOf(service, loanId);
    expect([closed.closeReason, closed.rawDpd, closed.overdueMinor]).toEqual(['arrears-cleared', 0, 0]);
  });
});

describe('a loan whose restructure does not end the arrears, or is not kept', () => {
  it('goes on with later dates, and falls back by no step and no stage', async () => {
    const extended = await overdueLoan(16);
    const dueDay = addDays(today, -16);
    await service.settle();
    const before = await datedStoryOf(service, extended, dueDay);
    await restructure(service, extended, { kind: 'extension', days: 10 });
    const moved = await eventually(
      () => caseOf(service, extended),
      ({ rawDpd }) => rawDpd === 6,
    );
    expect(moved.stage).toBe('follow-up');

    await service.forward(15); // 21 days past the new due day
    const since = (await datedStoryOf(service, extended, dueDay)).slice(before.length);
    expect(since).toEqual(['16: restructured', '30: contact-made follow-up/day-20-email']);
  });

  it('gets its second case when the first new instalment is missed, with the first at hand', async () => {
    const loanId = await overdueLoan(10);
    await service.settle();
    const firstDueDay = addDays(await bankToday(service), 20);
    await restructure(service, loanId, { kind: 'instalments', count: 4, firstDueDay });
    await closedCaseOf(service, loanId);
    await expect(openCase(service.desk, loanId, 'core-banking')).rejects.toMatchObject({ type: 'LoanNotDelinquent' });

    await service.forward(21);
    const { case: second } = await openCase(service.desk, loanId, 'core-banking');
    expect([second.caseNo, second.rawDpd, second.overdueMinor]).toEqual([2, 1, 25_000]);
    const made = await eventually(
      () => contactsOf(service, loanId),
      (contacts) => contacts.some((c) => c.caseNo === 2),
    );
    expect(made.map(({ caseNo }) => caseNo)).toEqual([1, 2]);
    expect((await eventsOf(service, loanId, 'opened')).map(({ caseNo }) => caseNo)).toEqual([1, 2]);
    expect(await eventsOf(service, loanId, 'restructured')).toHaveLength(1);
  });
});
