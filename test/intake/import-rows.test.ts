import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { listPayments } from '../../src/store/payments';
import { createTestDatabase, type TestDatabase } from '../support/database';
import {
  countOf,
  csvOf,
  customer,
  importCsv,
  importText,
  instalment,
  loan,
  payment,
  type Row,
  seedLoan,
} from './importing';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await seedLoan(db.pool);
});
afterAll(() => db.drop());

describe('an import takes what is good', () => {
  it('stores a customer with phone and mail as contact points', async () => {
    const report = await importCsv(db.pool, 'customers', [
      customer('C2'),
      customer('C3', { phone: null, email: null }),
    ]);
    expect(report).toMatchObject({ state: 'done', rowsRead: 2, rowsTaken: 2, refusals: [] });
    const { rows } = await db.pool.query(
      `select customer_id, kind, value from contact_point where customer_id in ('C2', 'C3') order by kind`,
    );
    expect(rows).toEqual([
      { customer_id: 'C2', kind: 'email', value: 'c2@example.com' },
      { customer_id: 'C2', kind: 'phone', value: '+12025550101' },
    ]);
  });

  it('gives a loan its first schedule from the day of disbursal with its first instalment', async () => {
    await importCsv(db.pool, 'loans', [loan('L-schedule')]);
    await importCsv(db.pool, 'instalments', [instalment('L-schedule', 1), instalment('L-schedule', 2)]);
    const { rows } = await db.pool.query(
      `select schedule_no, effective_from from schedule where loan_id = 'L-schedule'`,
    );
    expect(rows).toEqual([{ schedule_no: 1, effective_from: '2026-01-10' }]);
  });

  it('reads quotes, doubled quotes, commas inside quotes, CRLF, a byte order mark and a last line without its end', async () => {
    const text =
      '\uFEFFcustomer_id,"name",language,timezone\r\nQ1,"Lin, ""An""",zh,Asia/Shanghai\r\n\r\n"Q2","林安",zh,Asia/Shanghai';
    const report = await importText(db.pool, text, { format: 'csv', kind: 'customers' });
    expect(report).toMatchObject({ rowsRead: 2, rowsTaken: 2, rowsRefused: 0 });
    const { rows } = await db.pool.query(
      `select name from customer where customer_id in ('Q1', 'Q2') order by customer_id`,
    );
    expect(rows).toEqual([{ name: 'Lin, "An"' }, { name: '林安' }]);
  });

  it('takes a whole portfolio from one NDJSON file whose rows name their kinds', async () => {
    const text = [
      { kind: 'customer', ...customer('CM') },
      { kind: 'loan', ...loan('LM', { customer_id: 'CM' }) },
      { kind: 'instalment', ...instalment('LM', 1) },
      payment('PM', { loan_id: 'LM' }),
      payment('PM-back', { loan_id: 'LM', kind: 'bounce', reverses: 'PM' }),
    ]
      .map((row) => JSON.stringify(row))
      .join('\n');
    expect(await importText(db.pool, text, { format: 'ndjson' })).toMatchObject({
      rowsRead: 5,
      rowsTaken: 5,
      kind: 'mixed',
    });
  });

  it('takes chargebacks, and the day of the books where the file has it', async () => {
    await importCsv(db.pool, 'loans', [loan('L-books')]);
    const report = await importCsv(db.pool, 'payments', [
      payment('B1', { loan_id: 'L-books', booked_on: '2026-02-14' }),
      payment('B2', { loan_id: 'L-books' }),
      payment('B3', { loan_id: 'L-books', kind: 'chargeback', reverses: 'B2' }),
    ]);
    expect(report).toMatchObject({ rowsTaken: 3, rowsRefused: 0 });
    expect(await listPayments(db.pool, 'L-books')).toMatchObject([
      { paymentId: 'B1', bookedDay: '2026-02-14' },
      { paymentId: 'B2', bookedDay: null },
      { paymentId: 'B3', kind: 'chargeback', reverses: 'B2' },
    ]);
  });

  it('takes 9,999 rows of ten thousand and refuses the one that is bad, with its line, field and reason', async () => {
    const rows: Row[] = Array.from({ length: 10_000 }, (_, at) => payment(`T${at}`));
    rows[6_543] = payment('T6543', { amount_minor: '12.50' });
    const report = await importCsv(db.pool, 'payments', rows);
    expect(report).toMatchObject({ state: 'done', rowsRead: 10_000, rowsTaken: 9_999, rowsKnown: 0, rowsRefused: 1 });
    expect(report.refusals).toEqual([
      { line: 6_545, field: 'amount_minor', reason: expect.stringContaining('whole number of minor units') },
    ]);
    const stored = await db.pool.query('select line, field from import_refusal where import_id = $1', [
      report.importId,
    ]);
    expect(stored.rows).toEqual([{ line: 6_545, field: 'amount_minor' }]);
  });
});

describe('twice is once', () => {
  it('finds every row of a file known when it comes again, and changes nothing', async () => {
    const files = [
      { kind: 'customers', rows: [customer('R1')] },
      { kind: 'loans', rows: [loan('R1', { customer_id: 'R1' })] },
      { kind: 'instalments', rows: [instalment('R1', 1), instalment('R1', 2)] },
      {
        kind: 'payments',
        rows: [payment('R1', { loan_id: 'R1' }), payment('R2', { loan_id: 'R1', kind: 'reversal', reverses: 'R1' })],
      },
    ] as const;
    for (const { kind, rows } of files) await importCsv(db.pool, kind, rows);
    for (const { kind, rows } of files)
      expect(await importCsv(db.pool, kind, rows)).toMatchObject({
        rowsTaken: 0,
        rowsKnown: rows.length,
        rowsRefused: 0,
      });
  });

  it('counts a row that stands twice in one file as taken once and known once', async () => {
    const report = await importCsv(db.pool, 'payments', [payment('D1'), payment('D2'), payment('D1')]);
    expect(report).toMatchObject({ rowsRead: 3, rowsTaken: 2, rowsKnown: 1, rowsRefused: 0 });
  });

  it('lets the first of two rows with one id and different content stand and refuses the second', async () => {
    const report = await importCsv(db.pool, 'payments', [payment('E1'), payment('E1', { amount_minor: 1 })]);
    expect(report).toMatchObject({ rowsTaken: 1, rowsRefused: 1 });
    expect(report.refusals).toEqual([
      { line: 3, field: 'amount_minor', reason: 'already known with another amount_minor' },
    ]);
    const { rows } = await db.pool.query(`select amount_minor from payment where payment_id = 'E1'`);
    expect(rows).toEqual([{ amount_minor: 50_000 }]);
  });

  it('refuses a customer known under another phone without repeating the number', async () => {
    await importCsv(db.pool, 'customers', [customer('E2')]);
    const report = await importCsv(db.pool, 'customers', [customer('E2', { phone: '+12025550199' })]);
    expect(report.refusals).toEqual([{ line: 2, field: 'phone', reason: 'already known with another phone' }]);
  });

  it('lets two imports of one file run at the same time and stores each row once', async () => {
    const before = await countOf(db.pool, 'payment');
    const text = csvOf(
      'payments',
      Array.from({ length: 12_000 }, (_, at) => payment(`S${at}`)),
    );
    const reports = await Promise.all([1, 2].map(() => importText(db.pool, text, { format: 'csv', kind: 'payments' })));
    expect(reports.map(({ rowsTaken, rowsKnown }) => rowsTaken + rowsKnown)).toEqual([12_000, 12_000]);
    expect(reports.reduce((sum, { rowsTaken }) => sum + rowsTaken, 0)).toBe(12_000);
    expect(await countOf(db.pool, 'payment')).toBe(before + 12_000);
  });
});
