import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { commandCase } from '../../src/cases/command-case';
import type { PauseReason } from '../../src/domain/case';
import { addDays, type Day, daysBetween } from '../../src/domain/day';
import { listStoredPauses } from '../../src/store/pauses';
import { listTasks } from '../../src/store/task-lists';
import { caseOf, datedStoryOf, eventsOf } from '../support/case-record';
import { type CaseService, startCaseService } from '../support/case-service';
import { openTasksOf, workTask } from '../support/collectors';
import { addBorrower, addLoan, bankToday, open } from '../support/portfolio';
import { pause, resume } from '../support/supervisor';

const actor = 'supervisor-chen';

let service: CaseService;
let dueDay: Day;
const dpd = (days: number): Day => addDays(dueDay, days);

beforeAll(async () => {
  service = await startCaseService();
});
afterAll(() => service.close());

/** A case that was opened on day 1 and has come to day 2. */
async function openedLoan(): Promise<string> {
  const loanId = await addLoan(service, await addBorrower(service), { dueDaysAgo: 1 });
  dueDay = addDays(await bankToday(service), -1);
  await open(service, loanId);
  await service.forward(1);
  return loanId;
}

function pauseFor(loanId: string, reason: PauseReason, from: Day, until: Day | null): Promise<string> {
  return commandCase(service.desk, loanId, { kind: 'pause', from, until, reason, actor }, randomUUID());
}

async function deeds(loanId: string): Promise<string[]> {
  const story = await datedStoryOf(service, loanId, dueDay);
  return story.filter((line) => !/: (opened|paused|resumed|command-refused|task-created a pause)/.test(line));
}

describe('a pause for a fault of the bank', () => {
  it('stops what is sent and not the clock: what was missed collapses into the latest, and no date moves', async () => {
    const loanId = await openedLoan();
    await pauseFor(loanId, 'technical', dpd(2), dpd(14));
    await service.forward(14); // day 16
    expect(await deeds(loanId)).toEqual([
      '1: contact-made reminder/day-1-sms',
      '14: task-created reminder/day-7-call',
      '14: step-superseded reminder/day-4-email',
      '14: contact-deferred reminder/day-11-sms', // until the hours in which messages may be sent
      '14: contact-made reminder/day-11-sms',
      '15: escalated follow-up',
      '15: task-created follow-up/day-15-visit',
    ]);
    expect(await caseOf(service, loanId)).toMatchObject({ stage: 'follow-up' });
  });
});

describe('a pause without an end', () => {
  it('is reviewed on its day, and again while it is let go on; a resume takes the review back', async () => {
    const loanId = await openedLoan();
    await pause(service, loanId, dpd(2), null);
    const [stored] = await listStoredPauses(service.desk.pool, loanId);
    expect(stored).toMatchObject({ untilDay: null, reviewDay: dpd(32) });

    await service.forward(29); // day 31
    expect(await openTasksOf(service, loanId, 'review')).toEqual([]);
    await service.forward(1);
    const [review] = await openTasksOf(service, loanId, 'review');
    await workTask(service, review!, 'reviewed');
    const [goesOn] = await listStoredPauses(service.desk.pool, loanId);
    expect(daysBetween(dpd(32), goesOn?.reviewDay ?? '')).toBe(30);

    await resume(service, loanId, dpd(32));
    const { items } = await listTasks(service.desk.pool, { loanId, kind: 'review' }, null, 10);
    expect(items.map(({ state }) => state)).toEqual(['completed', 'cancelled']);
  });

  it('may be ended as of an earlier day: the days after it count, and what fell due on them is made up for', async () => {
    const loanId = await openedLoan();
    await pause(service, loanId, dpd(2), null);
    await service.forward(8); // day 10
    await expect(resume(service, loanId, dpd(1))).rejects.toMatchObject({
      cause: { type: 'PauseInvalid', message: `on: lies before the pause began, on ${dpd(2)}` },
    });
    await resume(service, loanId, dpd(4));
    await service.settle();
    await service.forward(3); // day 13
    expect(await deeds(loanId)).toEqual([
      '1: contact-made reminder/day-1-sms',
      '10: contact-made reminder/day-4-email',
      '10: task-created reminder/day-7-call',
      '13: contact-made reminder/day-11-sms',
    ]);
    expect(await caseOf(service, loanId)).toMatchObject({ rawDpd: 13, effectiveDpd: 11 });
  });

  it('goes on for its own reason when another pause is resumed', async () => {
    const loanId = await openedLoan();
    await pauseFor(loanId, 'disaster', dpd(2), null);
    await pauseFor(loanId, 'hardship', dpd(2), dpd(20));
    const command = { kind: 'resume', on: dpd(2), reason: 'hardship', actor } as const;
    const said = await commandCase(service.desk, loanId, command, randomUUID());
    expect(said).toBe(`resumed on ${dpd(2)}; a rest for another reason goes on`);
    expect((await caseOf(service, loanId)).paused).toBe(true);
    expect(await eventsOf(service, loanId, 'resumed')).toHaveLength(1);
  });
});
