import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import type { Pool } from 'pg';
import { travelForward } from '../../src/cases/time-travel';
import { addDays, type Day } from '../../src/domain/day';
import { contactsOf, datedStoryOf, messagesTo } from '../support/case-record';
import { type CaseService, startCaseService } from '../support/case-service';
import { addBorrower, addLoan, bankToday, type Borrower, open } from '../support/portfolio';

const outageDays = 10;
const dayMs = 86_400_000;

let service: CaseService;
let isDown = false;
let attempts = 0;

beforeAll(async () => {
  service = await startCaseService({ worker: { pool: (_url, direct) => Promise.resolve(breakable(direct)) } });
});
afterAll(() => service.close());

/**
 * A database that the worker cannot reach while `isDown`. The case is told to look again after six hours instead of five
 * minutes, so that ten days are forty attempts; that real lines are lost and found is told in another story.
 */
function breakable(pool: Pool): Pool {
  const guarded = ['connect', 'query'];
  return new Proxy(pool, {
    get(target, name) {
      // It is the service's own, which ends it.
      if (name === 'end') return () => Promise.resolve();
      if (isDown && guarded.includes(String(name))) {
        return () => {
          attempts += 1;
          throw ApplicationFailure.create({ message: 'the database is away', nextRetryDelay: '6 hours' });
        };
      }
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value;
    },
  });
}

interface Hit {
  readonly borrower: Borrower;
  readonly loanId: string;
  readonly dueDay: Day;
  readonly before: number;
}

async function hitLoan(dueDaysAgo: number): Promise<Hit> {
  const borrower = await addBorrower(service);
  const loanId = await addLoan(service, borrower, { dueDaysAgo });
  const dueDay = addDays(await bankToday(service), -dueDaysAgo);
  await open(service, loanId);
  await service.settle();
  return { borrower, loanId, dueDay, before: messagesTo(service, borrower).length };
}

describe('ten days in which the database cannot be reached', () => {
  let early: Hit;
  let late: Hit;

  beforeAll(async () => {
    early = await hitLoan(3);
    late = await hitLoan(24);
    isDown = true;
    // Until the afternoon of the tenth day everybody's clock runs, and nothing can be done.
    await travelForward(service.desk, outageDays * dayMs);
    isDown = false;
    await service.forward(0.3);
  });

  it('were ten days of attempts', () => {
    expect(attempts).toBeGreaterThanOrEqual(outageDays * 4);
  });

  it('are followed by one message and no burst; what was missed is on record', async () => {
    const since = (await datedStoryOf(service, early.loanId, early.dueDay)).filter((line) => /^1[34]: /.test(line));
    expect(since).toEqual([
      '13: task-created reminder/day-7-call',
      '13: step-superseded reminder/day-4-email',
      '13: contact-made reminder/day-11-sms',
    ]);
    expect(messagesTo(service, early.borrower)).toHaveLength(early.before + 1);
  });

  it('lose no escalation', async () => {
    const since = (await datedStoryOf(service, late.loanId, late.dueDay)).filter((line) => /^3[45]: /.test(line));
    expect(since).toEqual([
      '34: escalated team',
      '34: task-created follow-up/day-25-call',
      '34: contact-made team/day-30-sms',
    ]);
    expect(messagesTo(service, late.borrower)).toHaveLength(late.before + 1);
  });

  it('do not put the case off its course: the next steps come on their days', async () => {
    await service.forward(8);
    const since = (await datedStoryOf(service, early.loanId, early.dueDay)).filter((line) => /^(1[5-9]|2)/.test(line));
    expect(since).toEqual([
      '15: escalated follow-up',
      '15: task-created follow-up/day-15-visit',
      '20: contact-made follow-up/day-20-email',
    ]);
  });
});

describe('a case that is opened ten days late', () => {
  it('starts where it stands: one message, the missed ones on record, one task of a kind', async () => {
    const { borrower, loanId, dueDay } = await hitLoan(26);
    expect((await datedStoryOf(service, loanId, dueDay)).slice(1)).toEqual([
      '26: escalated follow-up',
      '26: task-created follow-up/day-15-visit',
      '26: step-superseded reminder/day-1-sms',
      '26: step-superseded reminder/day-4-email',
      '26: step-superseded reminder/day-11-sms',
      '26: contact-made follow-up/day-20-email',
      '26: step-superseded reminder/day-7-call',
      '26: task-created follow-up/day-25-call',
    ]);
    expect(messagesTo(service, borrower)).toHaveLength(1);
    expect((await contactsOf(service, loanId)).map(({ contactKey }) => contactKey)).toEqual([
      `${loanId}/1/follow-up/day-20-email`,
    ]);
  });
});
