import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Pool } from 'pg';

import { importRows } from '../../src/intake/import-rows';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { countOf, csvOf, importText, instalment, payment, seedLoan, today } from './importing';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await seedLoan(db.pool);
});
afterAll(() => db.drop());

describe('a file that was cut off loses nothing but the row that was cut', () => {
  const header = 'payment_id,loan_id,kind,amount_minor,currency,value_on,reverses\n';
  const good = (id: string): string => `${id},L1,payment,100,CNY,2026-02-01,\n`;

  it.each([
    [
      'the last line of CSV cut',
      `${header}${good('K1')}${good('K2')}K3,L1,paym`,
      'csv',
      4,
      'cells where the header has',
    ],
    [
      'a quote open at the end of CSV',
      `${header}${good('K4')}${good('K5')}"K6,L1,paym`,
      'csv',
      4,
      'a quote is opened and not closed',
    ],
    [
      'a quote open in the middle of CSV',
      `${header}${good('K7')}"K8,L1,payment,1,CNY,2026-02-01,\n${good('K9')}`,
      'csv',
      3,
      'a quote is opened and not closed',
    ],
    [
      'a quote open before a quoted row',
      `${header}${good('J1')}"J2,L1,payment,1,CNY,2026-02-01,\n"J3",L1,payment,1,CNY,2026-02-01,\n`,
      'csv',
      3,
      'a quote is opened and not closed',
    ],
    [
      'half an object at the end of NDJSON',
      `${JSON.stringify(payment('K10'))}\n${JSON.stringify(payment('K11'))}\n{"payment_id":"K1`,
      'ndjson',
      3,
      'not one whole JSON object',
    ],
    ['a line without end', `${header}${good('K12')}${'x'.repeat(200_000)}\n${good('K13')}`, 'csv', 3, 'too long'],
  ] as const)('%s', async (_, text, format, line, reason) => {
    const report = await importText(db.pool, text, { format, kind: 'payments' });
    expect(report).toMatchObject({ state: 'done', rowsRead: 3, rowsTaken: 2, rowsRefused: 1 });
    expect(report.refusals).toEqual([{ line, field: 'line', reason: expect.stringContaining(reason) }]);
  });
});

describe('an import that broke off', () => {
  const rows = Array.from({ length: 22_000 }, (_, at) => payment(`B${at}`));
  const csv = csvOf('payments', rows);

  /** The file up to about its middle, then the failure of its source. */
  function* broken(): Generator<Buffer> {
    const bytes = Buffer.from(csv);
    for (let at = 0; at < bytes.length / 2; at += 10_000) yield bytes.subarray(at, at + 10_000);
    throw Object.assign(new Error('connection lost'), { code: 'ECONNRESET' });
  }

  async function importBroken(pool: Pool): Promise<string> {
    const importId = randomUUID();
    const request = { pool, importId, format: 'csv', kind: 'payments', fileName: 'test', today } as const;
    await expect(importRows({ ...request, stream: Readable.from(broken()) })).rejects.toThrow('connection lost');
    return importId;
  }

  it('is recorded as failed with true counts, and the same file brought again ends as if nothing had happened', async () => {
    const before = await countOf(db.pool, 'payment');
    const importId = await importBroken(db.pool);
    const taken = (await countOf(db.pool, 'payment')) - before;
    expect(taken).toBeGreaterThan(5_000);
    expect(taken).toBeLessThan(rows.length);
    const run = await db.pool.query('select state, rows_taken, failure from import_run where import_id = $1', [
      importId,
    ]);
    expect(run.rows).toEqual([
      { state: 'failed', rows_taken: taken, failure: expect.stringContaining('import the file again') },
    ]);
    const again = await importText(db.pool, csv, { format: 'csv', kind: 'payments' });
    expect(again).toMatchObject({ state: 'done', rowsTaken: rows.length - taken, rowsKnown: taken, rowsRefused: 0 });
    expect(await countOf(db.pool, 'payment')).toBe(before + rows.length);
  });
});

describe('memory', () => {
  it('stays flat however long the file is', async () => {
    setFlagsFromString('--expose_gc');
    const collect = runInNewContext('gc') as () => void;
    const heapAt = new Map<number, number>();
    await importRows({
      pool: db.pool,
      stream: Readable.from(instalmentLines(300_000), { objectMode: false }),
      format: 'csv',
      kind: 'instalments',
      fileName: 'long',
      importId: randomUUID(),
      today,
      onProgress({ rowsRead }) {
        if (rowsRead !== 50_000 && rowsRead !== 300_000) return;
        collect();
        heapAt.set(rowsRead, process.memoryUsage().heapUsed);
      },
    });
    const grownBytes = (heapAt.get(300_000) ?? Infinity) - (heapAt.get(50_000) ?? 0);
    // The 250,000 rows between are 9 MB of text and, kept as cells, far more.
    expect(grownBytes).toBeLessThan(6_000_000);
  });

  function* instalmentLines(count: number): Generator<string> {
    yield csvOf('instalments', []);
    const day = instalment('L1', 1)['due_on'];
    for (let no = 1; no <= count; no++) yield `L1,${no},${day ?? ''},${100_000 + no},1200,0,0\n`;
  }
});
