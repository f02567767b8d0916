import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { addDays, type Day } from '../../src/domain/day';
import { caseOf, closedCaseOf, eventsOf, messagesTo } from '../support/case-record';
import { eventually } from '../support/eventually';
import { type CaseService, startCaseService } from '../support/case-service';
import { addBorrower, addLoan, bankToday, type Borrower, open, pay } from '../support/portfolio';
import { bySignal, restructure, resume, runOf } from '../support/supervisor';

let service: CaseService;
let borrower: Borrower;
let loanId: string;
let today: Day;

beforeAll(async () => {
  service = await startCaseService();
});
beforeEach(async () => {
  borrower = await addBorrower(service);
  loanId = await addLoan(service, borrower, { dueDaysAgo: 1 });
  today = await bankToday(service);
  await open(service, loanId);
});
afterAll(() => service.close());

async function refusals(atLeast = 1): Promise<unknown[]> {
  const events = await eventually(
    () => eventsOf(service, loanId, 'command-refused'),
    (seen) => seen.length >= atLeast,
  );
  return events.map(({ data }) => data);
}

/** The reminder of day 4 goes out: the case lives and keeps its dates. */
async function expectToGoOn(): Promise<void> {
  await service.forward(3);
  expect(messagesTo(service, borrower).map(({ channel }) => channel)).toEqual(['sms', 'email']);
  expect((await caseOf(service, loanId)).status).toBe('open');
}

describe('a signal that a case must refuse', () => {
  it('is on the timeline with the reason, and the case goes on', async () => {
    await bySignal.pause(service, loanId, today, addDays(today, -1));
    expect(await refusals()).toEqual([{ type: 'PauseInvalid', field: 'until' }]);
    await expectToGoOn();
  });

  it('is refused as well when it is not what the case understands', async () => {
    const run = runOf(service, loanId);
    await run.signal('pause', 'everything');
    await run.signal('pause', { from: 7, until: null, reason: 'because', actor: '' });
    await run.signal('resume');
    await run.signal('restructure', { terms: { kind: 'forgive' }, reason: 'hardship', actor: 'supervisor-chen' });
    const types = (await refusals(4)).map((data) => (data as { type: unknown }).type);
    expect(types).toEqual(Array.from({ length: 4 }, () => 'InputInvalid'));
    await expectToGoOn();
  });

  it('does not stop a case when there is nothing to resume', async () => {
    await bySignal.resume(service, loanId, today);
    expect(await refusals()).toEqual([{ type: 'PauseInvalid', field: 'on' }]);
    await expect(resume(service, loanId, today)).rejects.toMatchObject({ cause: { type: 'PauseInvalid' } });
    await expectToGoOn();
  });
});

describe('a restructure beyond the limits of the policy', () => {
  it('is refused to whoever asks for it, is on record, and changes no due day', async () => {
    const tooLong = { kind: 'extension', days: 91 } as const;
    await expect(restructure(service, loanId, tooLong)).rejects.toMatchObject({
      cause: { type: 'RestructureInvalid', message: 'terms.days: comes to 91 days; the policy allows 90' },
    });
    await bySignal.restructure(service, loanId, { kind: 'instalments', count: 61, firstDueDay: addDays(today, 30) });
    expect(await refusals(2)).toEqual([
      { type: 'RestructureInvalid', field: 'terms.days' },
      { type: 'RestructureInvalid', field: 'terms.count' },
    ]);
    expect((await caseOf(service, loanId)).rawDpd).toBe(1);
    await expectToGoOn();
  });
});

describe('a command to a closed case', () => {
  it('is refused', async () => {
    await pay(service, loanId, { amountMinor: 100_000 });
    await closedCaseOf(service, loanId);
    await expect(restructure(service, loanId, { kind: 'extension', days: 5 })).rejects.toMatchObject({
      type: 'CaseNotOpen',
    });
  });
});
