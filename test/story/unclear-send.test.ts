import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { reconcileAttempts } from '../../src/cases/reconcile-attempts';
import { notifyCase } from '../../src/cases/notify';
import type { Channels } from '../../src/channels/channel-clients';
import { createSmtpMail } from '../../src/channels/smtp-mail';
import { createTwilioSms } from '../../src/channels/twilio-sms';
import { claimContact } from '../../src/store/contacts';
import { sampleContact } from '../store/samples';
import { contactsOf, messagesTo, storyOf } from '../support/case-record';
import { type CaseService, startCaseService } from '../support/case-service';
import { addBorrower, addLoan, type Borrower, open } from '../support/portfolio';

let service: CaseService;
let channels: Channels;
beforeAll(async () => {
  service = await startCaseService();
  const sms = createTwilioSms({ ...service.providers.twilio, timeoutMs: 5_000 });
  const email = createSmtpMail({ url: service.providers.smtpUrl, from: 'a@bank.example.com', timeoutMs: 5_000 });
  channels = { sms, email };
});
afterAll(async () => {
  channels.email.close();
  await service.close();
});

const body = 'Example Bank: please call us.';

/** A case whose first reminder was handed over by a process that died before it wrote what became of it. */
async function afterACut(): Promise<{ borrower: Borrower; loanId: string }> {
  const borrower = await addBorrower(service);
  const loanId = await addLoan(service, borrower, { dueDaysAgo: 0 });
  await service.forward(0.8); // in the morning of day 1, before contacts are made
  await open(service, loanId);
  await service.settle();
  const { pool, clock } = service.desk;
  const step = { contactKey: `${loanId}/1/reminder/day-1-sms`, contactPoint: borrower.phone, body };
  const reserved = sampleContact({ loanId, customerId: borrower.customerId } as never, step);
  await claimContact(pool, { ...reserved, atMs: await clock.nowMs() });
  const begun = `now() - interval '30 s'`;
  await pool.query(`update contact set handed_at = ${begun}, recorded_at = ${begun} where loan_id = $1`, [loanId]);
  await service.forward(0.2);
  return { borrower, loanId };
}

function reconcile(believeAfterMs: number): Promise<number> {
  const { desk } = service;
  const sending = { pool: desk.pool, channels, publicUrl: 'http://127.0.0.1:9', mailDomain: 'bank.example.com' };
  const deps = { ...sending, nowMs: () => desk.clock.nowMs(), notify: (loanId: string) => notifyCase(desk, loanId) };
  return reconcileAttempts(deps, { askAfterMs: 0, believeAfterMs });
}

async function statesOf(loanId: string): Promise<string[]> {
  return (await contactsOf(service, loanId)).map(({ state }) => state);
}

it('a message that the provider does not show counts as made, and the case never sends it again by itself', async () => {
  const { borrower, loanId } = await afterACut();
  expect(await storyOf(service, loanId)).toEqual(['opened', 'contact-unknown reminder/day-1-sms']);
  expect(await statesOf(loanId)).toEqual(['unknown']);
  // Lists may lag behind what was taken: for ten minutes nobody believes that it is not there.
  expect(await reconcile(600_000)).toBe(0);
  await service.settle();
  expect([await statesOf(loanId), messagesTo(service, borrower)]).toEqual([['unknown'], []]);
  // Then it is given back, and another attempt is decided like the first.
  expect(await reconcile(0)).toBe(1);
  await service.settle();
  expect(await statesOf(loanId)).toEqual(['released', 'placed']);
  expect((await storyOf(service, loanId)).slice(2)).toEqual([
    ...['contact-not-sent', 'contact-made reminder/day-1-sms#2'],
  ]);
  expect(messagesTo(service, borrower)).toHaveLength(1);
});

it('a message that the provider’s lists show late is found, and reaches the borrower once', async () => {
  const { borrower, loanId } = await afterACut();
  const taken = { to: borrower.phone, body, statusCallbackUrl: 'http://127.0.0.1:9/', validityPeriodSeconds: 600 };
  expect(await channels.sms.send(taken)).toMatchObject({ kind: 'accepted' });
  expect(await reconcile(0)).toBe(1);
  await service.settle();
  expect(await storyOf(service, loanId)).toEqual(['opened', 'contact-unknown reminder/day-1-sms', 'contact-found']);
  expect(await statesOf(loanId)).toEqual(['placed']);
  expect(messagesTo(service, borrower)).toHaveLength(1);
});
