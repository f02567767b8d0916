import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually';
import { startApi, type TestApi } from './support';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const csv = { 'content-type': 'text/csv; charset=utf-8' };
const yaml = { 'content-type': 'application/yaml' };
const retail = readFileSync(path.join(__dirname, '../../policies/retail.yaml'), 'utf8');

describe('a file', () => {
  it('brings its good rows and reports every bad one, page by page', async () => {
    const rows = [1, 2, 3, 4, 5].map((n) => `C-file-${n},Robin Example,${n % 2 ? 'en' : 'xx'},Asia/Shanghai`);
    const file = ['customer_id,name,language,timezone', ...rows].join('\n');
    const taken = await api.call('POST', '/v1/imports?kind=customers&fileName=people.csv', file, csv);
    expect(taken).toMatchObject({ status: 200, body: { state: 'done', rowsRead: 5, rowsTaken: 3, rowsRefused: 2 } });
    const url = `/v1/imports/${taken.body.importId}?limit=1`;
    const first = await api.call('GET', url);
    expect(first.body).toMatchObject({ fileName: 'people.csv', refusals: { items: [{ line: 3, field: 'language' }] } });
    const second = await api.call('GET', `${url}&cursor=${first.body.refusals.nextCursor as string}`);
    expect(second.body.refusals).toMatchObject({ items: [{ line: 5, field: 'language' }], nextCursor: null });
    expect((await api.call('GET', '/v1/customers/C-file-1')).body.name).toBe('Robin Example');
  });

  it('that is larger than a mebibyte is taken', async () => {
    const row = (n: number) => JSON.stringify({ type: 'x', n, filler: 'x'.repeat(1_000) });
    const file = Array.from({ length: 1_500 }, (_, n) => row(n)).join('\n');
    const headers = { 'content-type': 'application/x-ndjson' };
    const taken = await api.call('POST', '/v1/imports?kind=customers', file, headers);
    expect(taken.body).toMatchObject({ rowsRead: 1_500, rowsTaken: 0, rowsRefused: 1_500 });
  });

  it.each([
    ['/v1/imports', csv, 'kind'],
    ['/v1/imports?kind=horses', csv, 'kind'],
  ])('is refused at %s', async (url, headers, field) => {
    expect((await api.call('POST', url, 'a,b', headers)).body).toMatchObject({ status: 400, field });
  });

  it('of another type is refused', async () => {
    const answer = await api.call('POST', '/v1/imports?kind=customers', '{}', { 'content-type': 'application/json' });
    expect(answer.body).toMatchObject({ status: 415, type: 'urn:arrears:InputInvalid' });
  });

  it('with a header that does not fit is told so, with nothing taken', async () => {
    const answer = await api.call('POST', '/v1/imports?kind=loans', 'id,amount\n1,2', csv);
    expect(answer).toMatchObject({ status: 422, body: { state: 'failed', rowsTaken: 0 } });
  });
});

describe('over a socket', () => {
  let port: number;
  beforeAll(async () => {
    await api.app.listen({ host: '127.0.0.1', port: 0 });
    port = (api.app.server.address() as AddressInfo).port;
  });

  it('a file that breaks off is on record as failed, with the rows that came', async () => {
    const importId = randomUUID();
    const socket = connect(port, '127.0.0.1');
    const head = ['POST', `/v1/imports?kind=customers&importId=${importId}`, 'HTTP/1.1'].join(' ');
    const file = 'customer_id,name,language,timezone\nC-cut,Robin Example,en,Asia/Shanghai\n';
    socket.write(`${head}\r\nHost: localhost\r\nContent-Type: text/csv\r\nContent-Length: 1000000\r\n\r\n${file}`);
    const report = () => api.call('GET', `/v1/imports/${importId}`);
    await eventually(report, ({ status }) => status === 200);
    socket.destroy();
    const { body } = await eventually(report, (answer) => answer.body.state !== 'running');
    expect(body).toMatchObject({ state: 'failed', rowsTaken: 1 });
  });

  it('bytes that are not HTTP are answered with a problem document', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.write('hello there\r\n\r\n');
    let answer = '';
    for await (const chunk of socket) answer += String(chunk);
    expect(answer).toContain('HTTP/1.1 400');
    expect(answer).toContain('urn:arrears:InputInvalid');
  });
});

describe('a policy', () => {
  it('is published once under its version and never changed', async () => {
    const next = retail.replace("version: '2027.01'", "version: '2027.02'");
    const published = await api.call('POST', '/v1/policies', next, { ...yaml, 'x-actor': 'ola' });
    expect(published).toMatchObject({
      status: 201,
      body: { policyId: 'retail', version: '2027.02', publishedBy: 'ola' },
    });
    expect((await api.call('POST', '/v1/policies', next, yaml)).status).toBe(200);
    const changed = next.replace('extensionDaysMax: 90', 'extensionDaysMax: 91');
    const refused = await api.call('POST', '/v1/policies', changed, yaml);
    expect(refused.body).toMatchObject({ status: 409, type: 'urn:arrears:PolicyImmutable' });
    const list = await api.call('GET', '/v1/policies');
    expect(list.body.items.map(({ version }) => version)).toEqual(['2027.02', '2027.01']);
    const old = await api.call('GET', '/v1/policies/retail?version=2027.01');
    expect(old.body.document.policy).toMatchObject({ id: 'retail', version: '2027.01' });
  });

  it('is refused with every problem and its line', async () => {
    const wrong = retail
      .replace('sms: first-reminder', 'sms: frist-reminder')
      .replace('tolerance: 1000', 'tolerance: -1');
    const refused = await api.call('POST', '/v1/policies', { policy: wrong });
    expect(refused.body).toMatchObject({ status: 422, type: 'urn:arrears:PolicyInvalid' });
    const errors = refused.body.errors as { field: string; reason: string }[];
    expect(errors.map(({ field }) => field)).toEqual(expect.arrayContaining(['grace.tolerance']));
    expect(errors.every(({ reason }) => /^policy\.yaml:\d+:\d+: /.test(reason))).toBe(true);
    expect(errors.length).toBeGreaterThan(1);
  });

  it('may come with its own templates', async () => {
    const refused = await api.call('POST', '/v1/policies', { policy: retail, messages: {} });
    expect(refused.body).toMatchObject({ status: 422, type: 'urn:arrears:PolicyInvalid' });
  });
});
