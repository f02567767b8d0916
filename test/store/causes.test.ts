import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { listCauses } from '../../src/store/causes';
import { migrate } from '../../src/store/migrate';
import { migrationsFolder, readMigrationFiles } from '../../src/store/migration-files';
import { publishPolicy } from '../../src/store/policies';
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

describe('what tasks had heard before causes were facts', () => {
  it('is a cause of the case from the day of the first talk, under the code of today', async () => {
    const files = readMigrationFiles(migrationsFolder).map(({ name }) => name);
    const before = files.slice(
      0,
      files.findIndex((name) => name.endsWith('-causes.sql')),
    );
    for (const name of before) cpSync(join(migrationsFolder, name), join(folder, name));
    await migrate(database.owner, folder);
    const document = { policy: { timezone: 'Asia/Shanghai' } };
    const policy = { policyId: 'retail', version: policyVersion, contentHash: 'h1', document };
    await publishPolicy(database.owner, { ...policy, publishedBy: 'officer' });
    const loan = await addOpenCase(database.owner);
    // Fifteen hours after one o'clock it is still 2 March in UTC, and 3 March in the bank's zone.
    for (const [cause, hours] of [
      ['over-indebted', 15],
      ['over-indebted', 40],
      ['forgot', 16],
      ['unknown', 17],
    ] as const) {
      const { task } = await addTask(database.owner, sampleTask(loan));
      const nothingElse = { willingness: null, note: null, offered: [], promisedDay: null, promisedMinor: null };
      await completeTask(database.owner, {
        ...{ taskId: task.taskId, actor: 'ana', atMs: openedAtMs + hours * 3_600_000, outcome: 'refused', cause },
        ...nothingElse,
        contactId: null,
      });
    }
    await migrate(database.owner);
    expect(
      (await listCauses(database.owner, loan.loanId)).map(({ code, fromDay, actor }) => [code, fromDay, actor]),
    ).toEqual([
      ['over-indebtedness', '2026-03-03', 'ana'],
      ['forgot', '2026-03-03', 'ana'],
    ]);
  });
});
