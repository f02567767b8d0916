import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { migrate } from '../../src/store/migrate';
import { migrationsFolder, readMigrationFiles } from '../../src/store/migration-files';
import { publishPolicy } from '../../src/store/policies';
import { listPromises } from '../../src/store/promises';
import { addTask, completeTask } from '../../src/store/tasks';
import { createEmptyDatabase, type TestDatabase } from '../support/database';
import { addOpenCase, openedAtMs, policyVersion, sampleTask } from './samples';

let database: TestDatabase;
let folder: string;
beforeAll(async () => {
  database = await createEmptyDatabase();
  folder = mkdtempSync(join(tmpdir(), 'arrears-migrations-'));
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true });
});

describe('what tasks had heard before promises were facts', () => {
  it('is a promise of one part, given on the day of the talk in the bank’s zone', async () => {
    const files = readMigrationFiles(migrationsFolder).map(({ name }) => name);
    const before = files.slice(
      0,
      files.findIndex((name) => name.endsWith('-promises.sql')),
    );
    for (const name of before) cpSync(join(migrationsFolder, name), join(folder, name));
    await migrate(database.owner, folder);
    const document = { policy: { timezone: 'Asia/Shanghai' } };
    const policy = { policyId: 'retail', version: policyVersion, contentHash: 'h1', document };
    await publishPolicy(database.owner, { ...policy, publishedBy: 'officer' });
    const loan = await addOpenCase(database.owner);
    const { task } = await addTask(database.owner, sampleTask(loan));
    // Fifteen hours after one o'clock it is still 2 March in UTC, and 3 March in the bank's zone.
    await completeTask(database.owner, {
      ...{ taskId: task.taskId, actor: 'ana', atMs: openedAtMs + 15 * 3_600_000, outcome: 'promised', cause: null },
      ...{ willingness: null, note: null, offered: [], promisedDay: '2026-03-12', promisedMinor: 50_000 },
      contactId: null,
    });
    await migrate(database.owner);
    expect(await listPromises(database.owner, loan.loanId)).toMatchObject([
      {
        ...{ promiseId: task.taskId, source: 'task', givenDay: '2026-03-03', actor: 'ana', cancelledDay: null },
        parts: [{ dueDay: '2026-03-12', amountMinor: 50_000 }],
      },
    ]);
  });
});
