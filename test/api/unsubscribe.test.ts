import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createSmtpMail } from '../../src/channels/smtp-mail';
import { type LocalProviders, startLocalProviders } from '../../src/channels/local/local-providers';
import { createTwilioSms } from '../../src/channels/twilio-sms';
import { type ContactWish, passGate } from '../../src/contact/gate';
import { type MakingDeps, sendReserved } from '../../src/contact/send-reserved';
import { openGate } from '../../src/service/case-worker-deps';
import { inTransaction } from '../../src/store/database';
import { closedWays } from '../support/closed-ways';
import { addCase, type Loan, loanBody } from './portfolio';
import { mondayMorningMs, publicUrl, startApi, type TestApi } from './support';

let providers: LocalProviders;
let api: TestApi;
let deps: MakingDeps;
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const oneClick = 'List-Unsubscribe=One-Click';

beforeAll(async () => {
  providers = await startLocalProviders({ smsPort: 0, smtpPort: 0 });
  const channels = {
    sms: createTwilioSms({ ...providers.twilio, timeoutMs: 5_000 }),
    email: createSmtpMail({ url: providers.smtpUrl, from: 'service@bank.example.com', timeoutMs: 5_000 }),
  };
  api = await startApi({ channels });
  deps = { pool: api.pool, gate: await openGate(), channels, publicUrl, mailDomain: 'bank.example.com' };
});
afterAll(async () => {
  deps.channels.email.close();
  await api.close();
  await providers.stop();
});
afterEach(() => {
  api.clock.ms = mondayMorningMs;
});

let people = 0;
/** An e-mail that was sent as every e-mail is, and the address in its List-Unsubscribe header. */
async function sendEmail(): Promise<{ loan: Loan; to: string; path: string }> {
  people += 1;
  const to = `reader-${people}@example.com`;
  const loan = await addCase(api, {}, { contactPoints: [{ kind: 'email', value: to }] });
  const { loanId, customerId } = loan;
  const wish: ContactWish = {
    ...{ contactKey: `${loanId}/1/reminder/mail`, customerId, loanId, caseNo: 1, loanIds: [loanId], offers: [] },
    ...{ channel: 'email', purpose: 'reminder', contactPoint: to, madeBy: 'policy', template: null, language: 'en' },
    ...{ subject: 'A note', body: 'Example Bank: please call us. To stop receiving these e-mails, reply STOP.' },
    ...{ tags: ['INSTITUTION_ID', 'OPT_OUT'], sender: 'Example Bank' },
  };
  const passage = await inTransaction(api.pool, (tx) => passGate(tx, deps.gate, wish, mondayMorningMs));
  if (passage.kind !== 'reserved') throw new Error(`the gate says ${passage.kind}`);
  expect(await sendReserved(deps, passage.contact, mondayMorningMs)).toEqual({ kind: 'placed' });
  const [sent] = providers.outbox.list({ to, limit: 1 });
  const url = /^<([^>]+)>/.exec(sent?.headers['list-unsubscribe'] ?? '')?.[1] ?? '';
  expect(url.startsWith(`${publicUrl}/u/`)).toBe(true);
  return { loan, to, path: url.slice(publicUrl.length) };
}

describe('the address that an e-mail names for those who want no more', () => {
  it('is short, says nothing of the person, and is not kept in clear', async () => {
    const { path, loan, to } = await sendEmail();
    expect(path).toMatch(/^\/u\/[\w-]{22}$/);
    const { rows } = await api.pool.query<{ row: string }>(
      'select row_to_json(t)::text as row from unsubscribe_token t',
    );
    const kept = rows.map(({ row }) => row).join();
    for (const secret of [path.slice(3), loan.customerId, to]) expect(kept).not.toContain(secret);
  });

  it('only asks, however often it is looked at: mail scanners follow links before people do', async () => {
    const { path, loan } = await sendEmail();
    for (const method of ['GET', 'GET'] as const) {
      const page = await api.call(method, path);
      expect(page).toMatchObject({ status: 200, type: 'text/html' });
      expect(page.text).toContain('<form method="post">');
      expect(page.text).toContain('lang="zh"');
      expect(page.text).toContain('lang="en"');
    }
    expect((await api.app.inject({ method: 'HEAD', url: path })).statusCode).toBe(200);
    expect(await closedWays(api.pool, loan.customerId)).toEqual(new Set());
  });

  it.each<[string, Record<string, string>, string]>([
    ['as a form', form, oneClick],
    [
      'as RFC 8058 prefers it',
      { 'content-type': 'multipart/form-data; boundary=b' },
      '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
    ],
  ])('ends e-mail with one POST, %s, without any login, and no other e-mail follows', async (_how, headers, body) => {
    const { path, loan, to } = await sendEmail();
    const answers = [await api.call('POST', path, body, headers), await api.call('POST', path, body, headers)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await closedWays(api.pool, loan.customerId)).toEqual(new Set(['email']));
    const timeline = await api.call('GET', `/v1/cases/${loan.loanId}/timeline`);
    expect(timeline.body.items.filter(({ kind }) => kind === 'opted-out').length).toBeGreaterThan(0);
    const messages = providers.outbox.list({ to, limit: 10 });
    expect(messages.map(({ subject }) => subject)).toEqual(['A note']);
  });

  const click = (path: string) => api.call('POST', path, oneClick, form);
  const consentsOf = async ({ customerId }: Loan) =>
    (await api.pool.query<{ state: string }>('select state from consent where customer_id = $1', [customerId])).rows;
  const optOutsOf = async ({ loanId }: Loan) =>
    (await api.call('GET', `/v1/cases/${loanId}/timeline`)).body.items.filter(({ kind }) => kind === 'opted-out');

  it('changes nothing when it is asked again, and answers the same', async () => {
    const { path, loan } = await sendEmail();
    const first = await click(path);
    api.clock.ms += 3_600_000;
    const again = await Promise.all([click(path), click(path)]);
    for (const { status, text } of again) expect([status, text]).toEqual([200, first.text]);
    expect(await consentsOf(loan)).toHaveLength(1);
    expect(await optOutsOf(loan)).toHaveLength(1);
  });

  it('ends e-mail again for somebody who asked for it in between', async () => {
    const { path, loan } = await sendEmail();
    await click(path);
    api.clock.ms += 3_600_000;
    const consent = { channel: 'email', state: 'opted-in', source: 'form' };
    expect((await api.call('POST', `/v1/customers/${loan.customerId}/consents`, consent)).status).toBeLessThan(300);
    expect(await closedWays(api.pool, loan.customerId)).toEqual(new Set());
    api.clock.ms += 3_600_000;
    expect((await click(path)).status).toBe(200);
    expect(await closedWays(api.pool, loan.customerId)).toEqual(new Set(['email']));
    expect(await optOutsOf(loan)).toHaveLength(2);
  });

  /** The case is over, and so is the time for which its records are kept. */
  async function purgeCaseOf({ loanId }: Loan): Promise<void> {
    await api.pool.query(`update loan_case set status = 'closed', closed_at = $2 where loan_id = $1`, [
      loanId,
      closedAt,
    ]);
    await api.pool.query(`select purge_case($1, 1, '2026-03-02', '{}', $2, 'retention')`, [loanId, closedAt]);
  }
  const closedAt = new Date(mondayMorningMs);

  it('still ends e-mail when the records of the message’s case are purged', async () => {
    const { path, loan } = await sendEmail();
    const another = `${loan.loanId}-2`;
    await api.call('PUT', `/v1/loans/${another}`, { ...loanBody, customerId: loan.customerId });
    await api.call('POST', '/v1/cases', { loanId: another });
    await purgeCaseOf(loan);
    expect((await click(path)).status).toBe(200);
    expect(await closedWays(api.pool, loan.customerId)).toEqual(new Set(['email']));
    expect(await optOutsOf({ ...loan, loanId: another })).toHaveLength(1);
  });

  it('writes nothing about somebody who is purged, and answers as politely', async () => {
    const { path, loan } = await sendEmail();
    const known = await click((await sendEmail()).path);
    await purgeCaseOf(loan);
    await api.pool.query(`select purge_customer($1, '2026-03-02', '{}', $2, 'retention')`, [loan.customerId, closedAt]);
    const entries = async () => (await api.pool.query('select from ledger_entry')).rowCount;
    const before = await entries();
    const { status, text } = await click(path);
    expect([status, text]).toEqual([200, known.text]);
    expect(await consentsOf(loan)).toEqual([]);
    expect(await entries()).toBe(before);
  });

  it('does nothing for a POST that does not say One-Click', async () => {
    const { path, loan } = await sendEmail();
    expect((await api.call('POST', path, 'x=1', form)).status).toBe(400);
    expect(await closedWays(api.pool, loan.customerId)).toEqual(new Set());
  });

  it.each(['/u/AAAAAAAAAAAAAAAAAAAAAA', '/u/short', '/u/..%2f..%2fetc'])('cannot be guessed: %s', async (path) => {
    expect((await api.call('POST', path, oneClick, form)).status).toBe(404);
  });
});
