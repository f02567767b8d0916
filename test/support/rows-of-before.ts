import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { migrate } from '../../src/store/migrate';
import { migrationsFolder, readMigrationFiles } from '../../src/store/migration-files';
import { publishPolicy } from '../../src/store/policies';
import { addOpenCase, policyVersion } from '../store/samples';
import { createEmptyDatabase, type TestDatabase } from './database';

export interface DatabaseOfBefore {
  readonly owner: Pool;
  readonly loan: Awaited<ReturnType<typeof addOpenCase>>;
  /** Applies the migrations that are left. */
  readonly migrateOn: () => Promise<unknown>;
  readonly drop: () => Promise<void>;
}

/** A database as it was before a migration (`name` without its number), with a policy and an open case in it. */
export async function databaseBefore(name: string): Promise<DatabaseOfBefore> {
  const database: TestDatabase = await createEmptyDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'arrears-migrations-'));
  const { owner } = database;
  const files = readMigrationFiles(migrationsFolder).map((file) => file.name);
  const before = files.slice(
    0,
    files.findIndex((file) => file.endsWith(`-${name}.sql`)),
  );
  for (const file of before) cpSync(join(migrationsFolder, file), join(folder, file));
  await migrate(owner, folder);
  rmSync(folder, { recursive: true });
  const document = { policy: { timezone: 'Asia/Shanghai' } };
  const policy = { policyId: 'retail', version: policyVersion, contentHash: 'h1', document };
  await publishPolicy(owner, { ...policy, publishedBy: 'officer' });
  const loan = await addOpenCase(owner);
  return { owner, loan, migrateOn: () => migrate(owner), drop: () => database.drop() };
}
