import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addLoan, customerBody, loanBody, payment } from './portfolio';
import { startApi, type TestApi } from './support';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const json = { 'content-type': 'application/json' };

describe('a request that is not as it should be', () => {
  it('is refused as a problem document when its body is not JSON', async () => {
    const answer = await api.call('POST', '/v1/cases', '{"loanId": ', json);
    expect(answer).toMatchObject({ status: 400, type: 'application/problem+json' });
    expect(answer.body).toEqual({
      type: 'urn:arrears:InputInvalid',
      title: 'The request is not as it should be',
      status: 400,
      detail: 'the body is not JSON',
    });
  });

  it('is refused when its body is larger than a mebibyte', async () => {
    const answer = await api.call('POST', '/v1/cases', JSON.stringify({ loanId: 'x'.repeat(1_048_577) }), json);
    expect(answer).toMatchObject({ status: 413, type: 'application/problem+json' });
    expect(answer.body.type).toBe('urn:arrears:BodyTooLarge');
  });

  it('may be labelled as JSON and be empty where a route needs nothing', async () => {
    const answer = await api.call('POST', `/v1/tasks/${randomUUID()}/claim`, '', json);
    expect(answer.body).toMatchObject({ status: 404, field: 'taskId' });
    expect((await api.call('POST', '/v1/cases', '', json)).status).toBe(400);
  });

  it('is refused when its content type is none that the route takes', async () => {
    const answer = await api.call('POST', '/v1/cases', '<loan/>', { 'content-type': 'application/xml' });
    expect(answer).toMatchObject({ status: 415, type: 'application/problem+json' });
    expect(answer.body.type).toBe('urn:arrears:InputInvalid');
  });

  it('is told every field that is wrong, by its path', async () => {
    const [first, second] = loanBody.instalments;
    const wrong = { ...loanBody, customerId: 'C-1', principalMinor: '300000', surprise: 1 };
    const instalments = [first, { ...second, dueDay: '2026-02-30' }];
    const answer = await api.call('PUT', '/v1/loans/L-wrong', { ...wrong, instalments });
    expect(answer.status).toBe(400);
    const fields = (answer.body.errors as { field: string; reason: string }[]).map(({ field }) => field);
    expect(fields.sort()).toEqual(['instalments.1.dueDay', 'principalMinor', 'surprise']);
  });

  it('does not repeat a value of a person in its refusal', async () => {
    const contactPoints = [{ kind: 'phone', value: '07700 900123' }];
    const answer = await api.call('PUT', '/v1/customers/C-x', { ...customerBody, contactPoints });
    expect(answer.body).toMatchObject({ status: 400, field: 'contactPoints.0.value' });
    expect(answer.text).not.toContain('900123');
  });

  it.each(['/v1/nothing', '/nothing', '/v1/loans/L-1/unknown'])('is a problem document at %s too', async (url) => {
    const answer = await api.call('GET', url);
    expect(answer).toMatchObject({ status: 404, type: 'application/problem+json' });
    expect(answer.body.type).toBe('urn:arrears:NotFound');
  });

  it.each(['/v1/loans/%zz', '/v1/loans/a%00b', `/v1/loans/${'x'.repeat(65)}`])(
    'has no fault for an odd id: %s',
    async (url) => {
      expect((await api.call('GET', url)).status).toBe(400);
    },
  );

  it('is refused for a loan that nobody knows', async () => {
    const opened = await api.call('POST', '/v1/cases', { loanId: 'L-unknown' });
    expect(opened.body).toMatchObject({ status: 404, type: 'urn:arrears:NotFound', field: 'loanId' });
    const paid = await api.call('POST', '/v1/loans/L-unknown/payments', payment());
    expect(paid.body).toMatchObject({ status: 404, type: 'urn:arrears:NotFound', field: 'loanId' });
  });

  it('is refused when money comes in another currency than the loan’s', async () => {
    const { loanId } = await addLoan(api);
    const answer = await api.call('POST', `/v1/loans/${loanId}/payments`, payment({ currency: 'USD' }));
    expect(answer.body).toMatchObject({ status: 422, type: 'urn:arrears:CurrencyMismatch', field: 'currency' });
  });

  it('is refused when money is to count from a day that has not come', async () => {
    const { loanId } = await addLoan(api);
    const answer = await api.call('POST', `/v1/loans/${loanId}/payments`, payment({ valueDay: '2026-03-03' }));
    expect(answer.body).toMatchObject({ status: 422, type: 'urn:arrears:PaymentInvalid', field: 'valueDay' });
  });

  it('is refused when its cursor is none that the list gave out', async () => {
    const answer = await api.call('GET', '/v1/cases?cursor=made-up');
    expect(answer.body).toMatchObject({ status: 400, field: 'cursor' });
  });
});

describe('the log', () => {
  it('has the pattern of a route and no person in it', async () => {
    await addLoan(api);
    await api.call('GET', '/v1/outbox?to=%2B447700900123');
    const log = api.logged.join('');
    expect(log).toContain('/v1/customers/:customerId');
    expect(log).not.toMatch(/Robin|7700900123|example\.com/);
  });
});

describe('a loan', () => {
  it('is shown as it stood on the day that is asked for', async () => {
    const { loanId } = await addLoan(api);
    await api.call('POST', `/v1/loans/${loanId}/payments`, payment({ amountMinor: 60_000, valueDay: '2026-02-25' }));
    const before = await api.call('GET', `/v1/loans/${loanId}?asOf=2026-02-24`);
    expect(before.body.delinquency).toMatchObject({ rawDpd: 4, overdueMinor: 101_000, bucket: 'M1' });
    const today = await api.call('GET', `/v1/loans/${loanId}`);
    expect(today.body.delinquency).toMatchObject({ asOf: '2026-03-02', rawDpd: 10, overdueMinor: 41_000 });
    expect(today.body.delinquency.overdue).toEqual({
      principalMinor: 41_000,
      interestMinor: 0,
      feeMinor: 0,
      penaltyMinor: 0,
    });
  });

  it('takes the same payment twice as one', async () => {
    const { loanId } = await addLoan(api);
    const paid = payment({ paymentId: `P-${loanId}` });
    expect((await api.call('POST', `/v1/loans/${loanId}/payments`, paid)).status).toBe(201);
    expect((await api.call('POST', `/v1/loans/${loanId}/payments`, paid)).status).toBe(200);
    expect((await api.call('GET', `/v1/loans/${loanId}/payments`)).body.items).toHaveLength(1);
  });
});
