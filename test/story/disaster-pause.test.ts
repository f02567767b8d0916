import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pauseNextLoans } from '../../src/cases/carry-out-pauses';
import { readBulkPause } from '../../src/cases/bulk-agreement';
import { type BulkWish, pauseMany, previewPauses } from '../../src/cases/pause-many';
import { previewResumes, resumeMany, type ResumeManyWish } from '../../src/cases/resume-many';
import { addDays, type Day } from '../../src/domain/day';
import { caseOf, eventsOf } from '../support/case-record';
import { type CaseService, startCaseService } from '../support/case-service';
import { openTasksOf } from '../support/collectors';
import { eventually } from '../support/eventually';
import { addBorrower, addLoan, bankToday, open, pay } from '../support/portfolio';

const actor = 'supervisor-chen';
const manyLoans = 10_000;

let service: CaseService;
let today: Day;
/** Of the branch that the storm hit, with open cases; and one of another branch. */
let onTheCoast: string[];
let inland: string;

beforeAll(async () => {
  service = await startCaseService();
  today = await bankToday(service);
  onTheCoast = [];
  for (const dueDaysAgo of [1, 2, 3, 40]) {
    const loanId = await addLoan(service, await addBorrower(service), { dueDaysAgo });
    await moveTo(loanId, 'coast');
    await open(service, loanId);
    onTheCoast.push(loanId);
  }
  inland = await addLoan(service, await addBorrower(service), { dueDaysAgo: 3 });
  await open(service, inland);
  await addManyLoans();
});
afterAll(() => service.close());

async function moveTo(loanId: string, branch: string): Promise<void> {
  await service.desk.pool.query('update loan set branch = $2 where loan_id = $1', [loanId, branch]);
}

/** Ten thousand loans of the coast, three days overdue, that have no case. */
async function addManyLoans(): Promise<void> {
  const { pool } = service.desk;
  const dueDay = addDays(today, -3);
  await pool.query(
    `insert into customer (customer_id, name, language, timezone)
     select 'C-many-' || n, 'Robin Example', 'en', 'Asia/Shanghai' from generate_series(1, $1::int) n`,
    [manyLoans],
  );
  await pool.query(
    `insert into loan (loan_id, customer_id, product, currency, principal_minor, disbursed_on, risk_tier, branch)
     select 'L-many-' || n, 'C-many-' || n, 'personal', 'CNY', 100000, $2::date - 60, 'medium', 'coast'
     from generate_series(1, $1::int) n`,
    [manyLoans, dueDay],
  );
  await pool.query(`insert into schedule (loan_id, schedule_no, effective_from)
    select loan_id, 1, disbursed_on from loan where loan_id like 'L-many-%'`);
  await pool.query(
    `insert into instalment (loan_id, schedule_no, instalment_no, due_on, principal_minor)
     select loan_id, 1, 1, $1, 100000 from loan where loan_id like 'L-many-%'`,
    [dueDay],
  );
}

async function countPauses(): Promise<number> {
  const { rows } = await service.desk.pool.query<{ n: string }>('select count(*) as n from pause');
  return Number(rows[0]?.n);
}

describe('a storm over ten thousand loans', () => {
  const storm = (): BulkWish => ({
    filter: { branches: ['coast'] },
    from: today,
    until: addDays(today, 30),
    reason: 'disaster',
  });

  it('is looked at before anything is written', async () => {
    const preview = await previewPauses(service.desk, storm());
    expect(preview.loanIds).toHaveLength(manyLoans + 4);
    expect(preview.openCases).toBe(4);
    const [amount] = preview.amounts;
    expect(amount).toEqual({
      currency: 'CNY',
      overdueMinor: (manyLoans + 4) * 100_000,
      outstandingMinor: (manyLoans + 4) * 100_000,
    });
    expect(preview.token).toMatch(/^10004-[0-9a-f]{64}$/);
    expect(await countPauses()).toBe(0);
  });

  it('is refused, with both counts, when the loans are no longer those that were looked at', async () => {
    const { token } = await previewPauses(service.desk, storm());
    const paid = await addLoan(service, await addBorrower(service), { dueDaysAgo: 3 });
    await moveTo(paid, 'coast');
    await expect(pauseMany(service.desk, 'storm-0', token, storm(), actor)).rejects.toMatchObject({
      type: 'PauseInvalid',
      field: 'token',
      reason: 'the preview was of 10004 loans, now they are 10005',
    });
    await pay(service, paid, { amountMinor: 100_000 });
    const other = { ...storm(), until: addDays(today, 31) };
    await expect(pauseMany(service.desk, 'storm-0', token, other, actor)).rejects.toMatchObject({ field: 'token' });
    expect(await countPauses()).toBe(0);
  });

  it('pauses every loan once and tells every open case, though the first attempt dies and others run beside it', async () => {
    await service.stopWorker();
    const { token } = await previewPauses(service.desk, storm());
    const agreed = await pauseMany(service.desk, 'storm-1', token, storm(), actor);
    expect(agreed).toMatchObject({ loans: manyLoans + 4, paused: 0, cases: 0, told: 0 });
    // Some batches of an attempt that is then heard of no more, two at a time.
    await Promise.all([pauseNextLoans(service.desk, 'storm-1'), pauseNextLoans(service.desk, 'storm-1')]);
    expect((await readBulkPause(service.desk.pool, 'storm-1')).paused).toBe(500);
    await service.startWorker();

    const done = await eventually(
      () => readBulkPause(service.desk.pool, 'storm-1'),
      ({ loans, paused, cases, told }) => paused === loans && told === cases,
    );
    expect(done).toMatchObject({ paused: manyLoans + 4, cases: 4, told: 4 });
    expect(await countPauses()).toBe(manyLoans + 4);
    await service.settle();
    for (const loanId of onTheCoast) {
      expect(await caseOf(service, loanId)).toMatchObject({ paused: true });
      expect(await eventsOf(service, loanId, 'paused')).toHaveLength(1);
    }
    expect(await caseOf(service, inland)).toMatchObject({ paused: false });
  });

  it('is the same pause when it is asked for again, and no other pause takes its id', async () => {
    const { token } = await previewPauses(service.desk, storm());
    const again = await pauseMany(service.desk, 'storm-1', token, storm(), actor);
    expect(again).toMatchObject({ paused: manyLoans + 4, told: 4 });
    expect(await countPauses()).toBe(manyLoans + 4);
    const other = pauseMany(service.desk, 'storm-1', '3-abc', storm(), actor);
    await expect(other).rejects.toMatchObject({ type: 'AlreadyExists', field: 'bulkId' });
  });

  it('ends for all of them on its day: the cases go on with the step they stood before', async () => {
    const [loanId = ''] = onTheCoast;
    await service.forward(29);
    expect(await caseOf(service, loanId)).toMatchObject({ paused: true });
    await service.forward(2);
    expect(await caseOf(service, loanId)).toMatchObject({
      paused: false,
      rawDpd: 31,
      effectiveDpd: 1,
      stage: 'reminder',
    });
  });
});

describe('a pause without an end for loans by their bucket', () => {
  it('asks for a review of each case on the same day', async () => {
    const from = await bankToday(service);
    const wish: BulkWish = { filter: { buckets: ['M3'], tiers: ['medium'] }, from, until: null, reason: 'hardship' };
    const preview = await previewPauses(service.desk, wish);
    expect(preview.loanIds).toEqual([onTheCoast[3]]);
    expect(preview.reviewDay).toBe(addDays(from, 30));
    await pauseMany(service.desk, 'hard-1', preview.token, wish, actor);
    await eventually(
      () => readBulkPause(service.desk.pool, 'hard-1'),
      ({ told }) => told === 1,
    );
    const reviews = await eventsOf(service, onTheCoast[3] ?? '', 'task-created');
    expect(reviews.map(({ reason }) => reason)).toContain('a pause without an end is to be reviewed');
  });
});

describe('the end of pauses of many loans', () => {
  it('is looked at, agreed to by its token, and lets each case go on, with its review taken back', async () => {
    const [loanId = ''] = onTheCoast.slice(3);
    const wish: ResumeManyWish = { filter: { bulkIds: ['storm-1', 'hard-1'] }, on: null, reason: 'hardship' };
    const preview = await previewResumes(service.desk, wish);
    expect(preview).toMatchObject({ loanIds: [loanId], openCases: 1, on: await bankToday(service) });
    const agreed = await resumeMany(service.desk, 'over-1', preview.token, wish, actor);
    expect(agreed).toMatchObject({ resumes: true, loans: 1 });
    await eventually(
      () => readBulkPause(service.desk.pool, 'over-1'),
      ({ told }) => told === 1,
    );
    await service.settle();
    expect(await caseOf(service, loanId)).toMatchObject({ paused: false });
    expect((await eventsOf(service, loanId, 'resumed')).map(({ data }) => data)).toEqual([{ bulkId: 'over-1' }]);
    const reviews = await openTasksOf(service, loanId, 'review');
    expect(reviews.filter(({ taskKey }) => taskKey.includes('/pause/'))).toEqual([]);
    const again = await resumeMany(service.desk, 'over-1', preview.token, wish, actor);
    expect(again).toMatchObject({ paused: 1, told: 1 });
  });

  it('is refused where no pause covers the day, and where the loans are no longer those of the preview', async () => {
    const from = await bankToday(service);
    const storm: BulkWish = {
      filter: { loanIds: onTheCoast.slice(0, 2) },
      from,
      until: addDays(from, 9),
      reason: 'disaster',
    };
    const wish: ResumeManyWish = { filter: { loanIds: onTheCoast.slice(0, 3) }, on: addDays(from, 2), reason: null };
    await expect(previewResumes(service.desk, wish)).rejects.toMatchObject({ type: 'PauseInvalid', field: 'filter' });
    await pauseMany(service.desk, 'storm-2', (await previewPauses(service.desk, storm)).token, storm, actor);
    await eventually(
      () => readBulkPause(service.desk.pool, 'storm-2'),
      ({ told }) => told === 2,
    );
    const { token, loanIds } = await previewResumes(service.desk, wish);
    expect(loanIds).toEqual(onTheCoast.slice(0, 2).sort());
    const other = resumeMany(service.desk, 'over-2', token, { ...wish, on: addDays(from, 3) }, actor);
    await expect(other).rejects.toMatchObject({ type: 'PauseInvalid', field: 'token' });
    const taken = resumeMany(service.desk, 'storm-2', token, wish, actor);
    await expect(taken).rejects.toMatchObject({ type: 'AlreadyExists', field: 'bulkId' });
  });
});
