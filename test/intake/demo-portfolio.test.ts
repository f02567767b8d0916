import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { demoPortfolio, demoRows, foldOf } from '../../src/intake/demo-portfolio';
import type { ImportKind } from '../../src/intake/import-kinds';
import { importRows } from '../../src/intake/import-rows';
import type { CustomerRow, LoanRow } from '../../src/intake/portfolio-rows';
import { uciRowReader } from '../../src/intake/uci-row';
import { createTestDatabase, type TestDatabase } from '../support/database';

const file = join(__dirname, '../../data/uci-credit-default.csv');
const options = { file, asOf: '2026-11-23' };

describe('the demo portfolio', () => {
  const counts: Record<ImportKind, number> = { customers: 0, loans: 0, instalments: 0, payments: 0 };
  const customers: CustomerRow[] = [];
  const loans: LoanRow[] = [];
  beforeAll(async () => {
    for await (const { kind, row } of demoRows(options)) {
      counts[kind]++;
      if (kind === 'customers') customers.push(row as CustomerRow);
      if (kind === 'loans') loans.push(row as LoanRow);
    }
  });

  it('is fold 0 of the file and nothing else', () => {
    expect(counts).toEqual({ customers: 5_393, loans: 6_066, instalments: 145_584, payments: 92_094 });
    expect(loans.every((loan) => foldOf(Number(loan.loan_id.slice(4))) === 0)).toBe(true);
  });

  it('gives one customer in twelve two or three loans', () => {
    const loansPerCustomer = new Map<string, number>();
    for (const { customer_id } of loans)
      loansPerCustomer.set(customer_id, (loansPerCustomer.get(customer_id) ?? 0) + 1);
    const sizes = [1, 2, 3].map((size) => [...loansPerCustomer.values()].filter((count) => count === size).length);
    expect(sizes).toEqual([4_944, 225, 224]);
  });

  it('can reach nobody: numbers kept for fiction, each once, and mail at example.com', () => {
    const phones = customers.map(({ phone }) => phone ?? '');
    expect(phones.filter((phone) => !/^\+1\d{3}55501\d{2}$|^\+447700900\d{3}$/.test(phone))).toEqual([]);
    expect(new Set(phones).size).toBe(customers.length);
    expect(customers.filter(({ email }) => !email?.endsWith('@example.com'))).toEqual([]);
  });

  it('does not look at the outcome', () => {
    const header =
      'ID,LIMIT_BAL,PAY_0,PAY_2,PAY_3,PAY_4,PAY_5,PAY_6,BILL_AMT1,BILL_AMT2,BILL_AMT3,BILL_AMT4,BILL_AMT5,BILL_AMT6';
    const cells = '7,50000,2,0,0,0,0,0,1,2,3,4,5,6';
    const withOutcome = uciRowReader(`${header},default.payment.next.month`);
    expect(withOutcome(`${cells},1`)).toEqual(uciRowReader(header)(cells));
    expect(withOutcome(`${cells},1`)).toEqual(withOutcome(`${cells},0`));
  });
});

describe('the demo portfolio goes through the import as any file does', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterAll(() => db.drop());

  it('with every row taken', async () => {
    const report = await importRows({
      pool: db.pool,
      stream: demoPortfolio(options),
      format: 'ndjson',
      fileName: 'demo portfolio',
      importId: randomUUID(),
      today: options.asOf,
    });
    expect(report).toMatchObject({
      state: 'done',
      rowsRead: 249_137,
      rowsTaken: 249_137,
      rowsRefused: 0,
      refusals: [],
    });
  });
});
