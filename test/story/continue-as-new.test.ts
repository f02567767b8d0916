import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays, type Day } from '../../src/domain/day';
import { listStoredPauses } from '../../src/store/pauses';
import { caseWorkflowId, type CaseView } from '../../workflows/messages';
import { closedCaseOf, eventsOf, storyOf } from '../support/case-record';
import { type CaseService, startCaseService } from '../support/case-service';
import { eventually } from '../support/eventually';
import { addBorrower, addLoan, bankToday, open, pay } from '../support/portfolio';
import { bySignal, pause, runOf } from '../support/supervisor';

const rounds = 12;

let service: CaseService;
let loanId: string;
let today: Day;
let storyBefore: string[];
let stateBefore: unknown;

beforeAll(async () => {
  // A run is cut after some ten steps and messages instead of after thousands of events.
  service = await startCaseService({ historyEventsMax: 25 });
  loanId = await addLoan(service, await addBorrower(service), { dueDaysAgo: 10 });
  today = await bankToday(service);
  await open(service, loanId);
  await service.settle();
  storyBefore = await storyOf(service, loanId);
  stateBefore = await stateOf();
  for (let round = 0; round < rounds; round += 1) await disturb(round);
  await service.settle();
}, 120_000);
afterAll(() => service.close());

/** At the same moment: news, a pause by update and a pause by signal, all of them of days to come. */
async function disturb(round: number): Promise<void> {
  const day = (n: number): Day => addDays(today, n);
  const [from, until] = [day(100 + 4 * round), day(101 + 4 * round)];
  await Promise.all([
    runOf(service, loanId).signal('factsChanged'),
    pause(service, loanId, from, until),
    bySignal.pause(service, loanId, addDays(from, 2), addDays(until, 2)),
    runOf(service, loanId).signal('factsChanged'),
  ]);
}

async function stateOf(): Promise<unknown> {
  return (await runOf(service, loanId).query<CaseView>('case')).state;
}

async function runsOf(): Promise<number> {
  return (await service.desk.temporal.workflow.count(`WorkflowId = "${caseWorkflowId(loanId)}"`)).count;
}

describe('a case that is continued as new in the middle of everything', () => {
  it('really ran in many runs', async () => {
    // What is listed lags behind what is.
    expect(await eventually(runsOf, (count) => count > 3)).toBeGreaterThan(3);
  });

  it('has carried out each update and each signal, once', async () => {
    const pauses = await eventually(
      () => listStoredPauses(service.desk.pool, loanId),
      ({ length }) => length >= 2 * rounds,
    );
    const fromDays = pauses.map(({ fromDay }) => fromDay).sort();
    const wanted = Array.from({ length: 2 * rounds }, (_, index) => addDays(today, 100 + 2 * index));
    expect(fromDays).toEqual(wanted);
  });

  it('stands where it stood, and has done nothing twice', async () => {
    expect(storyBefore.length).toBeGreaterThan(3);
    expect(await stateOf()).toEqual(stateBefore);
    expect((await storyOf(service, loanId)).filter((line) => line !== 'paused')).toEqual(storyBefore);
  });

  it('hears of a payment as before', async () => {
    await pay(service, loanId, { amountMinor: 100_000 });
    expect((await closedCaseOf(service, loanId)).closeReason).toBe('arrears-cleared');
    expect(await eventsOf(service, loanId, 'closed')).toHaveLength(1);
  });
});
