import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { ImportKind } from '../../src/intake/import-kinds';
import { refusalsStoredMax } from '../../src/intake/import-report';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { addDays } from '../../src/domain/day';
import {
  csvOf,
  customer,
  importCsv,
  importText,
  instalment,
  loan,
  payment,
  seedLoan,
  today,
  type Row,
} from './importing';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await seedLoan(db.pool);
  await importCsv(db.pool, 'loans', [loan('L2')]);
  await importCsv(db.pool, 'payments', [
    payment('P1'),
    payment('P2'),
    payment('P2-back', { kind: 'reversal', reverses: 'P2' }),
  ]);
});
afterAll(() => db.drop());

describe('a row that does not fit is refused with its field and the reason', () => {
  it.each<[string, ImportKind, Row, string, string]>([
    ['an unknown loan', 'payments', payment('X', { loan_id: 'nobody' }), 'loan_id', 'no loan has this id'],
    ['an unknown loan', 'instalments', instalment('nobody', 1), 'loan_id', 'no loan has this id'],
    ['an unknown customer', 'loans', loan('X', { customer_id: 'nobody' }), 'customer_id', 'no customer has this id'],
    [
      'a currency other than the loan’s',
      'payments',
      payment('X', { currency: 'USD' }),
      'currency',
      'is not the currency of the loan',
    ],
    ['a currency that does not exist', 'loans', loan('X', { currency: 'ABC' }), 'currency', 'ISO 4217'],
    ['an amount of nothing', 'payments', payment('X', { amount_minor: 0 }), 'amount_minor', 'greater than zero'],
    ['an amount below zero', 'payments', payment('X', { amount_minor: -5 }), 'amount_minor', 'minor units'],
    ['an amount with a point', 'loans', loan('X', { principal_minor: '100.00' }), 'principal_minor', 'minor units'],
    [
      'a day that does not exist',
      'payments',
      payment('X', { value_on: '2026-02-30' }),
      'value_on',
      'day of the calendar',
    ],
    ['a day written another way', 'loans', loan('X', { disbursed_on: '10/01/2026' }), 'disbursed_on', 'YYYY-MM-DD'],
    ['a tier that does not exist', 'loans', loan('X', { risk_tier: 'extreme' }), 'risk_tier', 'must be one of'],
    [
      'a language without templates',
      'customers',
      customer('X', { language: 'fr' }),
      'language',
      'must be one of zh, en',
    ],
    ['a time zone that does not exist', 'customers', customer('X', { timezone: 'Mars/Base' }), 'timezone', 'IANA'],
    ['a phone that is not E.164', 'customers', customer('X', { phone: '555-0101' }), 'phone', 'E.164'],
    ['a mail address without a host', 'customers', customer('X', { email: 'someone' }), 'email', 'mail address'],
    ['a missing name', 'customers', customer('X', { name: '' }), 'name', 'is missing'],
    ['an id of 65 characters', 'customers', customer('x'.repeat(65)), 'customer_id', 'longer than 64'],
    ['bytes that are no UTF-8', 'customers', customer('X', { name: 'L\uFFFD' }), 'name', 'not UTF-8'],
    ['an instalment number of 0', 'instalments', instalment('L1', 0), 'instalment_no', 'from 1'],
    [
      'a reversal that undoes nothing',
      'payments',
      payment('X', { kind: 'reversal' }),
      'reverses',
      'must name the payment',
    ],
    [
      'a payment that undoes another',
      'payments',
      payment('X', { reverses: 'P1' }),
      'reverses',
      'is empty for a payment',
    ],
    [
      'a correction, which has two halves',
      'payments',
      payment('X', { kind: 'correction', reverses: 'P1' }),
      'kind',
      'must be one of',
    ],
    [
      'another day of the books than the one that is known',
      'payments',
      payment('P1', { booked_on: '2026-02-12' }),
      'booked_on',
      'already known',
    ],
    [
      'the reversal of an unknown payment',
      'payments',
      payment('X', { kind: 'bounce', reverses: 'P0' }),
      'reverses',
      'no payment has this id',
    ],
    [
      'the reversal of another loan’s payment',
      'payments',
      payment('X', { kind: 'bounce', reverses: 'P1', loan_id: 'L2' }),
      'reverses',
      'another loan',
    ],
    [
      'the reversal of a reversal',
      'payments',
      payment('X', { kind: 'bounce', reverses: 'P2-back' }),
      'reverses',
      'not a payment',
    ],
    [
      'the second reversal of a payment',
      'payments',
      payment('X', { kind: 'bounce', reverses: 'P2' }),
      'reverses',
      'undone already',
    ],
    [
      'a reversal of another amount',
      'payments',
      payment('X', { kind: 'bounce', reverses: 'P1', amount_minor: 1 }),
      'amount_minor',
      'amount of the payment',
    ],
  ])('%s (%s)', async (_, kind, row, field, reason) => {
    const report = await importCsv(db.pool, kind, [row]);
    expect(report).toMatchObject({ state: 'done', rowsRead: 1, rowsTaken: 0, rowsRefused: 1 });
    expect(report.refusals).toEqual([{ line: 2, field, reason: expect.stringContaining(reason) }]);
  });

  it('refuses money of a day that has not come, by the rule that holds for a payment that is posted', async () => {
    const report = await importCsv(db.pool, 'payments', [
      payment('P-today', { value_on: today, booked_on: today }),
      payment('P-ahead', { value_on: addDays(today, 1) }),
      payment('P-booked-ahead', { booked_on: addDays(today, 1) }),
    ]);
    expect(report).toMatchObject({ rowsTaken: 1, rowsRefused: 2 });
    const reason = `must not lie after today, ${today}`;
    expect(report.refusals).toEqual([
      { line: 3, field: 'value_on', reason },
      { line: 4, field: 'booked_on', reason },
    ]);
  });

  it('names every field of a row that is wrong and counts the row once', async () => {
    const report = await importCsv(db.pool, 'payments', [payment('X', { amount_minor: 'much', value_on: 'soon' })]);
    expect(report.rowsRefused).toBe(1);
    expect(report.refusals.map(({ field }) => field)).toEqual(['amount_minor', 'value_on']);
  });

  it.each([
    ['a number as text', { ...payment('X'), amount_minor: '100' }, 'amount_minor', 'whole JSON number'],
    ['a part of a minor unit', { ...payment('X'), amount_minor: 1.5 }, 'amount_minor', 'whole JSON number'],
    ['an id as a number', { ...payment('X'), loan_id: 1 }, 'loan_id', 'JSON string'],
    ['an unknown field', { ...payment('X'), comment: 'x' }, 'comment', 'not a field of payments'],
    ['a list', [], 'line', 'JSON object'],
  ])('%s in NDJSON', async (_, row, field, reason) => {
    const report = await importText(db.pool, `${JSON.stringify(row)}\n`, { format: 'ndjson', kind: 'payments' });
    expect(report.refusals).toEqual([{ line: 1, field, reason: expect.stringContaining(reason) }]);
  });

  it('refuses new instalments of a restructured loan while those it has stay known', async () => {
    await importCsv(db.pool, 'loans', [loan('L-new-terms')]);
    await importCsv(db.pool, 'instalments', [instalment('L-new-terms', 1)]);
    await db.pool.query(
      `insert into schedule (loan_id, schedule_no, effective_from) values ('L-new-terms', 2, '2026-03-01')`,
    );
    const report = await importCsv(db.pool, 'instalments', [
      instalment('L-new-terms', 1),
      instalment('L-new-terms', 2),
    ]);
    expect(report).toMatchObject({ rowsTaken: 0, rowsKnown: 1, rowsRefused: 1 });
    expect(report.refusals).toEqual([{ line: 3, field: 'loan_id', reason: expect.stringContaining('restructured') }]);
  });
});

describe('a header that does not fit stops the import before any row', () => {
  it.each([
    [
      'an unknown column',
      'payment_id,loan_id,kind,amount_minor,currency,value_on,reverses,colour',
      'colour',
      'is not a column of payments',
    ],
    [
      'a missing column',
      'payment_id,loan_id,kind,currency,value_on,reverses',
      'amount_minor',
      'missing from the header',
    ],
    [
      'a column that stands twice',
      'payment_id,loan_id,kind,amount_minor,currency,value_on,value_on',
      'value_on',
      'twice',
    ],
  ])('%s', async (_, header, field, reason) => {
    const report = await importText(db.pool, `${header}\nP9,L1,payment,1,CNY,2026-02-01,,\n`, {
      format: 'csv',
      kind: 'payments',
    });
    expect(report).toMatchObject({
      state: 'failed',
      rowsRead: 0,
      rowsTaken: 0,
      failure: 'the header is not one of payments',
    });
    expect(report.refusals).toEqual([{ line: 1, field, reason: expect.stringContaining(reason) }]);
  });

  it('fails an empty CSV file, which has not even a header, and takes one with a header alone', async () => {
    const csv = { format: 'csv', kind: 'payments' } as const;
    expect(await importText(db.pool, '\n', csv)).toMatchObject({ state: 'failed', rowsRead: 0 });
    expect(await importText(db.pool, csvOf('payments', []), csv)).toMatchObject({ state: 'done', rowsRead: 0 });
  });
});

it('stops with a clear failure when more refusals come than it stores', async () => {
  const bad = 'nonsense\n'.repeat(refusalsStoredMax + 20_000);
  const report = await importText(db.pool, bad, { format: 'ndjson', kind: 'payments' });
  expect(report).toMatchObject({ state: 'failed', failure: expect.stringContaining('more than 100000 refusals') });
  const { rows } = await db.pool.query(
    `select state, (select count(*) from import_refusal r where r.import_id = i.import_id) as refusals from import_run i where import_id = $1`,
    [report.importId],
  );
  expect(rows).toEqual([{ state: 'failed', refusals: refusalsStoredMax }]);
});
