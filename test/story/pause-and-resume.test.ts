import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { notifyCase } from '../../src/cases/notify';
import { addDays, type Day } from '../../src/domain/day';
import { caseOf, closedCaseOf, datedStoryOf, storyOf } from '../support/case-record';
import { eventually } from '../support/eventually';
import { type CaseService, startCaseService } from '../support/case-service';
import { addBorrower, addLoan, bankToday, open, pay } from '../support/portfolio';
import { bySignal, pause, resume, runOf } from '../support/supervisor';

const names = ['plain', 'update', 'signal', 'overlapping', 'enclosing', 'past', 'ahead', 'openEnded', 'paid'] as const;
type Name = (typeof names)[number];

let service: CaseService;
let loans: Readonly<Record<Name, string>>;
let dueDay: Day;
const dpd = (days: number): Day => addDays(dueDay, days);

/** What was done for the loan, `day: deed`, without the commands themselves and the reviews of pauses. */
async function deeds(name: Name): Promise<string[]> {
  const story = await datedStoryOf(service, loans[name], dueDay);
  return story.filter((line) => !/: (opened|paused|resumed|task-created a pause)/.test(line));
}

/** The undisturbed course with every deed that lay after day `after` moved by so many days. */
async function plainCourse(after: number, movedDays: number, lastDay = 38): Promise<string[]> {
  const plain = (await deeds('plain')).map((line) => {
    const [day = '', deed = ''] = line.split(/: (.*)/);
    return { day: Number(day) > after ? Number(day) + movedDays : Number(day), deed };
  });
  return plain.filter(({ day }) => day <= lastDay).map(({ day, deed }) => `${day}: ${deed}`);
}

beforeAll(async () => {
  service = await startCaseService();
  dueDay = addDays(await bankToday(service), -1);
  const opened = await Promise.all(
    names.map(async (name) => {
      const loanId = await addLoan(service, await addBorrower(service), { dueDaysAgo: 1 });
      await open(service, loanId);
      return [name, loanId];
    }),
  );
  loans = Object.fromEntries(opened) as Record<Name, string>;

  await service.forward(1); // day 2
  await pause(service, loans.update, dpd(2), dpd(12));
  await bySignal.pause(service, loans.signal, dpd(2), dpd(12));
  await pause(service, loans.overlapping, dpd(2), dpd(8));
  await pause(service, loans.overlapping, dpd(5), dpd(12));
  await pause(service, loans.enclosing, dpd(2), dpd(12));
  await pause(service, loans.enclosing, dpd(4), dpd(6));
  await pause(service, loans.ahead, dpd(9), dpd(13));
  await pause(service, loans.openEnded, dpd(2), null);
  await pause(service, loans.paid, dpd(2), null);
  await service.forward(6); // day 8
  await pause(service, loans.past, dpd(5), dpd(7));
  await service.forward(9); // day 17
  await resume(service, loans.openEnded, dpd(17));
  await service.forward(21); // day 38
});
afterAll(() => service.close());

describe('a case without a pause', () => {
  it('takes the steps of its course on their days', async () => {
    expect(await deeds('plain')).toEqual([
      '1: contact-made reminder/day-1-sms',
      '4: contact-made reminder/day-4-email',
      '7: task-created reminder/day-7-call',
      '11: contact-made reminder/day-11-sms',
      '15: escalated follow-up',
      '15: task-created follow-up/day-15-visit',
      '20: contact-made follow-up/day-20-email',
      '25: task-created follow-up/day-25-call',
      '30: escalated team',
      '30: contact-made team/day-30-sms',
      '35: task-created team/day-35-call',
    ]);
  });
});

describe('a case that was paused', () => {
  it.each(['update', 'signal'] as const)(
    'goes on with the step it stood before, each date moved by exactly the paused days (asked by %s)',
    async (name) => {
      expect(await deeds(name)).toEqual(await plainCourse(2, 10));
    },
  );

  it.each(['overlapping', 'enclosing'] as const)(
    'counts each day once where pauses lie %s one another',
    async (name) => {
      expect(await deeds(name)).toEqual(await plainCourse(2, 10));
    },
  );

  it('moves by the days of a pause that is granted afterwards, and repeats nothing that was done meanwhile', async () => {
    expect(await deeds('past')).toEqual(await plainCourse(8, 2));
  });

  it('goes on as before until a pause that lies ahead, and rests when it begins', async () => {
    expect(await deeds('ahead')).toEqual(await plainCourse(8, 4));
  });

  it('rests without end until somebody resumes it', async () => {
    expect(await deeds('openEnded')).toEqual(await plainCourse(2, 15));
  });

  it('keeps the truth about its days past due', async () => {
    await notifyCase(service.desk, loans.update);
    const looked = await eventually(
      () => caseOf(service, loans.update),
      ({ rawDpd }) => rawDpd === 38,
    );
    expect(looked.effectiveDpd).toBe(28);
  });

  it('still closes when the loan is paid', async () => {
    expect(await deeds('paid')).toEqual(['1: contact-made reminder/day-1-sms']);
    await pay(service, loans.paid, { amountMinor: 100_000 });
    expect((await closedCaseOf(service, loans.paid)).closeReason).toBe('arrears-cleared');
  });
});

describe('a pause that cannot be', () => {
  it('is refused to whoever asks for it and leaves no trace in the history', async () => {
    const before = (await runOf(service, loans.plain).fetchHistory()).events?.length;
    const backwards = { from: dpd(50), until: dpd(45), reason: 'hardship', actor: 'supervisor-chen' };
    const update = runOf(service, loans.plain).executeUpdate('pause', { args: [backwards] });
    await expect(update).rejects.toMatchObject({ cause: { type: 'PauseInvalid' } });
    await expect(pause(service, loans.plain, dpd(50), dpd(45))).rejects.toMatchObject({ type: 'PauseInvalid' });
    const history = (await runOf(service, loans.plain).fetchHistory()).events ?? [];
    expect(history.filter((event) => event.workflowExecutionUpdateAcceptedEventAttributes)).toEqual([]);
    expect(history).toHaveLength(before ?? -1);
    expect(await storyOf(service, loans.plain)).not.toContain('command-refused');
  });
});
