import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';

import type { Pool } from 'pg';

import { columnsOf, type ImportKind } from '../../src/intake/import-kinds';
import { type ImportRequest, importRows } from '../../src/intake/import-rows';
import type { ImportReport } from '../../src/intake/import-report';

/** The bank's day of every import of a test. */
export const today = '2026-03-31';

export type Row = Record<string, string | number | null>;

/** A stream that hands its text over in small pieces, which cut lines and characters anywhere. */
export function inPieces(text: string, pieceBytes = 1_000): Readable {
  const bytes = Buffer.from(text);
  const pieces = Math.ceil(bytes.length / pieceBytes);
  return Readable.from(
    Array.from({ length: pieces }, (_, at) => bytes.subarray(at * pieceBytes, (at + 1) * pieceBytes)),
    { objectMode: false },
  );
}

export function csvOf(kind: ImportKind, rows: readonly Row[]): string {
  const names = columnsOf[kind].map(({ name }) => name);
  return [names.join(','), ...rows.map((row) => names.map((name) => row[name] ?? '').join(','))].join('\n') + '\n';
}

export function importText(
  pool: Pool,
  text: string,
  request: Pick<ImportRequest, 'format' | 'kind'>,
): Promise<ImportReport> {
  return importRows({ pool, stream: inPieces(text), fileName: 'test', importId: randomUUID(), today, ...request });
}

export function importCsv(pool: Pool, kind: ImportKind, rows: readonly Row[]): Promise<ImportReport> {
  return importText(pool, csvOf(kind, rows), { format: 'csv', kind });
}

export const customer = (id: string, change: Row = {}): Row => ({
  customer_id: id,
  name: '林安',
  language: 'zh',
  timezone: 'Asia/Shanghai',
  phone: '+12025550101',
  email: `${id.toLowerCase()}@example.com`,
  ...change,
});

export const loan = (id: string, change: Row = {}): Row => ({
  loan_id: id,
  customer_id: 'C1',
  product: 'retail',
  currency: 'CNY',
  principal_minor: 1_200_000,
  disbursed_on: '2026-01-10',
  risk_tier: 'low',
  branch: 'BR-01',
  ...change,
});

export const instalment = (loanId: string, no: number, change: Row = {}): Row => ({
  loan_id: loanId,
  instalment_no: no,
  due_on: '2026-02-10',
  principal_minor: 100_000,
  interest_minor: 1_200,
  fee_minor: 0,
  penalty_minor: 0,
  ...change,
});

export const payment = (id: string, change: Row = {}): Row => ({
  payment_id: id,
  loan_id: 'L1',
  kind: 'payment',
  amount_minor: 50_000,
  currency: 'CNY',
  value_on: '2026-02-11',
  reverses: null,
  ...change,
});

/** One customer C1 with one loan L1. */
export async function seedLoan(pool: Pool): Promise<void> {
  await importCsv(pool, 'customers', [customer('C1')]);
  await importCsv(pool, 'loans', [loan('L1')]);
}

export async function countOf(pool: Pool, table: string): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(`select count(*) as count from ${table}`);
  return rows[0]?.count ?? 0;
}
