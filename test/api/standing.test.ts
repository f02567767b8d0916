import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addLoan, payment } from './portfolio';
import { startApi, type TestApi } from './support';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

async function paid(loanId: string, amountMinor: number, valueDay: string): Promise<void> {
  const answer = await api.call('POST', `/v1/loans/${loanId}/payments`, payment({ amountMinor, valueDay }));
  expect(answer.status).toBe(201);
}

describe('a loan is shown', () => {
  it('with each of its instalments, its buckets, its first payment and its class, as of any day', async () => {
    const { loanId } = await addLoan(api);
    await paid(loanId, 41_000, '2026-02-25');
    const { body } = await api.call('GET', `/v1/loans/${loanId}?asOf=2026-03-30`);
    expect(body).toMatchObject({
      delinquency: { rawDpd: 38, outstandingMinor: 161_000, outstanding: { principalMinor: 160_000 } },
      instalments: [
        { no: 1, dueDay: '2026-02-20', dueMinor: 101_000, paidMinor: 41_000, unpaidMinor: 60_000, dpd: 38 },
        {
          no: 2,
          dueDay: '2026-03-20',
          paidMinor: 0,
          unpaid: { principalMinor: 100_000, interestMinor: 1_000 },
          dpd: 10,
        },
      ],
      buckets: [
        { bucket: 'M0', enteredOn: '2026-01-01', leftOn: '2026-02-21' },
        { bucket: 'M1', enteredOn: '2026-02-21', leftOn: '2026-03-23' },
        { bucket: 'M2', enteredOn: '2026-03-23', leftOn: null },
      ],
      firstPayment: { dueDay: '2026-02-20', defaultedOn: '2026-03-23' },
      classification: { class: 'special-mention', sinceDay: '2026-02-21', why: 'past-due', provisionMinor: 3_200 },
    });
    const before = await api.call('GET', `/v1/loans/${loanId}?asOf=2026-02-20`);
    expect(before.body).toMatchObject({
      buckets: [{ bucket: 'M0', leftOn: null }],
      firstPayment: { defaultedOn: null },
      classification: { class: 'normal', why: 'contract' },
    });
  });
});

describe('the classification of a loan', () => {
  it('tells its class on a day with every class before it', async () => {
    const { loanId } = await addLoan(api);
    const { body } = await api.call('GET', `/v1/loans/${loanId}/classification?asOf=2026-12-01`);
    expect(body).toEqual({
      ...{ loanId, currency: 'CNY', asOf: '2026-12-01', class: 'doubtful', sinceDay: '2026-11-18', why: 'past-due' },
      ...{ nonPerforming: true, nonAccrual: true },
      ...{ provisionBaseMinor: 200_000, provisionPerMille: 500, provisionMinor: 100_000 },
      history: [
        { fromDay: '2026-01-01', class: 'normal', why: 'contract' },
        { fromDay: '2026-02-21', class: 'special-mention', why: 'past-due' },
        { fromDay: '2026-05-22', class: 'substandard', why: 'past-due' },
        { fromDay: '2026-11-18', class: 'doubtful', why: 'past-due' },
      ],
    });
  });

  it('looks at the other loans of the customer', async () => {
    const { customerId, loanId } = await addLoan(api);
    const later = [{ no: 1, dueDay: '2027-06-20', principalMinor: 100_000 }];
    const good = await addLoan(api, { instalments: later });
    const other = `${good.loanId}-2`;
    const { body: shown } = await api.call('GET', `/v1/loans/${loanId}`);
    const { product, currency, principalMinor, disbursedDay, riskTier, branch } = shown as unknown as Record<
      string,
      unknown
    >;
    const contract = { product, currency, principalMinor, disbursedDay, riskTier, branch };
    await api.call('PUT', `/v1/loans/${other}`, { ...contract, customerId, instalments: later });
    const alone = await api.call('GET', `/v1/loans/${good.loanId}/classification?asOf=2026-06-01`);
    expect(alone.body).toMatchObject({ class: 'normal' });
    const caught = await api.call('GET', `/v1/loans/${other}/classification?asOf=2026-06-01`);
    expect(caught.body).toMatchObject({ class: 'special-mention', why: 'customer', sinceDay: '2026-05-22' });
  });

  it('of an unknown loan, or on a day that is none, is refused with the field', async () => {
    const unknown = await api.call('GET', '/v1/loans/L-nobody/classification');
    expect(unknown.body).toMatchObject({ status: 404, type: 'urn:arrears:NotFound', field: 'loanId' });
    const { loanId } = await addLoan(api);
    const odd = await api.call('GET', `/v1/loans/${loanId}/classification?asOf=2026-02-30`);
    expect(odd.body).toMatchObject({ status: 400, field: 'asOf' });
  });
});

describe('a small balance', () => {
  it('opens no case: up to the tolerance nothing is overdue', async () => {
    const { loanId } = await addLoan(api);
    await paid(loanId, 100_000, '2026-02-20');
    const refused = await api.call('POST', '/v1/cases', { loanId });
    expect(refused.body).toMatchObject({ status: 422, type: 'urn:arrears:LoanNotDelinquent', field: 'loanId' });
    expect((await api.call('GET', `/v1/loans/${loanId}`)).body).toMatchObject({
      delinquency: { rawDpd: 0, overdueMinor: 1_000 },
    });
  });

  it('opens one as soon as it is a minor unit more', async () => {
    const { loanId } = await addLoan(api);
    await paid(loanId, 99_999, '2026-02-20');
    expect((await api.call('POST', '/v1/cases', { loanId })).status).toBe(201);
  });
});
