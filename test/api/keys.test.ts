import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addCase, addLoan, payment } from './portfolio';
import { startApi, type TestApi } from './support';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

describe('a request under an Idempotency-Key', () => {
  it('is answered once and then replayed', async () => {
    const { loanId } = await addLoan(api);
    const [url, body, headers] = ['/v1/cases', { loanId }, { 'idempotency-key': 'open-1' }];
    const first = await api.call('POST', url, body, headers);
    const again = await api.call('POST', url, body, headers);
    expect(first.status).toBe(201);
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect(again).toMatchObject({ status: 201, body: first.body, headers: { 'idempotency-replayed': 'true' } });
  });

  it('is refused when the key was used for another body', async () => {
    const { loanId } = await addLoan(api);
    const url = `/v1/loans/${loanId}/payments`;
    await api.call('POST', url, payment({ amountMinor: 1 }), { 'idempotency-key': 'pay-1' });
    const other = await api.call('POST', url, payment({ amountMinor: 2 }), { 'idempotency-key': 'pay-1' });
    expect(other.body).toMatchObject({
      status: 422,
      type: 'urn:arrears:IdempotencyConflict',
      field: 'Idempotency-Key',
    });
    expect((await api.call('GET', url)).body.items).toHaveLength(1);
  });

  it('is refused when the key was used for the same body about another loan', async () => {
    const [one, two] = [await addCase(api), await addCase(api)];
    const headers = { 'idempotency-key': 'escalate-1' };
    const body = { stage: 'team', reason: 'asked by the branch' };
    expect((await api.call('POST', `/v1/cases/${one.loanId}/escalate`, body, headers)).status).toBe(200);
    expect((await api.call('POST', `/v1/cases/${two.loanId}/escalate`, body, headers)).status).toBe(422);
  });

  it('gives a refusal again as the same refusal', async () => {
    const headers = { 'idempotency-key': 'unknown-1' };
    const first = await api.call('POST', '/v1/cases', { loanId: 'L-unknown' }, headers);
    const again = await api.call('POST', '/v1/cases', { loanId: 'L-unknown' }, headers);
    expect(first.status).toBe(404);
    expect(again).toMatchObject({ status: 404, type: 'application/problem+json', body: first.body });
  });

  it('is another request when another person makes it', async () => {
    const { loanId } = await addLoan(api);
    const key = { 'idempotency-key': 'open-2' };
    const ana = await api.call('POST', '/v1/cases', { loanId }, { ...key, 'x-actor': 'ana' });
    const ben = await api.call('POST', '/v1/cases', { loanId }, { ...key, 'x-actor': 'ben' });
    expect([ana.status, ben.status]).toEqual([201, 200]);
  });

  it('is refused when the key is longer than 200 characters', async () => {
    const answer = await api.call('POST', '/v1/cases', { loanId: 'L-1' }, { 'idempotency-key': 'k'.repeat(201) });
    expect(answer.body).toMatchObject({ status: 400, field: 'Idempotency-Key' });
  });
});

describe('the case of a loan', () => {
  it('is one case however often it is opened, also at the same time', async () => {
    const { loanId } = await addLoan(api);
    const answers = await Promise.all(Array.from({ length: 8 }, () => api.call('POST', '/v1/cases', { loanId })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 200, 200, 201]);
    expect(new Set(answers.map(({ body }) => body.caseNo))).toEqual(new Set([1]));
    const events = await api.call('GET', `/v1/cases/${loanId}/timeline`);
    expect(events.body.items).toMatchObject([{ kind: 'opened', actor: 'operator' }]);
  });

  it('is not opened while nothing is overdue', async () => {
    const { loanId } = await addLoan(api, { instalments: [{ no: 1, dueDay: '2026-06-01', principalMinor: 5_000 }] });
    const answer = await api.call('POST', '/v1/cases', { loanId });
    expect(answer.body).toMatchObject({ status: 422, type: 'urn:arrears:LoanNotDelinquent' });
  });

  it('is listed page by page, each case once', async () => {
    const branch = 'paged';
    const opened = [];
    for (let n = 0; n < 5; n += 1) opened.push((await addCase(api, { branch })).loanId);
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await api.call('GET', `/v1/cases?branch=${branch}&limit=2${cursor}`);
      seen.push(...page.body.items.map(({ loanId }) => loanId));
      cursor = page.body.nextCursor === null ? '' : `&cursor=${page.body.nextCursor}`;
    } while (cursor !== '');
    expect(seen).toEqual(opened.sort());
  });

  it('is shown from the database while its workflow does not answer', async () => {
    const { loanId } = await addCase(api);
    const answer = await api.call('GET', `/v1/cases/${loanId}`);
    expect(answer.body).toMatchObject({ loanId, status: 'open', stage: 'reminder', rawDpd: 10, workflow: null });
  });

  it('tells of every payment and of what undid it', async () => {
    const { loanId } = await addCase(api);
    const url = `/v1/loans/${loanId}/payments`;
    await api.call('POST', url, payment({ paymentId: `P-${loanId}` }));
    await api.call('POST', url, payment({ paymentId: `B-${loanId}`, kind: 'bounce', reverses: `P-${loanId}` }));
    const { items } = (await api.call('GET', `/v1/cases/${loanId}/timeline`)).body;
    const kinds = ['opened', 'payment-posted', 'facts-corrected', 'payment-reversed', 'facts-corrected'];
    expect(items.map(({ kind }) => kind)).toEqual(kinds);
  });
});
