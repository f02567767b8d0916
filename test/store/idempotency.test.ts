import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { abandon, begin, finish } from '../../src/store/idempotency';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { newId } from './samples';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

function request() {
  return { route: 'POST /v1/cases', key: newId('key'), bodyHash: 'b1' };
}

describe('an idempotency key', () => {
  it('gives the first answer to every later request of the same body', async () => {
    const first = request();
    expect(await begin(database.pool, first)).toBe('new');
    await finish(database.pool, { ...first, status: 201, response: { caseNo: 1 } });
    await finish(database.pool, { ...first, status: 500, response: null });
    expect(await begin(database.pool, first)).toEqual({ replay: { status: 201, response: { caseNo: 1 } } });
  });

  it('is refused with another body, before and after the answer', async () => {
    const first = request();
    const other = { ...first, bodyHash: 'b2' };
    await begin(database.pool, first);
    await expect(begin(database.pool, other, 0)).rejects.toMatchObject({ type: 'IdempotencyConflict' });
    await finish(database.pool, { ...first, status: 204, response: undefined });
    await expect(begin(database.pool, other)).rejects.toMatchObject({ type: 'IdempotencyConflict' });
    expect(await begin(database.pool, first)).toEqual({ replay: { status: 204, response: null } });
  });

  it('means another request on another route', async () => {
    const first = request();
    await begin(database.pool, first);
    expect(await begin(database.pool, { ...first, route: 'POST /v1/imports', bodyHash: 'b2' })).toBe('new');
  });

  it('lets one of several do the work that arrive at the same time', async () => {
    const same = request();
    const begun = await Promise.allSettled([1, 2, 3, 4].map(() => begin(database.pool, same)));
    expect(begun.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    for (const one of begun.filter((other) => other.status === 'rejected')) {
      expect(one.reason).toMatchObject({ type: 'Unavailable' });
    }
  });

  it('that a crash left without an answer is taken over by one of those who ask again', async () => {
    const same = request();
    await begin(database.pool, same);
    await database.pool.query(`update idempotency_key set recorded_at = now() - interval '1 hour' where route = $1`, [
      same.route,
    ]);
    const begun = await Promise.allSettled([1, 2, 3, 4].map(() => begin(database.pool, same)));
    expect(begun.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
  });

  it('is free again when the request was abandoned, and not when it was answered', async () => {
    const same = request();
    await begin(database.pool, same);
    await abandon(database.pool, same);
    expect(await begin(database.pool, same)).toBe('new');
    await finish(database.pool, { ...same, status: 200, response: {} });
    await abandon(database.pool, same);
    expect(await begin(database.pool, same)).toMatchObject({ replay: { status: 200 } });
  });
});
