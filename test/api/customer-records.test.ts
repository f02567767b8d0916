import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addCase, addLoan, type Loan, phone } from './portfolio';
import { type AnswerBody, mondayMorningMs, startApi, type TestApi } from './support';

interface Request {
  readonly requestId: string;
  readonly customerId: string;
  readonly overdue: boolean;
}

const keys = [
  { key: 'sys', actor: 'core', roles: ['system', 'operator'] },
  { key: 'leo', actor: 'leo', roles: ['legal'] },
  { key: 'col', actor: 'col', roles: ['collector', 'analyst'] },
] as const;
const dayMs = 86_400_000;

let api: TestApi;
let core: TestApi;
beforeAll(async () => {
  api = await startApi({ keys });
  core = { ...api, call: (method, url, body) => as('sys', method, url, body) };
});
afterAll(() => api.close());

function as(key: string, method: 'GET' | 'POST' | 'PUT', url: string, body?: unknown, more = {}) {
  return api.call(method, url, body, { authorization: `Bearer ${key}`, ...more });
}

const about = ({ customerId }: Loan, rest: string): string => `/v1/customers/${customerId}/${rest}`;

async function ask(loan: Loan, kind: string): Promise<Request> {
  const answer = await as('leo', 'POST', about(loan, 'data-requests'), { kind });
  expect(answer.status).toBe(201);
  return answer.body as AnswerBody & Request;
}

async function listed(query: string): Promise<Request[]> {
  return (await as('leo', 'GET', `/v1/data-requests?limit=200&${query}`)).body.items as unknown as Request[];
}

describe('a request of a borrower about their data', () => {
  it('has a deadline of a month, is shown in the list, and as overdue when the deadline is over', async () => {
    const loan = await addLoan(core);
    expect(await ask(loan, 'access')).toMatchObject({
      ...{ state: 'received', dueDay: '2026-04-01', rule: 'HOUSE-DATA-REQUEST', overdue: false, takenBy: 'leo' },
    });
    const mine = `customerId=${loan.customerId}`;
    expect(await listed(`${mine}&overdue=true`)).toEqual([]);
    api.clock.ms = mondayMorningMs + 31 * dayMs;
    expect(await listed(`${mine}&overdue=true`)).toMatchObject([{ overdue: true, customerId: loan.customerId }]);
    api.clock.ms = mondayMorningMs;
  });

  it('for access is answered with everything that is kept about the person', async () => {
    const loan = await addCase(core);
    const { requestId } = await ask(loan, 'access');
    const data = await as('leo', 'GET', about(loan, 'personal-data'));
    expect(data.body).toMatchObject({
      customer: [{ name: 'Robin Example' }],
      contactPoints: expect.arrayContaining([expect.objectContaining({ value: phone })]),
      loans: [{ loanId: loan.loanId }],
      events: [{ kind: 'opened' }],
    });
    const answered = await as('leo', 'POST', about(loan, `data-requests/${requestId}/answer`), {
      note: 'sent by letter',
    });
    expect(answered.body).toMatchObject({ state: 'answered', decidedBy: 'leo', note: 'sent by letter' });
    const again = await as('leo', 'POST', about(loan, `data-requests/${requestId}/refuse`), { ground: 'excessive' });
    expect(again.body).toMatchObject({ status: 409, type: 'urn:arrears:AlreadyExists' });
  });

  it('is in the figures that a monitor reads, ahead and missed', async () => {
    await ask(await addLoan(core), 'access');
    const figures = async () => (await api.call('GET', '/metrics')).text;
    expect(await figures()).toContain('arrears_deadlines{kind="data-request",state="ahead"}');
    api.clock.ms = mondayMorningMs + 40 * dayMs;
    expect(await figures()).toContain('arrears_deadlines{kind="data-request",state="missed"}');
    api.clock.ms = mondayMorningMs;
  });

  it('for erasure is not carried out while a claim runs, and is refused on that ground', async () => {
    const loan = await addCase(core);
    const { requestId } = await ask(loan, 'erasure');
    const answer = await as('leo', 'POST', about(loan, `data-requests/${requestId}/answer`), {});
    expect(answer.body).toMatchObject({ status: 409, type: 'urn:arrears:RecordHeld' });
    expect(answer.body.detail).toContain('legal-claims');
    const kept = await as('leo', 'GET', `/v1/customers/${loan.customerId}`);
    expect(kept.body.name).toBe('Robin Example');
    const refused = await as('leo', 'POST', about(loan, `data-requests/${requestId}/refuse`), {
      ground: 'legal-claims',
    });
    expect(refused.body).toMatchObject({ state: 'refused', ground: 'legal-claims' });
  });

  it('for erasure is carried out where nothing is owed and nothing is kept', async () => {
    const loan = { customerId: 'C-erased', loanId: '' };
    await as('sys', 'PUT', '/v1/customers/C-erased', {
      name: 'Robin Example',
      language: 'en',
      timezone: 'Asia/Shanghai',
    });
    const { requestId } = await ask(loan, 'erasure');
    const held = await as('leo', 'POST', about(loan, 'legal-holds'), { reason: 'suit filed' });
    expect(held.status).toBe(201);
    const url = about(loan, `data-requests/${requestId}/answer`);
    expect((await as('leo', 'POST', url, {})).body.type).toBe('urn:arrears:RecordHeld');
    const [{ holdId = '' } = {}] = held.body.items as unknown as { holdId?: string }[];
    await as('leo', 'POST', about(loan, `legal-holds/${holdId}/clear`), { reason: 'suit ended' });
    expect((await as('leo', 'POST', url, {})).body).toMatchObject({ state: 'answered' });
    expect((await as('leo', 'GET', '/v1/customers/C-erased')).body.name).toBe('');
  });

  it('for erasure also empties what was answered about the person under an Idempotency-Key, and keeps the key taken', async () => {
    const [person, other] = ['C-erased-answers', 'C-other-answers'];
    const put = (customerId: string) =>
      as(
        ...(['sys', 'PUT', `/v1/customers/${customerId}`] as const),
        { name: 'Robin Example', language: 'en', timezone: 'Asia/Shanghai' },
        { 'idempotency-key': `put-${customerId}` },
      );
    for (const customerId of [person, other]) expect((await put(customerId)).body.name).toBe('Robin Example');
    const loan = { customerId: person, loanId: '' };
    const { requestId } = await ask(loan, 'erasure');
    const url = about(loan, `data-requests/${requestId}/answer`);
    expect((await as('leo', 'POST', url, {})).body).toMatchObject({ state: 'answered' });
    const text = `select idempotency_key as key, response from idempotency_key where idempotency_key like 'put-C-%-answers'
      order by 1`;
    const { rows } = await api.pool.query(text);
    expect(rows).toMatchObject([
      { key: `put-${person}`, response: null },
      { key: `put-${other}`, response: { name: 'Robin Example' } },
    ]);
    // The same request again does not bring the person back.
    expect(await put(person)).toMatchObject({ status: 200, text: '' });
    expect((await as('leo', 'GET', `/v1/customers/${person}`)).body.name).toBe('');
  });

  it('is taken down once for one Idempotency-Key', async () => {
    const loan = await addLoan(core);
    const key = { 'idempotency-key': 'request-1' };
    for (let time = 0; time < 3; time += 1) {
      await as('leo', 'POST', about(loan, 'data-requests'), { kind: 'access' }, key);
    }
    expect(await listed(`customerId=${loan.customerId}`)).toHaveLength(1);
  });

  it.each([
    ['a kind that is none', { kind: 'oblivion' }],
    ['an instant in the future', { kind: 'access', receivedAt: '2036-01-01T00:00:00Z' }],
    ['a field that is none', { kind: 'access', urgent: true }],
  ])('is refused with %s', async (_name, body) => {
    const loan = await addLoan(core);
    const answer = await as('leo', 'POST', about(loan, 'data-requests'), body);
    expect(answer.body).toMatchObject({ status: 400, type: 'urn:arrears:InputInvalid' });
  });
});

describe('who may', () => {
  it('hold records, clear holds and answer requests: legal and supervisors, nobody else', async () => {
    const loan = await addCase(core);
    for (const key of ['sys', 'col']) {
      for (const [rest, body] of [
        ['legal-holds', { reason: 'mine' }],
        ['data-requests', { kind: 'access' }],
      ] as const) {
        expect((await as(key, 'POST', about(loan, rest), body)).status).toBe(403);
      }
      expect((await as(key, 'GET', about(loan, 'personal-data'))).status).toBe(403);
    }
  });

  it('hold a loan of another borrower: nobody', async () => {
    const [loan, other] = [await addLoan(core), await addLoan(core)];
    const answer = await as('leo', 'POST', about(loan, 'legal-holds'), { loanId: other.loanId, reason: 'suit filed' });
    expect(answer.status).toBe(404);
  });
});

describe('the file of a case for a court', () => {
  it('is given as JSON and as a page to print', async () => {
    const loan = await addCase(core);
    const json = await as('leo', 'GET', `/v1/cases/${loan.loanId}/court-file`);
    expect(json.body).toMatchObject({ format: 'arrears-court-file/1', chains: [{}, { loanId: loan.loanId }] });
    const page = await as('leo', 'GET', `/v1/cases/${loan.loanId}/court-file?format=html`);
    expect([page.status, page.type]).toEqual([200, 'text/html']);
    expect(page.text).toContain('Record of a collection case');
    expect((await as('leo', 'GET', '/v1/cases/nothing/court-file')).status).toBe(404);
  });
});
