import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { listPromises } from '../../src/store/promises';
import { addTask, completeTask } from '../../src/store/tasks';
import { type DatabaseOfBefore, databaseBefore } from '../support/rows-of-before';
import { openedAtMs, sampleTask } from './samples';

let database: DatabaseOfBefore;
beforeAll(async () => {
  database = await databaseBefore('promises');
});
afterAll(() => database.drop());

describe('what tasks had heard before promises were facts', () => {
  it('is a promise of one part, given on the day of the talk in the bank’s zone', async () => {
    const { owner, loan, migrateOn } = database;
    const { task } = await addTask(owner, sampleTask(loan));
    // Fifteen hours after one o'clock it is still 2 March in UTC, and 3 March in the bank's zone.
    await completeTask(owner, {
      ...{ taskId: task.taskId, actor: 'ana', atMs: openedAtMs + 15 * 3_600_000, outcome: 'promised', cause: null },
      ...{ willingness: null, note: null, offered: [], promisedDay: '2026-03-12', promisedMinor: 50_000 },
      contactId: null,
    });
    await migrateOn();
    expect(await listPromises(owner, loan.loanId)).toMatchObject([
      {
        ...{ promiseId: task.taskId, source: 'task', givenDay: '2026-03-03', actor: 'ana', cancelledDay: null },
        parts: [{ dueDay: '2026-03-12', amountMinor: 50_000 }],
      },
    ]);
  });
});
