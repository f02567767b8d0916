import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addPause } from '../../src/store/pauses';
import { addCase, addLoan } from './portfolio';
import { startApi, type TestApi } from './support';

let api: TestApi;
let withCase: string;
beforeAll(async () => {
  api = await startApi();
  ({ loanId: withCase } = await addCase(api, { branch: 'coast' }));
  await addLoan(api, { branch: 'coast', product: 'car' });
  await addLoan(api, { branch: 'inland' });
});
afterAll(() => api.close());

const storm = { filter: { branches: ['coast'] }, from: '2026-03-02', until: '2026-05-01', reason: 'disaster' };

interface Preview {
  readonly loans: number;
  readonly token: string;
}

async function preview(changes: object = {}): Promise<Preview> {
  const { status, body } = await api.call('POST', '/v1/pauses/preview', { ...storm, ...changes });
  expect(status).toBe(200);
  return body as unknown as Preview;
}

describe('a pause of many loans', () => {
  it('is previewed with counts, amounts and a sample, and writes nothing', async () => {
    expect(await preview()).toMatchObject({
      loans: 2,
      openCases: 1,
      amounts: [{ currency: 'CNY', overdueMinor: 202_000, outstandingMinor: 404_000 }],
      sample: expect.arrayContaining([withCase]),
      reviewDay: null,
    });
    expect((await api.call('GET', '/v1/pauses/storm-1')).status).toBe(404);
  });

  it.each([
    [{ filter: { products: ['car'] } }, 1],
    [{ filter: { buckets: ['M1'] } }, 3],
    [{ filter: { branches: ['coast', 'inland'], tiers: ['medium'], products: ['personal'] } }, 2],
  ])('takes every part of the filter: %j', async (changes, loans) => {
    expect(await preview(changes)).toMatchObject({ loans });
  });

  it('takes loans by a flag of theirs, or of their borrower', async () => {
    const flagged = await addLoan(api, { branch: 'hills' });
    const flag = { flag: 'disaster-area', evidence: 'notice 7' };
    expect((await api.call('POST', `/v1/customers/${flagged.customerId}/flags`, flag)).status).toBe(200);
    const found = await preview({ filter: { flags: ['disaster-area'] } });
    expect(found).toMatchObject({ loans: 1, sample: [flagged.loanId] });
  });

  it.each([
    [{ filter: {} }, 'InputInvalid', 'filter'],
    [{ filter: { branches: ['nowhere'] } }, 'PauseInvalid', 'filter'],
    [{ filter: { buckets: ['M6'] } }, 'PauseInvalid', 'filter'],
    [{ filter: { loanIds: ['L-nobody'] } }, 'NotFound', 'filter.loanIds'],
    [{ filter: { regions: ['coast'] } }, 'InputInvalid', 'filter.regions'],
    [{ until: '2026-03-02' }, 'PauseInvalid', 'until'],
    [{ until: null, reviewOn: '2026-03-02' }, 'PauseInvalid', 'reviewOn'],
    [{ reviewOn: '2026-03-20' }, 'PauseInvalid', 'reviewOn'],
    [{ from: '2026-02-30' }, 'InputInvalid', 'from'],
    [{ reason: 'storm' }, 'InputInvalid', 'reason'],
  ])('is refused with the field: %j', async (changes, type, field) => {
    const { body } = await api.call('POST', '/v1/pauses/preview', { ...storm, ...changes });
    expect(body).toMatchObject({ type: `urn:arrears:${type}`, field });
  });

  it('is agreed to by its token, once per id', async () => {
    const { token } = await preview();
    const wish = { ...storm, token, bulkId: 'storm-2' };
    const agreed = await api.call('POST', '/v1/pauses', wish);
    expect(agreed).toMatchObject({ status: 202, body: { bulkId: 'storm-2', loans: 2, paused: 0, done: false } });
    expect((await api.call('POST', '/v1/pauses', wish)).body).toMatchObject({ bulkId: 'storm-2', loans: 2 });
    const progress = await api.call('GET', '/v1/pauses/storm-2');
    expect(progress).toMatchObject({ status: 200, body: { loans: 2, fromDay: '2026-03-02', untilDay: '2026-05-01' } });
    const other = await api.call('POST', '/v1/pauses', { ...wish, bulkId: 'storm-3', until: '2026-05-02' });
    expect(other.body).toMatchObject({ status: 422, type: 'urn:arrears:PauseInvalid', field: 'token' });
  });

  it('ends by a preview and its token too', async () => {
    const none = await api.call('POST', '/v1/pauses/resume/preview', { filter: { branches: ['inland'] } });
    expect(none.body).toMatchObject({ status: 422, type: 'urn:arrears:PauseInvalid', field: 'filter' });
    await addPause(api.pool, {
      ...{ pauseId: 'by-hand', loanId: withCase, fromDay: '2026-03-01', untilDay: null, reason: 'other', actor: 'ana' },
    });
    const wish = { filter: { branches: ['coast'] }, on: '2026-03-02' };
    const found = await api.call('POST', '/v1/pauses/resume/preview', wish);
    expect(found).toMatchObject({
      status: 200,
      body: { loans: 1, openCases: 1, on: '2026-03-02', sample: [withCase] },
    });
    const agreed = { ...wish, bulkId: 'over-1', token: (found.body as unknown as Preview).token };
    const answer = await api.call('POST', '/v1/pauses/resume', agreed);
    expect(answer).toMatchObject({
      status: 202,
      body: { resumes: true, fromDay: '2026-03-02', reason: null, loans: 1 },
    });
  });

  it('is for supervisors', async () => {
    const asCollector = await startApi({ keys: [{ key: 'k', actor: 'zhou', roles: ['collector'] }] });
    const answer = await asCollector.call('POST', '/v1/pauses/preview', storm, { authorization: 'Bearer k' });
    expect(answer.body).toMatchObject({ status: 403, type: 'urn:arrears:Forbidden' });
    await asCollector.close();
  });
});
