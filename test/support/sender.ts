import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { eachAtOnce } from '../../src/cases/each-at-once';
import type { Channels } from '../../src/channels/channel-clients';
import { createSmtpMail } from '../../src/channels/smtp-mail';
import { createTwilioSms } from '../../src/channels/twilio-sms';
import type { ContactWish } from '../../src/contact/gate';
import { makeContact, type MakingDeps } from '../../src/contact/send-reserved';
import { openGate } from '../../src/service/case-worker-deps';
import { createPool } from '../../src/store/database';

/** Where a process ends as by a power cut: each lies between two things that a contact does. */
export const killPoints = [
  'before the claim',
  'after the claim',
  'before the provider',
  'after the provider accepted',
  'before the outcome is written',
] as const;
export type KillPoint = (typeof killPoints)[number];

export interface SenderWish {
  readonly databaseUrl: string;
  readonly twilio: { baseUrl: string; accountSid: string; authToken: string; from: string };
  readonly smtpUrl: string;
  readonly nowMs: number;
  /** Ends the process when so many contacts have come to this point. */
  readonly kill: { readonly at: KillPoint; readonly after: number } | null;
}

const atOnce = 8;
// Transactions of one contact, in their order.
const handingOver = 2;
const settling = 3;

/** Makes every contact of the load that is not settled; those that an earlier process had begun come last. */
export async function sendAll(wish: SenderWish): Promise<void> {
  const passed = passBy(wish.kill);
  const current = new AsyncLocalStorage<{ transactions: number }>();
  const pool = createPool(wish.databaseUrl, { applicationName: 'arrears-test-sender', max: atOnce + 2 });
  const connect = pool.connect.bind(pool) as (...given: readonly unknown[]) => Promise<PoolClient>;
  // `pool.query` connects with a callback and is no transaction.
  const counted = (...given: readonly unknown[]): Promise<PoolClient> => {
    const contact = current.getStore();
    if (contact !== undefined && given.length === 0) {
      contact.transactions += 1;
      if (contact.transactions === handingOver) passed('after the claim');
      if (contact.transactions === settling) passed('before the outcome is written');
    }
    return connect(...given);
  };
  const deps: MakingDeps = {
    pool: Object.assign<Pool, object>(pool, { connect: counted }),
    ...{ gate: await openGate(), channels: channelsOf(wish, passed) },
    ...{ publicUrl: 'http://127.0.0.1:9', mailDomain: 'bank.example.com' },
  };
  await eachAtOnce(await unsettled(pool), atOnce, async (contact) => {
    passed('before the claim');
    await current.run({ transactions: 0 }, () => untilMade(deps, contact, wish.nowMs));
  });
}

async function untilMade(deps: MakingDeps, contact: ContactWish, nowMs: number): Promise<void> {
  for (;;) {
    const sent = await makeContact(deps, contact, nowMs);
    if (sent.kind === 'denied' || sent.kind === 'deferred') throw new Error(sent.reason);
    if (sent.kind !== 'busy') return;
    await wait(20);
  }
}

function passBy(kill: SenderWish['kill']): (point: KillPoint) => void {
  let count = 0;
  return (point) => {
    if (kill?.at !== point) return;
    count += 1;
    if (count >= kill.after) process.kill(process.pid, 'SIGKILL');
  };
}

/** The real clients, with a look at what goes by. */
function channelsOf({ twilio, smtpUrl }: SenderWish, passed: (point: KillPoint) => void): Channels {
  const sms = createTwilioSms({ ...twilio, timeoutMs: 1_000 });
  const email = createSmtpMail({ url: smtpUrl, from: 'service@bank.example.com', timeoutMs: 5_000 });
  const watched = <Message, Answer extends { kind: string }>(send: (message: Message) => Promise<Answer>) => {
    return async (message: Message): Promise<Answer> => {
      passed('before the provider');
      const answer = await send(message);
      if (answer.kind === 'accepted') passed('after the provider accepted');
      return answer;
    };
  };
  return {
    sms: { ...sms, send: watched((message) => sms.send(message)) },
    email: { ...email, send: watched((message) => email.send(message)) },
  };
}

/** One wish per borrower: every fifth by e-mail. */
async function unsettled(pool: Pool): Promise<ContactWish[]> {
  const { rows } = await pool.query<{ loanId: string; customerId: string; kind: string; value: string }>(
    `select l.loan_id as "loanId", l.customer_id as "customerId", p.kind, p.value
     from loan l join contact_point p using (customer_id) left join contact t on t.contact_key = l.loan_id || '/1/load'
     where t.state is null or t.state in ('reserved', 'released')
     order by t.handed_at nulls first, l.loan_id`,
  );
  return rows.map(({ loanId, customerId, kind, value }) => ({
    ...{ contactKey: `${loanId}/1/load`, customerId, loanId, caseNo: 1, loanIds: [loanId], offers: [] },
    ...{ channel: kind === 'email' ? 'email' : 'sms', purpose: 'reminder', contactPoint: value, madeBy: 'policy' },
    ...{ template: 'first-reminder', language: 'en', subject: kind === 'email' ? 'A note' : null },
    body: `Example Bank: please call us about ${loanId}. Reply STOP to opt out.`,
    ...{ tags: ['INSTITUTION_ID', 'OPT_OUT'], sender: 'Example Bank' },
  }));
}
