import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verifyLedger } from '../../src/ledger/verify';
import { addCase, type Loan, payment } from './portfolio';
import { startApi, type TestApi } from './support';

const keys = [
  { key: 'sys', actor: 'core', roles: ['system'] },
  { key: 'ana', actor: 'ana', roles: ['supervisor'] },
  { key: 'bo', actor: 'bo', roles: ['supervisor'] },
] as const;
const as = (key: string) => ({ authorization: `Bearer ${key}` });

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ keys });
});
afterAll(() => api.close());

/** 2,020.00 are owed; the first half fell due so long ago that the policy lets the loan be written off. */
function addOldCase(dueDay = '2025-08-20'): Promise<Loan> {
  const asCore = { ...api, call: (m: 'GET' | 'POST' | 'PUT', u: string, b?: unknown) => api.call(m, u, b, as('sys')) };
  const half = { principalMinor: 100_000, interestMinor: 1_000 };
  const instalments = [
    { no: 1, dueDay, ...half },
    { no: 2, dueDay: '2026-03-20', ...half },
  ];
  return addCase(asCore, { disbursedDay: '2025-06-01', instalments });
}

interface Endings {
  readonly current: object | null;
  readonly items: readonly { readonly approvalId: string; readonly state: string }[];
}

const writeOff = { reason: 'uncollectable', evidence: ['DMS:2026/0117'] };
const sale = { buyer: 'Second Asset Ltd', saleDay: '2026-03-01', priceMinor: 8_000, noticeEvidence: ['DMS:2026/0118'] };
const post = ({ loanId }: Loan, path: string, body: object, key = 'ana') =>
  api.call('POST', `/v1/cases/${loanId}/${path}`, body, as(key));
const endingsOf = async ({ loanId }: Loan, what: 'write-off' | 'sale'): Promise<Endings> =>
  (await api.call('GET', `/v1/cases/${loanId}/${what}`, undefined, as('ana'))).body as unknown as Endings;
const decide = (approvalId: string, key: string, decision = 'approve') =>
  api.call('POST', `/v1/approvals/${approvalId}/decision`, { decision, reason: 'looked at it' }, as(key));

async function waitingApprovalOf({ loanId }: Loan): Promise<string> {
  const url = `/v1/approvals?state=waiting&loanId=${loanId}`;
  const { items } = (await api.call('GET', url, undefined, as('bo'))).body as unknown as Endings;
  return items[0]!.approvalId;
}

async function writtenOff(): Promise<Loan> {
  const loan = await addOldCase();
  await post(loan, 'write-off', writeOff);
  await decide(await waitingApprovalOf(loan), 'bo');
  return loan;
}

describe('writing a loan off', () => {
  it('takes two people, and leaves the claim and its days past due as they are', async () => {
    const loan = await addOldCase();
    const proposed = await post(loan, 'write-off', writeOff);
    const waiting = { state: 'waiting', reason: 'uncollectable', rawDpd: 194, outstandingMinor: 202_000 };
    expect(proposed.body).toMatchObject({ current: null, items: [{ ...waiting, proposedBy: 'ana' }] });
    const approvalId = await waitingApprovalOf(loan);
    expect((await decide(approvalId, 'ana')).body).toMatchObject({ status: 403, type: 'urn:arrears:FourEyes' });
    expect((await decide(approvalId, 'bo')).status).toBe(200);
    const figures = { day: '2026-03-02', writtenOffMinor: 202_000, recoveredMinor: 0, outstandingMinor: 202_000 };
    expect(await endingsOf(loan, 'write-off')).toMatchObject({
      ...{ current: figures, items: [{ state: 'in-force', decidedBy: 'bo' }] },
    });
    const standing = await api.call('GET', `/v1/loans/${loan.loanId}`, undefined, as('ana'));
    expect(standing.body.delinquency).toMatchObject({ rawDpd: 194 });
    const dossier = await api.call('GET', `/v1/cases/${loan.loanId}/dossier`, undefined, as('ana'));
    expect(dossier.body).toMatchObject({ writeOffs: [{ state: 'in-force', evidence: ['DMS:2026/0117'] }] });
  });

  it('books money from that day on as recovered, and money of before as less that was written off', async () => {
    const loan = await writtenOff();
    const post1 = (body: object) => api.call('POST', `/v1/loans/${loan.loanId}/payments`, body, as('sys'));
    const recovery = payment({ amountMinor: 7_000, valueDay: '2026-03-02' });
    await post1(recovery);
    await post1(payment({ amountMinor: 2_000, valueDay: '2026-02-27' }));
    expect((await endingsOf(loan, 'write-off')).current).toMatchObject({
      ...{ writtenOffMinor: 200_000, recoveredMinor: 7_000, outstandingMinor: 193_000 },
      recoveries: [{ paymentId: recovery['paymentId'], valueDay: '2026-03-02', amountMinor: 7_000 }],
    });
    const undone = { ...payment({ amountMinor: 7_000 }), kind: 'bounce', reverses: recovery['paymentId'] };
    await post1(undone);
    const timeline = await api.call('GET', `/v1/cases/${loan.loanId}/timeline`, undefined, as('ana'));
    const told = timeline.body.items.map(({ kind }) => kind).filter((kind) => /-(posted|reversed)$/.test(kind));
    expect(told).toEqual(['recovery-posted', 'payment-posted', 'recovery-reversed']);
  });

  it('is refused twice, before its day, and without a document', async () => {
    const loan = await addOldCase();
    await post(loan, 'write-off', writeOff);
    expect((await post(loan, 'write-off', writeOff)).body).toMatchObject({ type: 'urn:arrears:AlreadyExists' });
    await decide(await waitingApprovalOf(loan), 'bo');
    expect((await post(loan, 'write-off', writeOff)).body).toMatchObject({ type: 'urn:arrears:AlreadyExists' });
    const early = await post(await addOldCase('2026-02-20'), 'write-off', writeOff);
    expect(early.body).toMatchObject({ status: 422, type: 'urn:arrears:EndingInvalid' });
    expect(early.body.detail).toContain('from 180 days past due, not 10');
    const bare = await post(loan, 'write-off', { ...writeOff, evidence: [] });
    expect(bare.body).toMatchObject({ status: 400, field: 'evidence' });
    const wordy = await post(loan, 'write-off', { ...writeOff, evidence: ['Robin said so'] });
    expect(wordy.body).toMatchObject({ status: 400, field: 'evidence.0' });
  });

  it('cannot be agreed to when the money has come meanwhile', async () => {
    const loan = await addOldCase();
    await post(loan, 'write-off', writeOff);
    const money = payment({ amountMinor: 101_000, valueDay: '2026-03-02' });
    await api.call('POST', `/v1/loans/${loan.loanId}/payments`, money, as('sys'));
    const approvalId = await waitingApprovalOf(loan);
    expect((await decide(approvalId, 'bo')).body).toMatchObject({ type: 'urn:arrears:EndingInvalid' });
    expect((await decide(approvalId, 'bo', 'reject')).status).toBe(200);
    expect((await endingsOf(loan, 'write-off')).items).toMatchObject([{ state: 'rejected' }]);
  });
});

describe('undoing a write-off', () => {
  const undo = (loan: Loan) => post(loan, 'write-off/undo', { reason: 'the borrower was found' });

  it('takes two people too, and then nothing is written off', async () => {
    const loan = await writtenOff();
    expect((await undo(loan)).body).toMatchObject({ items: [{ state: 'in-force', undoWaits: true }] });
    expect((await undo(loan)).body.type).toBe('urn:arrears:AlreadyExists');
    const approvalId = await waitingApprovalOf(loan);
    expect((await decide(approvalId, 'ana')).body.type).toBe('urn:arrears:FourEyes');
    await decide(approvalId, 'bo');
    expect(await endingsOf(loan, 'write-off')).toMatchObject({ current: null, items: [{ state: 'undone' }] });
    // It may be written off again, as another proposal.
    expect((await post(loan, 'write-off', writeOff)).status).toBe(200);
  });

  it('is refused where none is in force', async () => {
    expect((await undo(await addOldCase())).body).toMatchObject({ status: 422, type: 'urn:arrears:EndingInvalid' });
  });
});

describe('selling a loan', () => {
  it('is refused for a day that is to come, without a notice, and while another sale waits', async () => {
    const loan = await addOldCase();
    const future = await post(loan, 'sale', { ...sale, saleDay: '2026-03-03' });
    expect(future.body).toMatchObject({ status: 422, type: 'urn:arrears:EndingInvalid', field: 'saleDay' });
    const silent = await post(loan, 'sale', { ...sale, noticeEvidence: [] });
    expect(silent.body).toMatchObject({ status: 400, field: 'noticeEvidence' });
    expect((await post(loan, 'sale', sale)).status).toBe(200);
    expect((await post(loan, 'sale', sale)).body.type).toBe('urn:arrears:AlreadyExists');
    expect((await decide(await waitingApprovalOf(loan), 'ana')).body.type).toBe('urn:arrears:FourEyes');
  });

  it('is what the second person agrees to, and nothing that names the loan passes the gate any more', async () => {
    const loan = await addOldCase();
    await post(loan, 'sale', sale);
    await decide(await waitingApprovalOf(loan), 'bo');
    const sold = {
      state: 'sold',
      buyer: 'Second Asset Ltd',
      saleDay: '2026-03-01',
      priceMinor: 8_000,
      decidedBy: 'bo',
    };
    expect((await endingsOf(loan, 'sale')).items).toMatchObject([sold]);
    expect((await post(loan, 'sale', sale)).body.type).toBe('urn:arrears:AlreadyExists');
  });
});

describe('what was decided about the end of a loan', () => {
  it('cannot be changed with SQL, and the ledger attests it', async () => {
    const loan = await writtenOff();
    for (const table of ['write_off', 'write_off_undo', 'sale']) {
      await expect(api.pool.query(`delete from ${table}`)).rejects.toMatchObject({ code: '42501' });
    }
    const raise = api.pool.query('update write_off set outstanding_minor = 1 where loan_id = $1', [loan.loanId]);
    await expect(raise).rejects.toMatchObject({ code: '42501' });
    const findings: unknown[] = [];
    await verifyLedger(api.pool, { onFinding: (finding) => findings.push(finding) });
    expect(findings).toEqual([]);
  });
});
