import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addDays, type Day } from '../../src/domain/day';
import { closedCaseOf, datedStoryOf } from '../support/case-record';
import { eventually } from '../support/eventually';
import { type CaseService, startCaseService } from '../support/case-service';
import { workOpenTasks } from '../support/collectors';
import { addBorrower, addLoan, bankToday, open, pay } from '../support/portfolio';
import { bySignal, pause, runOf } from '../support/supervisor';
import { caseWorkflowId } from '../../workflows/messages';

interface Told {
  readonly story: string[];
  readonly afterPause: unknown;
  readonly deferred: unknown;
  readonly runs: number;
}

const services: CaseService[] = [];
let inOneRun: Told;
let inManyRuns: Told;

beforeAll(async () => {
  const often = await startCaseService({ historyEventsMax: 25 });
  const rarely = await startCaseService();
  services.push(often, rarely);
  [inManyRuns, inOneRun] = await Promise.all([tell(often), tell(rarely)]);
}, 240_000);
afterAll(async () => {
  for (const service of services) await service.close();
});

/** A long story with everything in it: deferred at night, paused twice, worked, escalated, refused at the end, paid. */
async function tell(service: CaseService): Promise<Told> {
  const loanId = await addLoan(service, await addBorrower(service), { dueDaysAgo: 0, instalments: 2, tier: 'low' });
  const dueDay: Day = await bankToday(service);
  const day = (n: number): Day => addDays(dueDay, n);
  await service.forward(2 + 10.5 / 24); // half past ten at night of day 2
  await open(service, loanId);
  await service.settle();
  const deferred = await stateOf(service, loanId);
  await pause(service, loanId, day(4), day(7));
  for (let told = 0; told < 12; told += 1) await runOf(service, loanId).signal('factsChanged');
  await service.forward(3);
  await bySignal.pause(service, loanId, day(5), day(9));
  await service.forward(2);
  const afterPause = await stateOf(service, loanId);
  await service.forward(20.5); // at eleven in the morning
  await workOpenTasks(service, loanId, 'spoken-to');
  await service.forward(70);
  await pay(service, loanId, { amountMinor: 200_000 });
  await closedCaseOf(service, loanId);
  const story = await datedStoryOf(service, loanId, dueDay);
  return { story, afterPause, deferred, runs: await runsOf(service, loanId) };
}

/** The state that one run hands to the next, without what differs from loan to loan. */
async function stateOf(service: CaseService, loanId: string): Promise<unknown> {
  const { state } = await runOf(service, loanId).query<{ state: { stage: string; done: string[]; deferred: unknown } }>(
    'case',
  );
  const deferred = state.deferred as { key: string; untilMs: number } | null;
  const { calendar } = await service.desk.policies.latest(service.desk.pool, service.desk.policyId);
  const today = await bankToday(service);
  const until = deferred === null ? null : deferred.untilMs - calendar.startOfDayMs(today);
  return { stage: state.stage, done: state.done, deferred: deferred && { key: deferred.key, until } };
}

async function runsOf({ desk }: CaseService, loanId: string): Promise<number> {
  const query = `WorkflowId = "${caseWorkflowId(loanId)}"`;
  const { count } = await eventually(
    () => desk.temporal.workflow.count(`${query} AND ExecutionStatus != "Running"`),
    // What is listed lags behind what is.
    ({ count: ended }) => ended > 0,
  );
  return count;
}

describe('a case whose history is cut into many runs', () => {
  it('really ran in many runs, and its twin in one', () => {
    expect(inOneRun.runs).toBe(1);
    expect(inManyRuns.runs).toBeGreaterThan(5);
  });

  it('hands on a message that waits for the morning', () => {
    expect(inManyRuns.deferred).toMatchObject({ deferred: { key: 'reminder/day-2-sms' } });
    expect(inManyRuns.deferred).toEqual(inOneRun.deferred);
  });

  it('hands on what was done before a pause', () => {
    expect(inManyRuns.afterPause).toEqual(inOneRun.afterPause);
  });

  it('has the same story, day by day, as its twin', () => {
    expect(inOneRun.story.length).toBeGreaterThan(15);
    expect(inManyRuns.story).toEqual(inOneRun.story);
  });
});
