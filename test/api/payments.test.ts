import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addCase, addLoan, loanBody, payment } from './portfolio';
import { startApi, type TestApi } from './support';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const newId = (): string => `R-${randomUUID().slice(0, 8)}`;
const receipt = (changes: object) => ({
  ...{ paymentId: newId(), amountMinor: 3_000, currency: 'CNY', valueDay: '2026-03-01' },
  ...changes,
});

async function paymentsOf(loanId: string): Promise<unknown[]> {
  const { items } = (await api.call('GET', `/v1/loans/${loanId}/payments`)).body;
  return [...items];
}

async function reasonsOf(loanId: string, kind: string): Promise<string[]> {
  const { items } = (await api.call('GET', `/v1/cases/${loanId}/timeline`)).body;
  return items.filter((event) => event.kind === kind).map((event) => (event as unknown as { reason: string }).reason);
}

/** A second loan of the same customer, whose instalment fell due later than those of the first. */
async function addSecondLoan(customerId: string): Promise<string> {
  const loanId = `L-${randomUUID().slice(0, 8)}`;
  const instalments = [{ no: 1, dueDay: '2026-02-25', principalMinor: 50_000 }];
  await api.call('PUT', `/v1/loans/${loanId}`, { ...loanBody, customerId, instalments });
  return loanId;
}

describe('a payment', () => {
  it('keeps the day of the books beside its value day, and days past due go by the value day', async () => {
    const { loanId } = await addLoan(api);
    const late = payment({ amountMinor: 101_000, valueDay: '2026-02-20', bookedDay: '2026-03-02' });
    expect((await api.call('POST', `/v1/loans/${loanId}/payments`, late)).status).toBe(201);
    expect(await paymentsOf(loanId)).toMatchObject([{ valueDay: '2026-02-20', bookedDay: '2026-03-02' }]);
    expect((await api.call('GET', `/v1/loans/${loanId}?asOf=2026-02-25`)).body.delinquency).toMatchObject({
      rawDpd: 0,
    });
  });

  it('beyond all that is due is kept as credit and shown', async () => {
    const { loanId } = await addLoan(api);
    await api.call('POST', `/v1/loans/${loanId}/payments`, payment({ amountMinor: 202_500 }));
    const shown = (await api.call('GET', `/v1/loans/${loanId}`)).body;
    expect(shown.delinquency).toMatchObject({ creditMinor: 500, outstandingMinor: 0 });
  });

  it.each([
    ['a booking day that has not come', { bookedDay: '2026-03-03' }, 422, 'bookedDay'],
    ['an amount of nothing', { amountMinor: 0 }, 400, 'amountMinor'],
    ['a correction that is none', { kind: 'correction', reverses: 'P-1' }, 400, 'kind'],
  ])('is refused with %s', async (_what, changes, status, field) => {
    const { loanId } = await addLoan(api);
    const answer = await api.call('POST', `/v1/loans/${loanId}/payments`, payment(changes));
    expect(answer.body).toMatchObject({ status, field });
  });

  it('is undone by a chargeback, once', async () => {
    const { loanId } = await addLoan(api);
    const url = `/v1/loans/${loanId}/payments`;
    const paid = payment({ amountMinor: 101_000 });
    await api.call('POST', url, paid);
    const chargeback = (): object => payment({ kind: 'chargeback', amountMinor: 101_000, reverses: paid['paymentId'] });
    expect((await api.call('POST', url, chargeback())).status).toBe(201);
    expect((await api.call('GET', `/v1/loans/${loanId}`)).body.delinquency).toMatchObject({ rawDpd: 10 });
    const twice = await api.call('POST', url, chargeback());
    expect(twice.body).toMatchObject({ status: 422, type: 'urn:arrears:PaymentInvalid', field: 'reverses' });
  });
});

describe('a file with payments', () => {
  it('is told to the cases of its loans, with what it corrects, once however often it comes', async () => {
    const { loanId } = await addCase(api);
    const row = `P-${loanId},${loanId},payment,101000,CNY,2026-02-21,,2026-03-02`;
    const csv = `payment_id,loan_id,kind,amount_minor,currency,value_on,reverses,booked_on\n${row}\n`;
    for (const rowsTaken of [1, 0]) {
      const report = await api.call('POST', '/v1/imports?kind=payments&fileName=p.csv', csv, {
        'content-type': 'text/csv',
      });
      expect(report.body).toMatchObject({ state: 'done', rowsTaken });
    }
    expect(await reasonsOf(loanId, 'payment-posted')).toEqual(['value day 2026-02-21']);
    expect(await reasonsOf(loanId, 'facts-corrected')).toEqual([
      `opened of 2026-03-02: taken on facts since corrected; learnt: P-${loanId}`,
    ]);
  });
});

describe('one sum over several loans', () => {
  it('is posted in the parts that were told, and the same again is known', async () => {
    const { customerId, loanId } = await addCase(api);
    const second = await addSecondLoan(customerId);
    const loans = [
      { loanId, amountMinor: 1_000 },
      { loanId: second, amountMinor: 2_000 },
    ];
    const body = receipt({ loans, bookedDay: '2026-03-02' });
    const first = await api.call('POST', '/v1/payments', body);
    expect(first.status).toBe(201);
    expect(first.body.items).toMatchObject([
      { paymentId: `${body.paymentId}.1`, loanId, amountMinor: 1_000, receiptId: body.paymentId },
      { paymentId: `${body.paymentId}.2`, loanId: second, amountMinor: 2_000, bookedDay: '2026-03-02' },
    ]);
    const again = await api.call('POST', '/v1/payments', body);
    expect([again.status, again.body.items]).toEqual([200, first.body.items]);
    expect(await reasonsOf(loanId, 'payment-posted')).toEqual([`value day 2026-03-01: part of ${body.paymentId}`]);
  });

  it('is spread over the customer’s loans, what fell due first first', async () => {
    const { customerId, loanId } = await addLoan(api);
    const second = await addSecondLoan(customerId);
    const body = receipt({ customerId, amountMinor: 120_000 });
    const answer = await api.call('POST', '/v1/payments', body);
    expect(answer.body.items).toMatchObject([
      { loanId, amountMinor: 101_000 },
      { loanId: second, amountMinor: 19_000 },
    ]);
    const other = await api.call('POST', '/v1/payments', { ...body, amountMinor: 120_001 });
    expect(other.body).toMatchObject({ status: 422, type: 'urn:arrears:PaymentInvalid', field: 'amountMinor' });
  });

  it.each([
    ['parts that do not add up', (loanId: string) => ({ loans: [{ loanId, amountMinor: 2_999 }] }), 422, 'loans'],
    ['an unknown loan', () => ({ loans: [{ loanId: 'L-0', amountMinor: 3_000 }] }), 404, 'loans.0.loanId'],
    [
      'another currency',
      (loanId: string) => ({ loans: [{ loanId, amountMinor: 3_000 }], currency: 'USD' }),
      422,
      'currency',
    ],
    [
      'a value day ahead',
      (loanId: string) => ({ loans: [{ loanId, amountMinor: 3_000 }], valueDay: '2026-03-03' }),
      422,
      'valueDay',
    ],
    ['an unknown customer', () => ({ customerId: 'C-0' }), 404, 'customerId'],
    ['neither loans nor a customer', () => ({}), 400, 'loans'],
  ])('is refused whole with %s', async (_what, changes, status, field) => {
    const { loanId } = await addLoan(api);
    const answer = await api.call('POST', '/v1/payments', receipt(changes(loanId)));
    expect(answer.body).toMatchObject({ status, field });
    expect(await paymentsOf(loanId)).toEqual([]);
  });

  it('of which one part cannot be posted leaves no other part behind', async () => {
    const { loanId } = await addLoan(api);
    const loans = [
      { loanId, amountMinor: 1_000 },
      { loanId: 'L-0', amountMinor: 2_000 },
    ];
    const answer = await api.call('POST', '/v1/payments', receipt({ loans }));
    expect(answer.body).toMatchObject({ status: 404, field: 'loans.1.loanId' });
    expect(await paymentsOf(loanId)).toEqual([]);
  });
});

describe('a payment on the wrong loan', () => {
  async function wronglyPosted() {
    const [wrong, right] = [await addCase(api), await addCase(api)];
    const paid = payment({ amountMinor: 101_000, valueDay: '2026-02-20' });
    await api.call('POST', `/v1/loans/${wrong.loanId}/payments`, paid);
    return { wrong: wrong.loanId, right: right.loanId, paymentId: String(paid['paymentId']) };
  }

  it('is moved under its value day, and both timelines say so and what it corrects', async () => {
    const { wrong, right, paymentId } = await wronglyPosted();
    const move = { correctionId: newId(), loanId: right, reason: 'the payer named the other contract' };
    const moved = await api.call('POST', `/v1/payments/${paymentId}/correction`, move);
    expect(moved.status).toBe(201);
    expect(moved.body.items).toMatchObject([
      { paymentId: move.correctionId, loanId: wrong, kind: 'correction', reverses: paymentId },
      { paymentId: `${move.correctionId}.1`, loanId: right, kind: 'payment', valueDay: '2026-02-20' },
    ]);
    const dpd = async (loanId: string) => (await api.call('GET', `/v1/loans/${loanId}`)).body.delinquency;
    expect([await dpd(wrong), await dpd(right)]).toMatchObject([{ rawDpd: 10 }, { rawDpd: 0 }]);
    expect(await reasonsOf(wrong, 'payment-reversed')).toEqual([
      `correction of ${paymentId}: it was for loan ${right}: the payer named the other contract`,
    ]);
    expect(await reasonsOf(right, 'facts-corrected')).toEqual([
      `opened of 2026-03-02: taken on facts since corrected; learnt: ${move.correctionId}.1`,
    ]);
    expect((await reasonsOf(wrong, 'facts-corrected')).at(-1)).toMatch(
      /^opened of 2026-03-02: taken on facts that hold again/,
    );
    expect((await api.call('POST', `/v1/payments/${paymentId}/correction`, move)).status).toBe(200);
  });

  it('is refused where it cannot be moved', async () => {
    const { wrong, right, paymentId } = await wronglyPosted();
    const move = (changes: object) => ({ correctionId: newId(), loanId: right, reason: 'wrong contract', ...changes });
    const refused = async (id: string, changes: object = {}) =>
      (await api.call('POST', `/v1/payments/${id}/correction`, move(changes))).body;
    expect(await refused('P-0')).toMatchObject({ status: 404, field: 'paymentId' });
    expect(await refused(paymentId, { loanId: wrong })).toMatchObject({ status: 422, field: 'loanId' });
    expect(await refused(paymentId, { loanId: 'L-0' })).toMatchObject({ status: 404, field: 'loanId' });
    const dollars = (await addLoan(api, { currency: 'USD' })).loanId;
    expect(await refused(paymentId, { loanId: dollars })).toMatchObject({ status: 422, field: 'loanId' });
    expect(await paymentsOf(wrong)).toHaveLength(1);
    expect(await refused(paymentId)).toMatchObject({});
    expect(await refused(paymentId)).toMatchObject({ status: 422, field: 'paymentId' });
  });
});
