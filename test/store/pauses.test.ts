import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { loadLoanFacts } from '../../src/store/loan-facts';
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
    expect(await resumeOn(database.pool, loanId, '2026-03-10', 'officer')).toHaveLength(2);
    expect(await listPauses(database.pool, loanId)).toEqual([
      { from: '2026-02-01', until: '2026-03-10' },
      { from: '2026-03-01', until: '2026-03-10' },
      { from: '2026-03-05', until: '2026-03-10' },
      { from: '2026-05-01', until: '2026-05-10' },
    ]);
  });

  it('on the first day of a pause leaves nothing of it', async () => {
    const loanId = await pausedLoan(['2026-03-01', null]);
    expect(await resumeOn(database.pool, loanId, '2026-03-01', 'officer')).toHaveLength(1);
    expect(await listPauses(database.pool, loanId)).toEqual([]);
    expect(await listStoredPauses(database.pool, loanId)).toMatchObject([
      { fromDay: '2026-03-01', untilDay: null, resumedDay: '2026-03-01', resumedBy: 'officer' },
    ]);
  });

  it('never makes a pause longer', async () => {
    const loanId = await pausedLoan(['2026-03-01', '2026-03-31']);
    expect(await resumeOn(database.pool, loanId, '2026-03-10', 'officer')).toHaveLength(1);
    expect(await resumeOn(database.pool, loanId, '2026-03-20', 'officer')).toEqual([]);
    expect(await listPauses(database.pool, loanId)).toEqual([{ from: '2026-03-01', until: '2026-03-10' }]);
  });

  it('may be dated back before an earlier resume', async () => {
    const loanId = await pausedLoan(['2026-03-01', null]);
    await resumeOn(database.pool, loanId, '2026-03-10', 'officer');
    expect(await resumeOn(database.pool, loanId, '2026-03-05', 'officer')).toHaveLength(1);
    expect(await listPauses(database.pool, loanId)).toEqual([{ from: '2026-03-01', until: '2026-03-05' }]);
  });

  it('for one reason leaves the pauses that are there for another', async () => {
    const { loanId } = await addLoan(database.pool);
    await addPause(database.pool, { ...pauseOf(loanId, '2026-03-01', null), reason: 'disaster' });
    const hardship = { ...pauseOf(loanId, '2026-03-01', null), reason: 'hardship', reviewDay: '2026-04-01' };
    await addPause(database.pool, hardship);
    const ended = await resumeOn(database.pool, loanId, '2026-03-10', 'officer', 'hardship');
    expect(ended).toEqual([{ pauseId: hardship.pauseId, reviewDay: '2026-04-01' }]);
    expect((await loadLoanFacts(database.pool, loanId))?.pauses).toEqual([
      { from: '2026-03-01', until: '2026-03-10', reason: 'hardship' },
      { from: '2026-03-01', until: null, reason: 'disaster' },
    ]);
  });
});
