import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays, type Day } from '../../src/domain/day';
import type { ArrangementTerms } from '../../src/domain/arrangement/terms';
import { caseOf, closedCaseOf, datedStoryOf, eventsOf } from '../support/case-record';
import { eventually } from '../support/eventually';
import { type CaseService, startCaseService } from '../support/case-service';
import { addBorrower, addLoan, bankToday, open, pay } from '../support/portfolio';
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
  it('lets the case rest while the extension runs, and closes it when the money comes', async () => {
    const loanId = await overdueLoan(10);
    await ask(service, loanId, { kind: 'extension', days: 30 });
    const resting = await eventually(
      () => caseOf(service, loanId),
      ({ nextAction }) => nextAction.startsWith('an arrangement is kept'),
    );
    expect([resting.status, resting.rawDpd, resting.overdueMinor]).toEqual(['open', 0, 0]);
    expect((await eventsOf(service, loanId, 'restructured')).map(({ reason }) => reason)).toEqual([
      'extended by 30 days',
    ]);
    await pay(service, loanId, { amountMinor: 100_000 });
    expect((await closedCaseOf(service, loanId)).closeReason).toBe('arrears-cleared');
    expect(await eventsOf(service, loanId, 'arrangement-completed')).toHaveLength(1);
  });

  it('is not overdue any more when the arrears are spread over instalments', async () => {
    const loanId = await overdueLoan(10);
    const terms: ArrangementTerms = { kind: 'instalments', count: 4, firstDueDay: addDays(today, 30) };
    await ask(service, loanId, terms);
    const resting = await eventually(
      () => caseOf(service, loanId),
      ({ nextAction }) => nextAction.startsWith('an arrangement is kept'),
    );
    expect([resting.status, resting.rawDpd, resting.overdueMinor]).toEqual(['open', 0, 0]);
  });
});

describe('a loan whose restructure does not end the arrears', () => {
  it('rests for the days of tolerance, goes on with later dates, and falls back by no step and no stage', async () => {
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
    expect(since).toEqual([
      '16: arrangement-active',
      '16: restructured',
      '20: arrangement-breached',
      '30: arrangement-broken',
      '30: contact-made follow-up/day-20-email',
    ]);
  });
});
