import { AsyncLocalStorage } from 'node:async_hooks';
import type { Pool, PoolClient } from 'pg';
import { eachAtOnce } from '../../src/cases/each-at-once';
import { createPublishedPolicies } from '../../src/cases/published-policies';
import { readCase } from '../../src/cases/read-facts';
import { type ContactStepDeps, takeContactStep } from '../../src/cases/take-contact-step';
import type { Channels } from '../../src/channels/channel-clients';
import { createSmtpMail } from '../../src/channels/smtp-mail';
import { createTwilioSms } from '../../src/channels/twilio-sms';
import { afterStep } from '../../src/domain/after-step';
import type { CaseState } from '../../src/domain/case';
import { nextStep } from '../../src/domain/next-step';
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
// Transactions of a step that makes a contact, in their order.
const handingOver = 2;
const settling = 3;

/** Takes the steps of every case whose contact is not settled; those that an earlier process had begun come last. */
export async function sendAll(wish: SenderWish): Promise<void> {
  const passed = passBy(wish.kill);
  const current = new AsyncLocalStorage<{ transactions: number }>();
  const pool = createPool(wish.databaseUrl, { applicationName: 'arrears-test-sender', max: atOnce + 2 });
  const connect = pool.connect.bind(pool) as (...given: readonly unknown[]) => Promise<PoolClient>;
  // `pool.query` connects with a callback and is no transaction.
  const counted = (...given: readonly unknown[]): Promise<PoolClient> => {
    const step = current.getStore();
    if (step !== undefined && given.length === 0) {
      step.transactions += 1;
      if (step.transactions === handingOver) passed('after the claim');
      if (step.transactions === settling) passed('before the outcome is written');
    }
    return connect(...given);
  };
  const gate = await openGate();
  const deps: ContactStepDeps = {
    pool: Object.assign<Pool, object>(pool, { connect: counted }),
    ...{ gate, packs: gate.inForce.packs, policies: createPublishedPolicies(), channels: channelsOf(wish, passed) },
    ...{ publicUrl: 'http://127.0.0.1:9', mailDomain: 'bank.example.com' },
    bank: { name: 'Example Bank', phone: '+44 7700 900000' },
  };
  await eachAtOnce(await unsettled(pool), atOnce, (state) =>
    follow(deps, state, wish.nowMs, (step) => {
      passed('before the claim');
      return current.run({ transactions: 0 }, step);
    }),
  );
}

/** What the workflow of a case does, without its timers: the clock is put to whatever the next step waits for. */
async function follow(
  deps: ContactStepDeps,
  begun: CaseState,
  fromMs: number,
  watched: <Result>(step: () => Promise<Result>) => Promise<Result>,
): Promise<void> {
  let [state, nowMs] = [begun, fromMs];
  for (;;) {
    const { facts } = await readCase(deps.pool, deps, state, nowMs);
    const decision = nextStep(state, facts, nowMs);
    if (decision.do !== 'contact') return;
    const [before, atMs] = [state, nowMs];
    const { outcome } = await watched(() => takeContactStep(deps, before, decision, atMs));
    state = afterStep(state, decision, outcome);
    if (outcome.kind === 'deferred') nowMs = outcome.untilMs;
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

/** Where the cases stand whose contact nobody has and nobody may have, with the steps that are done. */
async function unsettled(pool: Pool): Promise<CaseState[]> {
  const { rows } = await pool.query<Pick<CaseState, 'loanId' | 'openAtMs' | 'policyVersion' | 'done'>>(
    `select c.loan_id as "loanId", extract(epoch from c.opened_at)::float8 * 1000 as "openAtMs",
       c.policy_version as "policyVersion",
       array(select distinct e.data->>'step' from case_event e where e.loan_id = c.loan_id
         and e.kind in ('contact-made', 'contact-unknown', 'contact-failed')) as done
     from loan_case c
     where not exists (select from contact t where t.loan_id = c.loan_id and t.state in ('placed', 'unknown'))
     order by (select max(handed_at) from contact t where t.loan_id = c.loan_id) nulls first, c.loan_id`,
  );
  return rows.map((row) => ({ ...row, caseNo: 1, stage: 'reminder', deferred: null, legalMissing: null }));
}
