import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { createPool, inTransaction, isConnectionLoss } from '../../src/store/database';
import { aheadMs, moveAhead } from '../../src/store/clock';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('a transaction', () => {
  it('leaves nothing behind when its work fails', async () => {
    const work = inTransaction(database.pool, async (db) => {
      await moveAhead(db, 1_000);
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await aheadMs(database.pool)).toBe(0);
  });

  it('survives the loss of its connection, and the next one works', async () => {
    const lost = failure(
      inTransaction(database.pool, async (db) => {
        const { rows } = await db.query<{ pid: number }>('select pg_backend_pid() as pid');
        await database.owner.query('select pg_terminate_backend($1)', [rows[0]!.pid]);
        await db.query('select 1');
      }),
    );
    expect(isConnectionLoss(await lost)).toBe(true);
    expect(await inTransaction(database.pool, aheadMs)).toBe(0);
  });
});

describe('a loss of the database', () => {
  it('is told from an error of a statement', async () => {
    expect(isConnectionLoss(await failure(database.pool.query('select * from nowhere')))).toBe(false);
    expect(isConnectionLoss(new Error('anything'))).toBe(false);
  });

  it('is seen when nobody listens', async () => {
    const nobody = createPool('postgresql://nobody@127.0.0.1:1/nothing', { applicationName: 'nobody' });
    expect(isConnectionLoss(await failure(nobody.query('select 1')))).toBe(true);
    await nobody.end();
  });

  it('is seen when the server shuts down or refuses more connections', () => {
    const codes = ['57P01', '57P03', '53300', '08006'];
    expect(codes.map((code) => isConnectionLoss(Object.assign(new Error(), { code })))).toEqual(codes.map(() => true));
  });
});

describe('a value of a column', () => {
  async function read(expression: string): Promise<unknown> {
    return (await database.pool.query<{ value: unknown }>(`select ${expression} as value`)).rows[0]!.value;
  }

  it('keeps a day a day, wherever the machine stands', async () => {
    expect(await read(`date '2026-03-29'`)).toBe('2026-03-29');
  });

  it('gives an instant in milliseconds', async () => {
    expect(await read(`timestamptz '2026-03-29 08:00:00.123456+08'`)).toBe(Date.parse('2026-03-29T00:00:00.123Z'));
  });

  it('gives an exact integer or fails', async () => {
    expect(await read('9007199254740991::bigint')).toBe(Number.MAX_SAFE_INTEGER);
    await expect(read('9007199254740993::bigint')).rejects.toThrow(RangeError);
  });
});
