import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { notifyCase } from '../../src/cases/notify';
import { reconcileAttempts } from '../../src/cases/reconcile-attempts';
import { createSmtpMail } from '../../src/channels/smtp-mail';
import { createTwilioSms } from '../../src/channels/twilio-sms';
import { addDays, type Day } from '../../src/domain/day';
import { contactsOf, datedStoryOf, messagesTo } from '../support/case-record';
import { type CaseService, startCaseService } from '../support/case-service';
import { addBorrower, addLoan, bankToday, type Borrower, open } from '../support/portfolio';
import { startWorkerProcess } from '../support/worker-process';

const days = 12;
// Loans in every part of their course, so that each kill finds some of them between two other steps.
const dueDaysAgo = [1, 3, 6, 10, 14, 19, 24, 29];
const killsWanted = 10;

interface Told {
  readonly borrower: Borrower;
  readonly loanId: string;
  readonly dueDay: Day;
}

let undisturbed: CaseService;
let killed: CaseService;
let calm: Told[];
let shaken: Told[];
let kills = 0;

beforeAll(async () => {
  undisturbed = await startCaseService();
  killed = await startCaseService({ worker: 'none' });
  calm = await addLoans(undisturbed);
  shaken = await addLoans(killed);
  for (const { loanId } of calm) await open(undisturbed, loanId);
  await undisturbed.settle();
  for (let day = 0; day < days; day++) await undisturbed.forward(1);

  const killer = killAgainAndAgain(killed);
  for (const { loanId } of shaken) await open(killed, loanId);
  await killed.settle();
  // Also on the day on which the cases begin: some of them send at once.
  await reconcile(killed);
  for (let day = 0; day < days; day++) {
    await killed.forward(1);
    await reconcile(killed);
  }
  kills = await killer.end();
}, 600_000);
afterAll(async () => {
  await undisturbed.close();
  await killed.close();
});

async function addLoans(service: CaseService): Promise<Told[]> {
  const told: Told[] = [];
  for (const ago of dueDaysAgo) {
    const borrower = await addBorrower(service);
    const loanId = await addLoan(service, borrower, { dueDaysAgo: ago });
    told.push({ borrower, loanId, dueDay: addDays(await bankToday(service), -ago) });
  }
  return told;
}

/**
 * A worker that is killed in turn as soon as a provider has taken a message (its outcome is not written yet) and as soon as
 * a step is on record (Temporal does not know yet), and each time started again.
 */
function killAgainAndAgain(service: CaseService): { end: () => Promise<number> } {
  let count = 0;
  const end = new AbortController();
  const isOver = (): boolean => end.signal.aborted;
  const traceOf = async (turn: number): Promise<number> => {
    if (turn % 2 === 0) return service.providers.outbox.list({ limit: 10_000 }).length;
    const { rows } = await service.desk.pool.query<{ count: number }>('select count(*)::int as count from case_event');
    return rows[0]?.count ?? 0;
  };
  const untilTrace = async (): Promise<void> => {
    const before = await traceOf(count);
    while (!isOver() && (count >= killsWanted || (await traceOf(count)) === before)) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const lives = (async () => {
    for (;;) {
      const worker = await startWorkerProcess(service);
      await untilTrace();
      if (isOver()) return worker.stop();
      await worker.kill();
      count += 1;
    }
  })();
  return {
    async end() {
      end.abort();
      await lives;
      return count;
    },
  };
}

/** What the service does every minute: a message that was cut off before the provider had it is made on the same day. */
async function reconcile(service: CaseService): Promise<void> {
  const { desk, providers } = service;
  const sms = createTwilioSms({ ...providers.twilio, timeoutMs: 5_000 });
  const email = createSmtpMail({ url: providers.smtpUrl, from: 'service@bank.example.com', timeoutMs: 5_000 });
  const sending = { channels: { sms, email }, publicUrl: 'http://127.0.0.1:9', mailDomain: 'bank.example.com' };
  const notify = (loanId: string): Promise<void> => notifyCase(desk, loanId);
  const deps = { ...sending, pool: desk.pool, nowMs: () => desk.clock.nowMs(), notify };
  while ((await reconcileAttempts(deps, { askAfterMs: 0, believeAfterMs: 0 })) > 0) await service.settle();
  email.close();
}

/** A message whose attempt was cut off is on record as unknown; an SMS that the provider does not have is made again. */
function asIfKnown(told: readonly string[]): string[] {
  return told
    .filter((line) => !/: contact-(not-sent|found)$|#\d$/.test(line))
    .map((line) => line.replace('contact-unknown', 'contact-made'));
}

/** What was sent, without what differs from loan to loan. */
function sentTo(service: CaseService, borrower: Borrower, channel: 'sms' | 'email'): string[] {
  const sent = messagesTo(service, borrower).filter((message) => message.channel === channel);
  return sent.map(({ body }) => body.replaceAll(/loan …\S+/g, 'loan'));
}

describe('a worker that is killed between any two steps and started again', () => {
  it('was killed many times', () => {
    expect(kills).toBe(killsWanted);
  });

  it.each(dueDaysAgo.map((ago, index) => ({ ago, index })))(
    'repeats no step and leaves none out, for a loan that was $ago days past due',
    async ({ index }) => {
      const [was, is] = [calm[index], shaken[index]];
      if (was === undefined || is === undefined) throw new Error('a loan is missing');
      const expected = await datedStoryOf(undisturbed, was.loanId, was.dueDay);
      expect(expected.length).toBeGreaterThan(4);
      const told = await datedStoryOf(killed, is.loanId, is.dueDay);
      expect(asIfKnown(told)).toEqual(expected);
    },
  );

  it('sends no SMS twice and loses none, because the provider is asked what became of it', () => {
    for (const [index, { borrower }] of shaken.entries()) {
      const was = calm[index];
      if (was === undefined) throw new Error('a loan is missing');
      expect(sentTo(killed, borrower, 'sms')).toEqual(sentTo(undisturbed, was.borrower, 'sms'));
    }
  });

  it('sends no e-mail twice, and has each on record whose fate nobody can tell', async () => {
    for (const { loanId, borrower } of shaken) {
      const emails = (await contactsOf(killed, loanId)).filter(({ channel }) => channel === 'email');
      expect(emails.every(({ state }) => state === 'placed' || state === 'unknown')).toBe(true);
      const placed = emails.filter(({ state }) => state === 'placed').length;
      const sent = sentTo(killed, borrower, 'email').length;
      expect(sent).toBeGreaterThanOrEqual(placed);
      expect(sent).toBeLessThanOrEqual(emails.length);
    }
  });
});
