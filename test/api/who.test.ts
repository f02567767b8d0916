import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApi, type TestApi } from './support';

const keys = [
  { key: 'core-key', actor: 'core-banking', roles: ['system'] },
  { key: 'ana-key', actor: 'ana', roles: ['collector'] },
] as const;
const core = { authorization: 'Bearer core-key' };
const ana = { authorization: 'Bearer ana-key' };

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ keys });
});
afterAll(() => api.close());

describe('with keys in force', () => {
  it.each([{}, { authorization: 'Bearer made-up' }, { authorization: 'Basic core-key' }, { 'x-actor': 'ana' }])(
    'nobody gets in without one: %j',
    async (headers) => {
      const answer = await api.call('GET', '/v1/cases', undefined, headers);
      expect(answer).toMatchObject({ status: 401, type: 'application/problem+json' });
      expect(answer.body.type).toBe('urn:arrears:Unauthorized');
    },
  );

  it('a key does what its roles allow and no more', async () => {
    expect((await api.call('GET', '/v1/cases', undefined, ana)).status).toBe(200);
    const opened = await api.call('POST', '/v1/cases', { loanId: 'L-1' }, ana);
    expect(opened.body).toMatchObject({ status: 403, type: 'urn:arrears:Forbidden' });
    const paused = await api.call('POST', '/v1/cases/L-1/pause', { reason: 'hardship' }, core);
    expect(paused.status).toBe(403);
  });

  it('a refused caller learns nothing about what was sent', async () => {
    const answer = await api.call('POST', '/v1/cases', { wrong: true });
    expect(answer.status).toBe(401);
  });

  it('health, metrics and the description answer everybody', async () => {
    for (const url of ['/healthz', '/readyz', '/metrics', '/openapi.json', '/docs/']) {
      expect([url, (await api.call('GET', url)).status]).toEqual([url, 200]);
    }
  });
});

describe('without keys, on loopback', () => {
  let local: TestApi;
  beforeAll(async () => {
    local = await startApi({ ratePerMinute: 5 });
  });
  afterAll(() => local.close());

  it('a page of another site is not the operator', async () => {
    const answer = await local.call('GET', '/v1/cases', undefined, { origin: 'https://elsewhere.example.com' });
    expect(answer.body).toMatchObject({ status: 403, type: 'urn:arrears:Forbidden' });
  });

  it('nobody acts in the name of the policy', async () => {
    const answer = await local.call('GET', '/v1/cases', undefined, { 'x-actor': 'policy' });
    expect(answer.body).toMatchObject({ status: 400, field: 'X-Actor' });
  });

  it('the clock is not moved where time travel is off', async () => {
    const answer = await local.call('POST', '/v1/time/forward', { days: 1 });
    expect(answer.body).toMatchObject({ status: 403, type: 'urn:arrears:TimeTravelOff' });
  });

  it('too many requests of one caller are refused, those of others are not', async () => {
    const headers = { 'x-actor': 'eager' };
    const statuses: number[] = [];
    for (let n = 0; n < 7; n += 1) statuses.push((await local.call('GET', '/v1/tasks', undefined, headers)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429]);
    const refused = await local.call('GET', '/v1/tasks', undefined, headers);
    expect(refused.body).toMatchObject({ type: 'urn:arrears:RateLimited', status: 429 });
    expect(refused.headers['retry-after']).toBeDefined();
    expect((await local.call('GET', '/v1/tasks', undefined, { 'x-actor': 'calm' })).status).toBe(200);
  });
});

describe('the published description', () => {
  it('has every route with its answers', async () => {
    const { body } = await api.call('GET', '/openapi.json');
    const paths = body.paths as Record<string, Record<string, { responses: object }>>;
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining([
        '/v1/loans/{loanId}',
        '/v1/cases/{loanId}/dossier',
        '/v1/webhooks/twilio/status',
        '/readyz',
      ]),
    );
    for (const [path, verbs] of Object.entries(paths)) {
      for (const { responses } of Object.values(verbs)) {
        expect([path, Object.keys(responses).some((status) => status.startsWith('2'))]).toEqual([path, true]);
      }
    }
  });
});
