import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addTask } from '../../src/store/tasks';
import { verifyLedger } from '../../src/ledger/verify';
import { sampleTask } from '../store/samples';
import { addCase, type Loan } from './portfolio';
import { mondayMorningMs, startApi, type TestApi } from './support';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const ana = { 'x-actor': 'ana' };

async function claimCall(loan: Loan): Promise<string> {
  const taskKey = `${loan.loanId}/1/reminder/day-7-call`;
  const times = { notBeforeMs: mondayMorningMs, dueAtMs: mondayMorningMs + 86_400_000, asks: ['cause'] };
  const { task } = await addTask(api.pool, sampleTask(loan as never, { ...times, taskKey, stage: 'reminder' }));
  await api.call('POST', `/v1/tasks/${task.taskId}/claim`, undefined, ana);
  return task.taskId;
}

const complete = (taskId: string, said: object) => api.call('POST', `/v1/tasks/${taskId}/complete`, said, ana);
const causesOf = async ({ loanId }: Loan) => (await api.call('GET', `/v1/cases/${loanId}/causes`)).body.items;
const say = ({ loanId }: Loan, said: object) => api.call('POST', `/v1/cases/${loanId}/causes`, said, ana);

describe('why a borrower is behind', () => {
  it('is asked for before a talk about it can end', async () => {
    const taskId = await claimCall(await addCase(api));
    const silent = await complete(taskId, { outcome: 'refused' });
    expect(silent.body).toMatchObject({ status: 400, type: 'urn:arrears:InputInvalid', field: 'cause' });
    expect((await complete(taskId, { outcome: 'refused', cause: 'unknown' })).status).toBe(200);
  });

  it('is not asked for where nobody was reached', async () => {
    const taskId = await claimCall(await addCase(api));
    expect((await complete(taskId, { outcome: 'no-answer' })).status).toBe(200);
  });

  it('is a fact of the case from the day on which a collector heard it, and in its dossier', async () => {
    const loan = await addCase(api);
    const taskId = await claimCall(loan);
    await complete(taskId, { outcome: 'refused', cause: 'job-loss' });
    const heard = { code: 'job-loss', fromDay: '2026-03-02', source: 'task', sourceId: taskId, actor: 'ana' };
    expect(await causesOf(loan)).toMatchObject([{ ...heard, caseNo: 1, endedDay: null }]);
    const dossier = await api.call('GET', `/v1/cases/${loan.loanId}/dossier`);
    expect(dossier.body).toMatchObject({ causes: [heard] });
  });

  it('leaves no cause where the borrower was asked and did not say', async () => {
    const loan = await addCase(api);
    await complete(await claimCall(loan), { outcome: 'refused', cause: 'unknown' });
    expect(await causesOf(loan)).toEqual([]);
  });

  it('may be several things, each with its days, and each of them ends', async () => {
    const loan = await addCase(api);
    await say(loan, { code: 'illness', fromDay: '2026-01-15', source: 'plan' });
    const lost = await say(loan, { code: 'job-loss', fromDay: '2026-02-01' });
    expect((await say(loan, { code: 'job-loss', fromDay: '2026-02-01' })).body).toEqual(lost.body);
    const [illness] = (await causesOf(loan)) as unknown as { causeId: string }[];
    const end = `/v1/cases/${loan.loanId}/causes/${illness!.causeId}/end`;
    expect((await api.call('POST', end, { endedDay: '2026-02-20' }, ana)).status).toBe(200);
    expect((await api.call('POST', end, { endedDay: '2026-02-20' }, ana)).status).toBe(200);
    expect((await api.call('POST', end, { endedDay: '2026-02-21' }, ana)).body.type).toBe('urn:arrears:AlreadyExists');
    expect(await causesOf(loan)).toMatchObject([
      { code: 'illness', fromDay: '2026-01-15', endedDay: '2026-02-20', endedBy: 'ana', source: 'plan' },
      { code: 'job-loss', fromDay: '2026-02-01', endedDay: null, source: 'api' },
    ]);
    // Ill again: a second time of the same, beside the first.
    await say(loan, { code: 'illness' });
    expect((await causesOf(loan)).length).toBe(3);
    const timeline = await api.call('GET', `/v1/cases/${loan.loanId}/timeline`);
    const told = timeline.body.items.map(({ kind }) => kind).filter((kind) => kind.startsWith('cause-'));
    expect(told).toEqual(['cause-heard', 'cause-heard', 'cause-ended', 'cause-heard']);
  });

  it('is told by a contact that was made elsewhere too', async () => {
    const loan = await addCase(api);
    const at = new Date(mondayMorningMs - 86_400_000).toISOString();
    const report = { reportId: 'R-1', channel: 'visit', at, outcome: 'hardship', cause: 'disaster' };
    expect((await api.call('POST', `/v1/cases/${loan.loanId}/contacts`, report, ana)).status).toBe(201);
    expect(await causesOf(loan)).toMatchObject([{ code: 'disaster', fromDay: '2026-03-01', source: 'contact' }]);
  });

  it.each([
    [{ code: 'moon' }, 400, 'code'],
    [{ code: 'unknown' }, 400, 'code'],
    [{ code: 'illness', fromDay: '2026-03-03' }, 400, 'fromDay'],
    [{ code: 'illness', source: 'task' }, 400, 'source'],
  ])('is refused as %j', async (said, status, field) => {
    expect((await say(await addCase(api), said)).body).toMatchObject({ status, field });
  });

  it('is refused from another day while the same cause runs', async () => {
    const loan = await addCase(api);
    await say(loan, { code: 'divorce', fromDay: '2026-02-01' });
    const other = await say(loan, { code: 'divorce', fromDay: '2026-02-05' });
    expect(other.body).toMatchObject({ status: 409, type: 'urn:arrears:AlreadyExists', field: 'fromDay' });
  });

  it('does not end before it began, nor as another loan’s', async () => {
    const loan = await addCase(api);
    await say(loan, { code: 'divorce', fromDay: '2026-02-01' });
    const [cause] = (await causesOf(loan)) as unknown as { causeId: string }[];
    const end = (loanId: string, causeId: string) =>
      api.call('POST', `/v1/cases/${loanId}/causes/${causeId}/end`, { endedDay: '2026-01-31' }, ana);
    expect((await end(loan.loanId, cause!.causeId)).body).toMatchObject({ status: 400, field: 'endedDay' });
    expect((await end((await addCase(api)).loanId, cause!.causeId)).body.type).toBe('urn:arrears:NotFound');
    expect((await end(loan.loanId, randomUUID())).body.type).toBe('urn:arrears:NotFound');
  });
});

describe('what was heard', () => {
  it('cannot be changed with SQL, and the ledger attests it without naming the illness', async () => {
    const loan = await addCase(api);
    await say(loan, { code: 'illness', fromDay: '2026-02-01' });
    const change = api.pool.query(`update cause set code = 'forgot' where loan_id = $1`, [loan.loanId]);
    await expect(change).rejects.toMatchObject({ code: '23001' });
    const { rows } = await api.pool.query<{ payload: string }>(
      `select payload from ledger_entry where loan_id = $1 and what = 'cause/api'`,
      [loan.loanId],
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]!.payload).not.toContain('illness');
    const findings: unknown[] = [];
    await verifyLedger(api.pool, { onFinding: (finding) => findings.push(finding) });
    expect(findings).toEqual([]);
  });
});
