import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verifyLedger } from '../../src/ledger/verify';
import { addCase, addLoan, type Loan, payment } from './portfolio';
import { startApi, type TestApi } from './support';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const ana = { 'x-actor': 'ana' };
let ids = 0;
function promise(changes: object = {}) {
  ids += 1;
  return {
    ...{ promiseId: `R-${ids}`, currency: 'CNY', parts: [{ dueDay: '2026-03-06', amountMinor: 50_000 }] },
    ...changes,
  };
}
const give = ({ loanId }: Loan, said: object) => api.call('POST', `/v1/cases/${loanId}/promises`, said, ana);
const cancel = ({ loanId }: Loan, promiseId: string) =>
  api.call('POST', `/v1/cases/${loanId}/promises/${promiseId}/cancel`, { reason: 'asked to' }, ana);
const kindsOf = async ({ loanId }: Loan) =>
  (await api.call('GET', `/v1/cases/${loanId}/timeline`)).body.items.map(({ kind }) => kind);

describe('a promise that another system heard', () => {
  it('is one promise, however often it is put', async () => {
    const loan = await addCase(api);
    const parts = [
      { dueDay: '2026-03-04', amountMinor: 20_000 },
      { dueDay: '2026-03-09', amountMinor: 30_000 },
    ];
    const said = promise({ parts });
    const first = await give(loan, said);
    expect(first.body.items).toMatchObject([
      { promiseId: said.promiseId, state: 'open', source: 'api', promisedMinor: 50_000, openUntilDay: '2026-03-05' },
    ]);
    expect((await give(loan, said)).body).toEqual(first.body);
    expect((await kindsOf(loan)).filter((kind) => kind === 'promised')).toHaveLength(1);
    const other = await give(loan, { ...said, parts: parts.slice(1) });
    expect(other.body).toMatchObject({ type: 'urn:arrears:AlreadyExists', field: 'promiseId' });
    expect((await give(await addCase(api), said)).body.type).toBe('urn:arrears:AlreadyExists');
  });

  it('shows the money that came for it, without what was undone', async () => {
    const loan = await addCase(api);
    await give(loan, promise());
    const [paid, bounced] = [payment({ amountMinor: 20_000 }), payment({ amountMinor: 30_000 })];
    for (const one of [paid, bounced]) await api.call('POST', `/v1/loans/${loan.loanId}/payments`, one);
    const shown = async () => (await api.call('GET', `/v1/cases/${loan.loanId}/promises`)).body.items;
    expect(await shown()).toMatchObject([{ state: 'kept', receivedMinor: 50_000 }]);
    const bounce = { ...payment(), kind: 'bounce', amountMinor: 30_000, reverses: bounced['paymentId'] };
    expect((await api.call('POST', `/v1/loans/${loan.loanId}/payments`, bounce)).status).toBeLessThan(300);
    expect(await shown()).toMatchObject([{ state: 'open', receivedMinor: 20_000 }]);
    const { body } = await api.call('GET', `/v1/cases/${loan.loanId}/promises`);
    expect(body).toMatchObject({ rate: { kept: 0, broken: 0, share: null } });
    const dossier = await api.call('GET', `/v1/cases/${loan.loanId}/dossier`);
    expect(dossier.body).toMatchObject({ promises: await shown() });
  });

  it.each([
    [{ currency: 'USD' }, 422, 'CurrencyMismatch', 'currency'],
    [{ parts: [{ dueDay: '2026-03-02', amountMinor: 1 }] }, 422, 'PromiseInvalid', 'parts.0.dueDay'],
    [{ parts: [{ dueDay: '2026-03-17', amountMinor: 1 }] }, 422, 'PromiseInvalid', 'parts.0.dueDay'],
    [{ parts: [{ dueDay: '2026-03-06', amountMinor: 202_001 }] }, 422, 'PromiseInvalid', 'parts.0.amountMinor'],
    [{ parts: [{ dueDay: '2026-03-06', amountMinor: 0 }] }, 400, 'InputInvalid', 'parts.0.amountMinor'],
    [{ parts: [] }, 400, 'InputInvalid', 'parts'],
    [
      {
        parts: [
          { dueDay: '2026-03-06', amountMinor: 1 },
          { dueDay: '2026-03-05', amountMinor: 1 },
        ],
      },
      ...([422, 'PromiseInvalid', 'parts.1.dueDay'] as const),
    ],
  ])('is refused as %j', async (changes, status, type, field) => {
    const loan = await addCase(api);
    const answer = await give(loan, promise(changes));
    expect(answer.body).toMatchObject({ status, type: `urn:arrears:${type}`, field });
    expect((await api.call('GET', `/v1/cases/${loan.loanId}/promises`)).body.items).toEqual([]);
  });

  it('is refused while as many run as the policy takes, and where no case is open', async () => {
    const loan = await addCase(api);
    for (let no = 1; no <= 2; no += 1) expect((await give(loan, promise())).status).toBe(200);
    expect((await give(loan, promise())).body).toMatchObject({
      type: 'urn:arrears:PromiseInvalid',
      field: 'promiseId',
    });
    expect((await give(await addLoan(api), promise())).body.type).toBe('urn:arrears:CaseNotOpen');
  });

  it('is taken back while it runs, once, and not when it is kept', async () => {
    const loan = await addCase(api);
    const [first, second] = [promise(), promise({ parts: [{ dueDay: '2026-03-06', amountMinor: 10_000 }] })];
    await give(loan, first);
    await give(loan, second);
    const cancelled = { state: 'cancelled', cancelledDay: '2026-03-02', cancelledBy: 'ana' };
    for (let time = 1; time <= 2; time += 1) {
      expect((await cancel(loan, first.promiseId)).body.items).toMatchObject([cancelled, { state: 'open' }]);
    }
    expect((await kindsOf(loan)).filter((kind) => kind === 'promise-cancelled')).toHaveLength(1);
    await api.call('POST', `/v1/loans/${loan.loanId}/payments`, payment({ amountMinor: 10_000 }));
    const kept = await cancel(loan, second.promiseId);
    expect(kept.body).toMatchObject({ type: 'urn:arrears:PromiseInvalid', detail: 'it is kept already' });
    expect((await cancel(await addCase(api), second.promiseId)).body.type).toBe('urn:arrears:NotFound');
  });

  it('cannot be changed with SQL, and the ledger attests it', async () => {
    const loan = await addCase(api);
    const { promiseId } = promise();
    await give(loan, promise({ promiseId }));
    for (const change of [
      `update promise set given_day = '2026-01-01' where promise_id = $1`,
      `update promise_part set amount_minor = 1 where promise_id = $1`,
    ]) {
      await expect(api.pool.query(change, [promiseId])).rejects.toThrow();
    }
    const findings: unknown[] = [];
    await verifyLedger(api.pool, { onFinding: (finding) => findings.push(finding) });
    expect(findings).toEqual([]);
  });
});
