import type { Pool } from 'pg';
import { z } from 'zod';

import { inTransaction, type Queryable } from './database';
import { type MigrationFile, migrationsFolder, readMigrationFiles } from './migration-files';
import { execute, many, one } from './rows';

export type MigrationErrorType = 'MigrationChanged' | 'SchemaNewer';

/** The database and this build do not fit; nothing was changed. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';

  constructor(
    readonly type: MigrationErrorType,
    message: string,
  ) {
    super(message);
  }
}

const appliedRow = z.object({ number: z.int(), name: z.string(), checksum: z.string() });
type Applied = z.infer<typeof appliedRow>;

const knownRow = z.object({ known: z.boolean() });
const createMigration = `create table migration (
  number int primary key, name text not null, checksum text not null, applied_at timestamptz not null default now())`;

// Any fixed number: all processes that migrate one database take this lock.
const migrationLock = 4_210_001;

/**
 * Brings the schema up to this build, each file in a transaction of its own. Safe for processes that start at once.
 * @throws MigrationError when an applied file was changed since, or the database is ahead of this build.
 */
export async function migrate(pool: Pool, folder = migrationsFolder): Promise<{ applied: string[] }> {
  const files = readMigrationFiles(folder);
  const applied: string[] = [];
  for (;;) {
    const name = await inTransaction(pool, (db) => applyNext(db, files));
    if (name === null) return { applied };
    applied.push(name);
  }
}

async function applyNext(db: Queryable, files: readonly MigrationFile[]): Promise<string | null> {
  // A large table may take longer to change, and another process longer to migrate, than a request may take.
  await db.query('set local statement_timeout = 0');
  await db.query('select pg_advisory_xact_lock($1)', [migrationLock]);
  // Asked first: a login that may not make tables can still find that there is nothing to do.
  const { known } = await one(db, knownRow, `select to_regclass('migration') is not null as known`);
  if (!known) await db.query(createMigration);
  const applied = await many(db, appliedRow, 'select number, name, checksum from migration order by number');
  for (const row of applied) check(row, files);
  const next = files[applied.length];
  if (next === undefined) return null;
  await db.query(next.sql);
  const record = 'insert into migration (number, name, checksum) values ($1, $2, $3)';
  await execute(db, record, [next.number, next.name, next.checksum]);
  return next.name;
}

function check(applied: Applied, files: readonly MigrationFile[]): void {
  const file = files[applied.number - 1];
  if (file === undefined) {
    throw new MigrationError(
      'SchemaNewer',
      `the database has migration ${applied.name}, which this build does not know (it ends at ${files.length}): ` +
        'start the newer build, or restore the backup that was made before the upgrade',
    );
  }
  if (file.name !== applied.name || file.checksum !== applied.checksum) {
    throw new MigrationError(
      'MigrationChanged',
      `migration ${applied.name} was changed after it was applied (now ${file.name}): ` +
        'put the file back as it was and write the change as a new migration',
    );
  }
}
