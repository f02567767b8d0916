import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { addPause, listPauses, listStoredPauses, resumeOn } from '../../src/store/pauses';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { addLoan, newId } from './samples';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

function pauseOf(loanId: string, fromDay: string, untilDay: string | null) {
  return { pauseId: newId('Z'), loanId, fromDay, untilDay, reason: 'hospital', actor: 'officer' };
}

async function pausedLoan(...spans: [from: string, until: string | null][]): Promise<string> {
  const { loanId } = await addLoan(database.pool);
  for (const [from, until] of spans) await addPause(database.pool, pauseOf(loanId, from, until));
  return loanId;
}

describe('a pause', () => {
  it('is one pause when it is asked for twice', async () => {
    const loanId = await pausedLoan();
    const pause = pauseOf(loanId, '2026-03-01', '2026-03-31');
    const first = await addPause(database.pool, pause);
    expect(await addPause(database.pool, { ...pause, untilDay: null })).toEqual(first);
    expect(await listPauses(database.pool, loanId)).toEqual([{ from: '2026-03-01', until: '2026-03-31' }]);
  });

  it('covers at least a day', async () => {
    const loanId = await pausedLoan();
    const empty = addPause(database.pool, pauseOf(loanId, '2026-03-01', '2026-03-01'));
    await expect(empty).rejects.toMatchObject({ type: 'PauseInvalid', field: 'untilDay' });
  });

  it('needs its own loan', async () => {
    const unknown = addPause(database.pool, pauseOf('nothing', '2026-03-01', null));
    await expect(unknown).rejects.toMatchObject({ type: 'NotFound' });
    const pause = pauseOf(await pausedLoan(), '2026-03-01', null);
    await addPause(database.pool, pause);
    const other = addPause(database.pool, { ...pause, loanId: await pausedLoan() });
    await expect(other).rejects.toMatchObject({ type: 'PauseInvalid' });
  });
});

describe('a resume', () => {
  it('ends every pause that covers the day, however they overlap, and leaves those that lie ahead or behind', async () => {
    const loanId = await pausedLoan(
      ['2026-02-01', '2026-03-10'],
      ['2026-03-01', '2026-03-31'],
      ['2026-03-05', null],
      ['2026-05-01', '2026-05-10'],
    );
    expect(await resumeOn(database.pool, loanId, '2026-03-10', 'officer')).toBe(2);
    expect(await listPauses(database.pool, loanId)).toEqual([
      { from: '2026-02-01', until: '2026-03-10' },
      { from: '2026-03-01', until: '2026-03-10' },
      { from: '2026-03-05', until: '2026-03-10' },
      { from: '2026-05-01', until: '2026-05-10' },
    ]);
  });

  it('on the first day of a pause leaves nothing of it', async () => {
    const loanId = await pausedLoan(['2026-03-01', null]);
    expect(await resumeOn(database.pool, loanId, '2026-03-01', 'officer')).toBe(1);
    expect(await listPauses(database.pool, loanId)).toEqual([]);
    expect(await listStoredPauses(database.pool, loanId)).toMatchObject([
      { fromDay: '2026-03-01', untilDay: null, resumedDay: '2026-03-01', resumedBy: 'officer' },
    ]);
  });

  it('never makes a pause longer', async () => {
    const loanId = await pausedLoan(['2026-03-01', '2026-03-31']);
    expect(await resumeOn(database.pool, loanId, '2026-03-10', 'officer')).toBe(1);
    expect(await resumeOn(database.pool, loanId, '2026-03-20', 'officer')).toBe(0);
    expect(await listPauses(database.pool, loanId)).toEqual([{ from: '2026-03-01', until: '2026-03-10' }]);
  });

  it('may be dated back before an earlier resume', async () => {
    const loanId = await pausedLoan(['2026-03-01', null]);
    await resumeOn(database.pool, loanId, '2026-03-10', 'officer');
    expect(await resumeOn(database.pool, loanId, '2026-03-05', 'officer')).toBe(1);
    expect(await listPauses(database.pool, loanId)).toEqual([{ from: '2026-03-01', until: '2026-03-05' }]);
  });
});
