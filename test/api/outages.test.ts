import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addCase, payment } from './portfolio';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';
import { startApi, type TestApi } from './support';

let database: TcpProxy;
let temporal: TcpProxy;
let api: TestApi;
beforeAll(async () => {
  const target = new URL(process.env['ARREARS_TEST_DATABASE_URL']!);
  database = await startTcpProxy({ host: target.hostname, port: Number(target.port) });
  const [host = '', port = ''] = process.env['ARREARS_TEST_TEMPORAL_ADDRESS']!.split(':');
  temporal = await startTcpProxy({ host, port: Number(port) });
  const through = {
    temporal: `127.0.0.1:${temporal.port}`,
    database(text: string) {
      const url = new URL(text);
      url.hostname = '127.0.0.1';
      url.port = String(database.port);
      return url.href;
    },
  };
  api = await startApi({ through });
});
afterAll(async () => {
  await api.close();
  await Promise.all([database.close(), temporal.close()]);
});

describe('while the database is away', () => {
  it('requests are told to try again, and the same request succeeds once it is back', async () => {
    const { loanId } = await addCase(api);
    const [url, body, key] = [`/v1/loans/${loanId}/payments`, payment(), { 'idempotency-key': 'through-the-storm' }];
    database.cut();
    const refused = await api.call('POST', url, body, key);
    expect(refused).toMatchObject({ status: 503, type: 'application/problem+json' });
    expect(refused.headers['retry-after']).toBeDefined();
    expect(refused.body).toMatchObject({ type: 'urn:arrears:Unavailable', detail: 'the database cannot be reached' });
    expect((await api.call('GET', '/readyz')).body).toMatchObject({
      status: 503,
      detail: 'cannot be reached: database',
    });
    expect((await api.call('GET', '/healthz')).status).toBe(200);
    expect((await api.call('GET', '/metrics')).status).toBe(200);
    database.mend();
    expect((await api.call('GET', '/readyz')).status).toBe(200);
    expect((await api.call('POST', url, body, key)).status).toBe(201);
  });
});

describe('while the workflow service is away', () => {
  it('a case is still shown, a command is told to try again, and a payment that was posted reaches its case later', async () => {
    const { loanId } = await addCase(api);
    const paid = payment();
    temporal.cut();
    expect((await api.call('GET', `/v1/cases/${loanId}`)).body).toMatchObject({ loanId, workflow: null });
    const paused = await api.call('POST', `/v1/cases/${loanId}/pause`, { reason: 'hardship' });
    expect(paused.body).toMatchObject({ status: 503, type: 'urn:arrears:Unavailable' });
    expect((await api.call('GET', '/readyz')).body.detail).toBe('cannot be reached: temporal');
    expect((await api.call('POST', `/v1/loans/${loanId}/payments`, paid)).status).toBe(503);
    temporal.mend();
    const answer = await untilAnswered(() => api.call('POST', `/v1/loans/${loanId}/payments`, paid));
    expect(answer.status).toBe(200);
  });
});

async function untilAnswered<T extends { status: number }>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await ask();
    if (answer.status !== 503 || attempt === 10) return answer;
  }
}
