import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { addDays } from '../../src/domain/day';
import { caseOf, closedCaseOf } from '../support/case-record';
import { eventually } from '../support/eventually';
import { type CaseService, startCaseService } from '../support/case-service';
import { addBorrower, addLoan, bankToday, pay } from '../support/portfolio';
import { type Answer, call, createTestApp } from './support';

let service: CaseService;
let app: FastifyInstance;
beforeAll(async () => {
  service = await startCaseService();
  ({ app } = await createTestApp(service.desk, service.providers.outbox));
});
afterAll(async () => {
  await app.close();
  await service.close();
});

function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return call(app, 'POST', url, body, headers);
}

async function openCase(dueDaysAgo: number): Promise<string> {
  const loanId = await addLoan(service, await addBorrower(service), { dueDaysAgo });
  expect((await post('/v1/cases', { loanId })).status).toBe(201);
  return loanId;
}

describe('a running case', () => {
  it('says what it does next and why', async () => {
    const loanId = await openCase(2);
    const look = () => call(app, 'GET', `/v1/cases/${loanId}`);
    const { body } = await eventually(look, (answer) => answer.body.workflow?.next?.do === 'wait');
    expect(body.workflow).toMatchObject({ stage: 'reminder', rawDpd: 2 });
    expect(Date.parse(body.workflow?.next?.at ?? '')).toBeGreaterThan(Date.now());
  });

  it('is paused and resumed, once per key', async () => {
    const loanId = await openCase(2);
    const key = { 'idempotency-key': 'pause-1', 'x-actor': 'sue' };
    const paused = await post(`/v1/cases/${loanId}/pause`, { reason: 'hardship' }, key);
    expect(paused).toMatchObject({ status: 200 });
    expect(paused.body.summary).toMatch(/with no end yet, to be reviewed on \d{4}-\d\d-\d\d: hardship$/);
    expect((await post(`/v1/cases/${loanId}/pause`, { reason: 'hardship' }, key)).body).toEqual(paused.body);
    await eventually(
      () => caseOf(service, loanId),
      (row) => row.paused,
    );
    expect((await post(`/v1/cases/${loanId}/resume`, undefined)).status).toBe(200);
    await eventually(
      () => caseOf(service, loanId),
      (row) => !row.paused,
    );
    const { body } = await call(app, 'GET', `/v1/cases/${loanId}/dossier`);
    expect(body.pauses).toMatchObject([{ reason: 'hardship', actor: 'sue', resumedBy: 'operator' }]);
  });

  it('refuses a pause that ends before it begins, and a resume where nothing rests', async () => {
    const loanId = await openCase(2);
    const today = await bankToday(service);
    const backwards = { from: today, until: addDays(today, -1), reason: 'disaster' };
    const paused = await post(`/v1/cases/${loanId}/pause`, backwards);
    expect(paused.body).toMatchObject({ status: 422, type: 'urn:arrears:PauseInvalid', field: 'until' });
    const resumed = await post(`/v1/cases/${loanId}/resume`, {});
    expect(resumed.body).toMatchObject({ status: 422, type: 'urn:arrears:PauseInvalid', field: 'on' });
  });

  it('is extended within the policy’s limit, rests, and closes when the money comes', async () => {
    const loanId = await openCase(5);
    const extend = (days: number) => ({ terms: { kind: 'extension', days }, reason: 'illness' });
    const tooLong = await post(`/v1/cases/${loanId}/restructures`, extend(91));
    expect(tooLong.body).toMatchObject({ status: 422, type: 'urn:arrears:RestructureInvalid', field: 'terms.days' });
    expect((await post(`/v1/cases/${loanId}/restructures`, extend(30))).body.summary).toBe('extended by 30 days');
    const list = await call(app, 'GET', `/v1/cases/${loanId}/restructures`);
    expect(list.body.items).toMatchObject([{ kind: 'extension', terms: { days: 30 }, reason: 'illness' }]);
    await eventually(
      () => caseOf(service, loanId),
      ({ nextAction }) => nextAction.startsWith('an arrangement is kept'),
    );
    await pay(service, loanId, { amountMinor: 100_000 });
    await closedCaseOf(service, loanId);
    const late = await post(`/v1/cases/${loanId}/pause`, { reason: 'hardship' });
    expect(late.body).toMatchObject({ status: 409, type: 'urn:arrears:CaseNotOpen' });
  });

  it('that never was is not commanded', async () => {
    const answer = await post('/v1/cases/L-never/pause', { reason: 'hardship' });
    expect(answer.body).toMatchObject({ status: 404, type: 'urn:arrears:NotFound' });
  });
});

describe('the bank’s clock', () => {
  it('is moved for every case, and tells how far it has got', async () => {
    const loanId = await openCase(2);
    const before = (await call(app, 'GET', '/v1/time')).body.bankTime;
    const headers = { accept: 'application/x-ndjson' };
    const moved = await post('/v1/time/forward', { days: 2 }, headers);
    const lines = moved.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toMatchObject([{ day: 0 }, { day: 1, days: 2 }, { day: 2, days: 2 }, { days: 2 }]);
    expect(Date.parse(lines.at(-1)!['bankTime'] as string) - Date.parse(before)).toBeGreaterThanOrEqual(2 * 86_400_000);
    expect((await post('/v1/time/forward', { days: 3 })).body).toMatchObject({ days: 3 });
    expect(await caseOf(service, loanId)).toMatchObject({ rawDpd: 7 });
    const outbox = await call(app, 'GET', '/v1/outbox?channel=sms');
    expect(outbox.body.items.length).toBeGreaterThan(0);
  });
});
