import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { listCauses } from '../../src/store/causes';
import { addTask, completeTask } from '../../src/store/tasks';
import { type DatabaseOfBefore, databaseBefore } from '../support/rows-of-before';
import { openedAtMs, sampleTask } from './samples';

let database: DatabaseOfBefore;
beforeAll(async () => {
  database = await databaseBefore('causes');
});
afterAll(() => database.drop());

describe('what tasks had heard before causes were facts', () => {
  it('is a cause of the case from the day of the first talk, under the code of today', async () => {
    const { owner, loan, migrateOn } = database;
    // Fifteen hours after one o'clock it is still 2 March in UTC, and 3 March in the bank's zone.
    for (const [cause, hours] of [
      ['over-indebted', 15],
      ['over-indebted', 40],
      ['forgot', 16],
      ['unknown', 17],
    ] as const) {
      const { task } = await addTask(owner, sampleTask(loan));
      const nothingElse = { willingness: null, note: null, offered: [], promisedDay: null, promisedMinor: null };
      await completeTask(owner, {
        ...{ taskId: task.taskId, actor: 'ana', atMs: openedAtMs + hours * 3_600_000, outcome: 'refused', cause },
        ...nothingElse,
        contactId: null,
      });
    }
    await migrateOn();
    expect((await listCauses(owner, loan.loanId)).map(({ code, fromDay, actor }) => [code, fromDay, actor])).toEqual([
      ['over-indebtedness', '2026-03-03', 'ana'],
      ['forgot', '2026-03-03', 'ana'],
    ]);
  });
});
