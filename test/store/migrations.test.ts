import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { createPool } from '../../src/store/database';
import { migrate } from '../../src/store/migrate';
import { migrationsFolder, readMigrationFiles } from '../../src/store/migration-files';
import { createEmptyDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
let folder: string;
beforeEach(async () => {
  database = await createEmptyDatabase();
  folder = mkdtempSync(join(tmpdir(), 'arrears-migrations-'));
  cpSync(migrationsFolder, folder, { recursive: true });
});
afterEach(async () => {
  await database.drop();
  rmSync(folder, { recursive: true });
});

async function tableExists(name: string): Promise<boolean> {
  const { rowCount } = await database.owner.query('select from pg_tables where tablename = $1', [name]);
  return rowCount === 1;
}

describe('the schema', () => {
  it('is brought up once, and a second run applies nothing', async () => {
    const first = await migrate(database.owner);
    expect(first.applied[0]).toBe('0001-facts.sql');
    expect(await migrate(database.owner)).toEqual({ applied: [] });
    expect(await tableExists('loan_case')).toBe(true);
  });

  it('is brought up once when several processes start at the same time', async () => {
    const pools = [1, 2, 3, 4].map(() => createPool(database.url, { applicationName: 'racing', as: 'owner' }));
    const runs = await Promise.all(pools.map((pool) => migrate(pool)));
    await Promise.all(pools.map((pool) => pool.end()));
    expect(runs.flatMap((run) => run.applied).sort()).toEqual((await appliedNames()).sort());
    expect(new Set(await appliedNames()).size).toBe((await appliedNames()).length);
  });

  it('refuses a file that was changed after it was applied, and names it', async () => {
    await migrate(database.owner, folder);
    appendFileSync(join(folder, '0001-facts.sql'), '\n-- an afterthought\n');
    await expect(migrate(database.owner, folder)).rejects.toMatchObject({
      type: 'MigrationChanged',
      message: expect.stringContaining('0001-facts.sql'),
    });
  });

  it('takes a file with the line ends of another system for the same file', async () => {
    await migrate(database.owner, folder);
    const path = join(folder, '0001-facts.sql');
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll('\n', '\r\n'));
    expect(await migrate(database.owner, folder)).toEqual({ applied: [] });
  });

  it('stops a build that is older than the database, and says what to do', async () => {
    const next = `${String(countFiles() + 1).padStart(4, '0')}-later.sql`;
    writeFileSync(join(folder, next), 'create table later (id int);');
    await migrate(database.owner, folder);
    await expect(migrate(database.owner)).rejects.toMatchObject({
      type: 'SchemaNewer',
      message: expect.stringMatching(new RegExp(`${next}.*newer build`)),
    });
  });

  it('leaves nothing of a file that fails, and takes it once it is corrected', async () => {
    const path = join(folder, `${String(countFiles() + 1).padStart(4, '0')}-later.sql`);
    writeFileSync(path, 'create table later (id int); select * from nowhere;');
    await expect(migrate(database.owner, folder)).rejects.toMatchObject({ code: '42P01' });
    expect(await tableExists('later')).toBe(false);
    writeFileSync(path, 'create table later (id int);');
    await migrate(database.owner, folder);
    expect(await tableExists('later')).toBe(true);
  });

  it('has no gap in its numbers', async () => {
    writeFileSync(join(folder, '0099-later.sql'), 'select 1;');
    await expect(migrate(database.owner, folder)).rejects.toThrow(/0099-later.sql should be number/);
  });
});

async function appliedNames(): Promise<string[]> {
  const { rows } = await database.owner.query<{ name: string }>('select name from migration');
  return rows.map((row) => row.name);
}

function countFiles(): number {
  return readMigrationFiles(folder).length;
}
