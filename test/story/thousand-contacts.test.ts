import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { reconcileAttempts } from '../../src/cases/reconcile-attempts';
import { type LocalProviders, startLocalProviders } from '../../src/channels/local/local-providers';
import { createSmtpMail } from '../../src/channels/smtp-mail';
import { createTwilioSms } from '../../src/channels/twilio-sms';
import { projectRoot } from '../../src/project-root';
import { publishPolicyFile } from '../../src/service/publish-policy';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { killPoints, type SenderWish } from '../support/sender';

const borrowers = 1_000;
const nowMs = Date.parse('2026-03-02T04:00:00Z');
// Far enough apart that each process makes some of the contacts before it is killed.
const killsAfter = [45, 70];
const smsFaults = ['500', '429', 'no-answer', 'cut-after-accept', 'cut-before-accept'] as const;
const mailFaults = ['cut-after-data', 'cut-before-data'] as const;

let database: TestDatabase;
let providers: LocalProviders;
const ends: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  providers = await startLocalProviders({ smsPort: 0, smtpPort: 0 });
  await addBorrowers();
  for (const after of killsAfter) {
    for (const at of killPoints) {
      playFaults();
      ends.push(await send({ at, after }));
    }
  }
  // What is not known is asked about; what the provider never got is made then, and only then.
  for (let round = 0; round < 2; round++) {
    ends.push(await send(null));
    await askAboutOpenAttempts();
  }
  ends.push(await send(null));
}, 600_000);
afterAll(async () => {
  await providers.stop();
  await database.drop();
});

function playFaults(): void {
  for (const fault of smsFaults) providers.faults.sms.next(fault);
  for (const fault of mailFaults) providers.faults.email.next(fault);
}

async function addBorrowers(): Promise<void> {
  const { pool } = database;
  const { id, version } = await publishPolicyFile(pool, 'policies/retail.yaml', 'test');
  const each = `from generate_series(0, ${borrowers - 1}) n`;
  const key = `lpad(n::text, 4, '0')`;
  await pool.query(`insert into customer (customer_id, name, language, timezone)
    select 'C-' || ${key}, 'Robin Example', 'en', 'Asia/Shanghai' ${each}`);
  await pool.query(`insert into contact_point (customer_id, kind, value)
    select 'C-' || ${key}, case n % 5 when 0 then 'email' else 'phone' end,
      case n % 5 when 0 then 'reader-' || n || '@example.com' else '+447700900' || lpad(n::text, 3, '0') end ${each}`);
  await pool.query(`insert into loan (loan_id, customer_id, product, currency, principal_minor, disbursed_on, risk_tier, branch)
    select 'L-' || ${key}, 'C-' || ${key}, 'personal', 'CNY', 100000, '2026-01-01', 'medium', 'north' ${each}`);
  await pool.query(`insert into schedule (loan_id, schedule_no, effective_from)
    select 'L-' || ${key}, 1, '2026-01-01' ${each}`);
  // Who has a telephone is one day late, and who has a mail address only is late enough for the step that writes there.
  await pool.query(`insert into instalment (loan_id, instalment_no, due_on, principal_minor, interest_minor, fee_minor)
    select 'L-' || ${key}, 1, date '2026-03-01' - case n % 5 when 0 then 3 else 0 end, 100000, 0, 0 ${each}`);
  await pool.query(
    `insert into loan_case (loan_id, case_no, customer_id, policy_id, policy_version, opened_at, opened_dpd, stage,
       raw_dpd, effective_dpd, overdue_minor)
     select 'L-' || ${key}, 1, 'C-' || ${key}, $1, $2, '2026-03-01', 1, 'reminder', 1, 1, 1000 ${each}`,
    [id, version],
  );
}

/** A process that makes what is left; answers how it ended. */
async function send(kill: SenderWish['kill']): Promise<string> {
  const { twilio, smtpUrl } = providers;
  const wish: SenderWish = { databaseUrl: database.url, twilio, smtpUrl, nowMs, kill };
  const main = path.join(projectRoot, 'test', 'support', 'sender-main.cjs');
  const child = spawn(process.execPath, [main, JSON.stringify(wish)], { stdio: ['ignore', 'inherit', 'inherit'] });
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return signal ?? `exit ${String(code)}`;
}

async function askAboutOpenAttempts(): Promise<void> {
  const sms = createTwilioSms({ ...providers.twilio, timeoutMs: 5_000 });
  const email = createSmtpMail({ url: providers.smtpUrl, from: 'service@bank.example.com', timeoutMs: 5_000 });
  const deps = {
    ...{
      pool: database.pool,
      channels: { sms, email },
      publicUrl: 'http://127.0.0.1:9',
      mailDomain: 'bank.example.com',
    },
    ...{ nowMs: () => Promise.resolve(nowMs), notify: () => Promise.resolve() },
  };
  await reconcileAttempts(deps, { askAfterMs: 0, believeAfterMs: 0 });
  email.close();
}

async function countOf(where: string): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>(
    `select count(*)::int as count from contact where ${where}`,
  );
  return rows[0]?.count ?? 0;
}

const sentBy = (channel: 'sms' | 'email') => providers.outbox.list({ channel, limit: 100_000 }).map(({ to }) => to);

describe(`over ${borrowers} contacts, with the process killed at every point and every fault of a provider`, () => {
  it('was killed at each point, and went on to the end', () => {
    const kills = killsAfter.length * killPoints.length;
    expect(ends).toEqual([...Array.from({ length: kills }, () => 'SIGKILL'), 'exit 0', 'exit 0', 'exit 0']);
    expect([providers.faults.sms.take(), providers.faults.email.take()]).toEqual([null, null]);
  });

  it('nobody gets a message twice', () => {
    for (const channel of ['sms', 'email'] as const) {
      const sent = sentBy(channel);
      expect(sent.length).toBe(new Set(sent).size);
    }
  });

  it('every SMS arrives at the provider, and is on record with the provider’s own id', async () => {
    expect(sentBy('sms')).toHaveLength(borrowers * 0.8);
    expect(await countOf(`channel = 'sms' and state = 'placed' and provider_id is not null`)).toBe(borrowers * 0.8);
  });

  it('every e-mail is accounted for: taken, or counted as made because nobody can be asked', async () => {
    const placed = await countOf(`channel = 'email' and state = 'placed'`);
    const unknown = await countOf(`channel = 'email' and state = 'unknown'`);
    expect(placed + unknown).toBe(borrowers * 0.2);
    expect(unknown).toBeGreaterThan(0);
    expect(unknown).toBeLessThan(borrowers * 0.05);
    expect(sentBy('email').length).toBeGreaterThanOrEqual(placed);
    expect(sentBy('email').length).toBeLessThanOrEqual(placed + unknown);
  });

  it('each borrower has one contact that counts, and none is left between two states', async () => {
    expect(await countOf(`state in ('placed', 'unknown')`)).toBe(borrowers);
    expect(await countOf(`state in ('reserved', 'failed', 'denied')`)).toBe(0);
  });

  it('what the provider did not get was given back, and made again by a further attempt of the step', async () => {
    const givenBack = await countOf(`state = 'released'`);
    expect(givenBack).toBeGreaterThan(0);
    expect(await countOf(`contact_key like '%#2'`)).toBe(givenBack);
  });

  it('every loss and every doubt is on the timeline of its case', async () => {
    const { rows } = await database.pool.query<{ loans: number }>(
      `select count(distinct loan_id)::int as loans from case_event where kind in ('contact-made', 'contact-unknown')`,
    );
    expect(rows).toEqual([{ loans: borrowers }]);
  });
});
