import type { Pool, PoolClient } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ReplyDeps } from '../../src/cases/answer-borrower';
import { takeInboundMessage } from '../../src/cases/take-inbound-message';
import { type LocalProviders, startLocalProviders } from '../../src/channels/local/local-providers';
import { createTwilioSms } from '../../src/channels/twilio-sms';
import { readReplies } from '../../src/policy/replies';
import { defaultReplies } from '../../src/project-root';
import { openGate } from '../../src/service/case-worker-deps';
import { consentInForce } from '../../src/store/consents';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';
import { addCase, type Loan } from './portfolio';
import { newSid, writeSms } from './signed-webhook';
import { mondayMorningMs, publicUrl, startApi, type TestApi, unreachable } from './support';

let providers: LocalProviders;
let temporal: TcpProxy;
let api: TestApi;
let deps: ReplyDeps;
beforeAll(async () => {
  const [host = '', port = ''] = process.env['ARREARS_TEST_TEMPORAL_ADDRESS']!.split(':');
  temporal = await startTcpProxy({ host, port: Number(port) });
  providers = await startLocalProviders({ smsPort: 0, smtpPort: 0 });
  const sms = createTwilioSms({ ...providers.twilio, timeoutMs: 5_000 });
  const channels = { ...unreachable, sms };
  deps = {
    ...{ gate: await openGate(), replies: await readReplies(defaultReplies), channels, publicUrl },
    ...{ mailDomain: 'bank.example.com', bank: { name: 'Example Bank', phone: '+44 7700 900000' } },
  };
  api = await startApi({ channels, through: { temporal: `127.0.0.1:${temporal.port}` } });
});
afterAll(async () => {
  await api.close();
  await Promise.all([providers.stop(), temporal.close()]);
});
afterEach(() => {
  temporal.mend();
  api.clock.ms = mondayMorningMs;
});

let numbers = 500;
async function borrower(): Promise<{ loan: Loan; number: string }> {
  numbers += 1;
  const number = `+447700900${numbers}`;
  return { number, loan: await addCase(api, {}, { contactPoints: [{ kind: 'phone', value: number }] }) };
}

const messagesTo = (number: string): string[] =>
  providers.outbox.list({ to: number, limit: 100 }).map(({ body }) => body);

async function answersTo({ customerId }: Loan): Promise<unknown[]> {
  const text = 'select purpose, state from contact where customer_id = $1';
  return (await api.pool.query<object>(text, [customerId])).rows;
}

/** What is written down is there; all that would come after it is not done. */
function endingAfterOneTransaction(pool: Pool): Pool {
  let transactions = 0;
  const connect = pool.connect.bind(pool) as (...given: readonly unknown[]) => Promise<PoolClient>;
  // `pool.query` connects with a callback and is no transaction.
  const once = (...given: readonly unknown[]): Promise<PoolClient> => {
    transactions += given.length === 0 ? 1 : 0;
    return transactions > 1 ? Promise.reject(new Error('the process ended')) : connect(...given);
  };
  return Object.assign(Object.create(pool) as Pool, { connect: once });
}

describe('a borrower who writes STOP', () => {
  const confirmed = [{ purpose: 'opt-out-confirm', state: 'placed' }];
  async function expectConfirmedOnce(loan: Loan, number: string): Promise<void> {
    expect(messagesTo(number)).toEqual([expect.stringContaining('Example Bank')]);
    expect(await answersTo(loan)).toEqual(confirmed);
    const way = { customerId: loan.customerId, channel: 'sms' } as const;
    expect(await consentInForce(api.pool, way, api.clock.ms)).toMatchObject({ state: 'opted-out' });
  }

  it('and whose message the provider delivers ten times has opted out once, and gets one confirmation', async () => {
    const { loan, number } = await borrower();
    const sid = newSid();
    const answers = await Promise.all(Array.from({ length: 10 }, () => writeSms(api, number, 'STOP', sid)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
    await expectConfirmedOnce(loan, number);
    const { rowCount } = await api.pool.query('select from consent where customer_id = $1', [loan.customerId]);
    expect(rowCount).toBe(1);
    const { items } = (await api.call('GET', `/v1/cases/${loan.loanId}/timeline`)).body;
    expect(items.filter(({ kind }) => kind === 'opted-out')).toHaveLength(1);
  });

  it('and writes it ten times has an opt-out in force, and gets one confirmation', async () => {
    const { loan, number } = await borrower();
    for (let time = 0; time < 10; time += 1) {
      expect((await writeSms(api, number, 'STOP')).status).toBe(204);
      api.clock.ms += 20_000;
    }
    await expectConfirmedOnce(loan, number);
  });

  it('gets the confirmation from whoever takes the message again, where the process ended before it was sent', async () => {
    const { loan, number } = await borrower();
    const message = { channel: 'sms', from: number, text: 'STOP', providerId: newSid(), providerSays: null } as const;
    const ending = { ...api.desk, pool: endingAfterOneTransaction(api.desk.pool) };
    await expect(takeInboundMessage(ending, deps, message)).rejects.toThrow('the process ended');
    expect(messagesTo(number)).toEqual([]);
    for (let time = 0; time < 2; time += 1) await writeSms(api, number, 'STOP', message.providerId);
    await expectConfirmedOnce(loan, number);
  });

  it('gets the confirmation while no case can be told', async () => {
    const { loan, number } = await borrower();
    temporal.cut();
    expect((await writeSms(api, number, 'STOP')).status).toBe(204);
    await expectConfirmedOnce(loan, number);
  });
});

describe('the answer to a borrower', () => {
  it('goes out at once while their case cannot be told, and not again when the message comes again', async () => {
    const { loan, number } = await borrower();
    const sid = newSid();
    const promise = (): ReturnType<typeof writeSms> => writeSms(api, number, 'PROMISE 2026-03-10 500', sid);
    temporal.cut();
    expect((await promise()).status).toBe(503);
    expect(messagesTo(number)).toHaveLength(1);
    temporal.mend();
    for (let attempt = 1; (await promise()).status === 503 && attempt < 10; attempt += 1);
    expect(messagesTo(number)).toHaveLength(1);
    expect(await answersTo(loan)).toEqual([{ purpose: 'plan-confirm', state: 'placed' }]);
  });
});

describe('a promise to pay', () => {
  it.each([
    ['by a friend waits for a person', 'contact', false, 0],
    ['by a co-borrower of nobody knows which loan waits for a person', 'co-borrower', false, 0],
    ['by an attorney waits for a person', 'attorney', false, 0],
    ['by a guarantor of the loan is noted', 'guarantor', true, 1],
    ['by a guardian is noted', 'guardian', false, 1],
  ] as const)('%s', async (_rule, role, isTheirs, promises) => {
    const { loan } = await borrower();
    numbers += 1;
    const number = `+447700900${numbers}`;
    const { customerId, loanId } = loan;
    const owner = { partyId: 'p-other', role, ...(isTheirs && { loanIds: [loanId] }) };
    await api.call('PUT', `/v1/customers/${customerId}/contact-points`, { kind: 'phone', value: number, owner });
    expect((await writeSms(api, number, 'PROMISE 2026-03-10 500')).status).toBe(204);
    const { rowCount } = await api.pool.query('select from promise where loan_id = $1', [loanId]);
    expect(rowCount).toBe(promises);
    const text = `select asks from task where loan_id = $1 and kind = 'review'`;
    const { rows } = await api.pool.query(text, [loanId]);
    expect(rows).toEqual(promises === 0 ? [{ asks: ['promise'] }] : []);
  });
});
