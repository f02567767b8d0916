import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BookAsOf } from '../../src/cases/read-book';
import { sayBook } from '../../src/command-line/book-table';
import { addCase, addLoan, type Loan, payment } from './portfolio';
import { type Answer, startApi, type TestApi } from './support';

const keys = [
  { key: 'sys', actor: 'core', roles: ['system'] },
  { key: 'ana', actor: 'ana', roles: ['supervisor'] },
  { key: 'bo', actor: 'bo', roles: ['supervisor'] },
  { key: 'kim', actor: 'kim', roles: ['analyst'] },
  { key: 'col', actor: 'col', roles: ['collector'] },
] as const;
const as = (key: string) => ({ authorization: `Bearer ${key}` });

let api: TestApi;
let core: TestApi;
beforeAll(async () => {
  api = await startApi({ keys });
  core = { ...api, call: (method, url, body) => api.call(method, url, body, as('sys')) };
});
afterAll(() => api.close());

const ask = (query = '', key = 'kim'): Promise<Answer> => api.call('GET', `/v1/book${query}`, undefined, as(key));
async function bookOf(asOf: string): Promise<BookAsOf> {
  const answer = await ask(`?asOf=${asOf}`);
  expect(answer.status).toBe(200);
  return answer.body as unknown as BookAsOf;
}

const half = { principalMinor: 100_000, interestMinor: 1_000 };
const old = {
  disbursedDay: '2025-06-01',
  instalments: [
    { no: 1, dueDay: '2025-08-20', ...half },
    { no: 2, dueDay: '2026-03-20', ...half },
  ],
};
const ids = new Set<string>();

async function add(changes: object = {}): Promise<Loan> {
  const loan = await addLoan(core, changes);
  ids.add(loan.loanId);
  return loan;
}

async function pay({ loanId }: Loan, amountMinor: number, valueDay: string): Promise<string> {
  const body = payment({ amountMinor, valueDay });
  expect((await core.call('POST', `/v1/loans/${loanId}/payments`, body)).status).toBe(201);
  return String(body['paymentId']);
}

interface Shown {
  readonly disbursedDay: string;
  readonly delinquency: { readonly bucket: string; readonly overdueMinor: number; readonly outstandingMinor: number };
  readonly classification: { readonly class: string; readonly nonAccrual: boolean; readonly provisionMinor: number };
}

/** Loans, outstanding, overdue and provision by bucket and class, from the answers about single loans. */
async function fromSingleLoans(asOf: string): Promise<Record<string, number[]>> {
  const sums: Record<string, number[]> = {};
  for (const loanId of ids) {
    const { body, status } = await api.call('GET', `/v1/loans/${loanId}?asOf=${asOf}`, undefined, as('ana'));
    expect(status).toBe(200);
    const { disbursedDay, delinquency, classification } = body as unknown as Shown;
    const { bucket, overdueMinor, outstandingMinor } = delinquency;
    if (disbursedDay > asOf || outstandingMinor === 0) continue;
    const names = [bucket, classification.class, 'total', ...(classification.nonAccrual ? ['non-accrual'] : [])];
    for (const name of names) {
      const [loans = 0, outstanding = 0, overdue = 0, provision = 0] = sums[name] ?? [];
      const { provisionMinor } = classification;
      sums[name] = [loans + 1, outstanding + outstandingMinor, overdue + overdueMinor, provision + provisionMinor];
    }
  }
  return sums;
}

function fromBook({ currencies }: BookAsOf): Record<string, number[]> {
  const [book] = currencies;
  if (book === undefined) return {};
  const lines = [
    ...book.buckets.map(({ bucket, ...sums }) => ({ name: bucket, ...sums })),
    ...book.classes.map(({ class: name, ...sums }) => ({ name, ...sums })),
    { name: 'total', ...book.total },
    { name: 'non-accrual', ...book.nonAccrual },
  ];
  return Object.fromEntries(
    lines
      .filter(({ loans }) => loans > 0)
      .map(({ name, loans, outstandingMinor, overdueMinor, provisionMinor }) => {
        return [name, [loans, outstandingMinor, overdueMinor, provisionMinor]];
      }),
  );
}

describe('the book', () => {
  it('is the sum of what single loans are shown with, today and on days before', async () => {
    await add(old);
    await add();
    const paidLate = await add();
    await pay(paidLate, 41_000, '2026-02-25');
    const bounced = await add(old);
    const paymentId = await pay(bounced, 101_000, '2025-08-20');
    const bounce = payment({ kind: 'bounce', reverses: paymentId, amountMinor: 101_000, valueDay: '2026-02-27' });
    expect((await core.call('POST', `/v1/loans/${bounced.loanId}/payments`, bounce)).status).toBe(201);
    await pay(await add(old), 202_000, '2025-08-20');
    const bad = await add(old);
    const { body } = await api.call('GET', `/v1/loans/${bad.loanId}`, undefined, as('ana'));
    const contract = body as unknown as Record<string, unknown>;
    const other = { ...bad, loanId: `${bad.loanId}-2` };
    const { product, currency, principalMinor, riskTier, branch } = contract;
    const later = { disbursedDay: '2026-01-01', instalments: [{ no: 1, dueDay: '2027-06-20', ...half }] };
    const shared = { product, currency, principalMinor, riskTier, branch, customerId: bad.customerId, ...later };
    expect((await core.call('PUT', `/v1/loans/${other.loanId}`, shared)).status).toBe(201);
    ids.add(other.loanId);
    for (const asOf of ['2026-03-02', '2026-02-26', '2025-12-31', '2025-11-18', '2025-06-01']) {
      expect(fromBook(await bookOf(asOf))).toEqual(await fromSingleLoans(asOf));
    }
    const [today] = (await bookOf('2026-03-02')).currencies;
    expect(today).toMatchObject({ currency: 'CNY', total: { loans: 6 }, nonAccrual: { loans: 3 }, paidOffLoans: 1 });
  });

  it('shows what is written off and what is sold apart, from the day on which it was', async () => {
    const agreed = async (path: string, body: object): Promise<void> => {
      const loan = await addCase(core, { ...old, product: 'card' });
      expect((await api.call('POST', `/v1/cases/${loan.loanId}/${path}`, body, as('ana'))).status).toBeLessThan(300);
      const url = `/v1/approvals?state=waiting&loanId=${loan.loanId}`;
      const { items } = (await api.call('GET', url, undefined, as('bo'))).body as unknown as {
        items: { approvalId: string }[];
      };
      const decision = { decision: 'approve', reason: 'looked at it' };
      const decided = `/v1/approvals/${items[0]?.approvalId ?? ''}/decision`;
      expect((await api.call('POST', decided, decision, as('bo'))).status).toBe(200);
    };
    await agreed('write-off', { reason: 'uncollectable', evidence: ['DMS:2026/0117'] });
    const sale = { buyer: 'Second Asset Ltd', saleDay: '2026-03-01', priceMinor: 8_000 };
    await agreed('sale', { ...sale, noticeEvidence: ['DMS:2026/0118'] });
    const cards = async (asOf: string) =>
      (await bookOf(asOf)).products.find(({ product }) => product === 'card') ?? { total: null };
    const owed = { loans: 1, outstandingMinor: 202_000, overdueMinor: 101_000 };
    expect(await cards('2026-03-02')).toMatchObject({ total: { loans: 0 }, writtenOff: owed, sold: owed });
    expect(await cards('2026-03-01')).toMatchObject({ total: { loans: 1 }, writtenOff: { loans: 0 }, sold: owed });
    expect(await cards('2026-02-28')).toMatchObject({ total: { loans: 2 }, sold: { loans: 0 } });
  });

  it('is read as a table on a terminal', async () => {
    const text = sayBook(await bookOf('2026-03-02'));
    expect(text).toMatch(/^Book as of 2026-03-02, by policy retail /);
    expect(text).toMatch(/^class substandard +\d+ +CN¥/m);
    expect(text).toMatch(/^product personal +6 +CN¥/m);
  });
});

describe('a book is refused', () => {
  it('for a day that is none, has not come, or lies before the first loan', async () => {
    for (const [asOf, reason] of [
      ['2026-02-30', 'is not a day of the calendar'],
      ['yesterday', 'is not a day of the calendar'],
      ['2026-03-03', 'lies after the bank’s day, 2026-03-02'],
      ['2025-05-31', 'lies before 2025-06-01, on which the first loan was paid out'],
    ] as const) {
      const { body } = await ask(`?asOf=${asOf}`);
      expect(body).toMatchObject({ status: 400, type: 'urn:arrears:InputInvalid', field: 'asOf' });
      expect(JSON.stringify(body)).toContain(reason);
    }
    expect((await ask('?day=2026-03-02')).status).toBe(400);
  });

  it('to whoever does not answer for the portfolio', async () => {
    expect((await ask('', 'col')).status).toBe(403);
    expect((await ask('', 'ana')).status).toBe(200);
  });

  it('while another one is made, and answered when that is done', async () => {
    const answers = await Promise.all([ask(), ask(), ask(), ask()]);
    const statuses = answers.map(({ status }) => status);
    expect(statuses).toContain(200);
    const refused = answers.find(({ status }) => status !== 200);
    expect(refused?.body).toMatchObject({ status: 429, type: 'urn:arrears:RateLimited' });
    expect((await ask()).status).toBe(200);
  });
});
