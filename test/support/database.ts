import { createHash, randomUUID } from 'node:crypto';

import { Client, type Pool } from 'pg';

import { createPool } from '../../src/store/database';
import { migrate } from '../../src/store/migrate';
import { migrationsFolder, readMigrationFiles } from '../../src/store/migration-files';

export interface TestDatabase {
  readonly url: string;
  /** As the service works: with its role. */
  readonly pool: Pool;
  /** With every right, as who owns the tables, or an administrator who tampers. */
  readonly owner: Pool;
  drop(): Promise<void>;
}

/** A database of its own for one test file, cloned from a template that is migrated once. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const template = await ensureTemplate();
  return cloneDatabase(template);
}

/** The same without any schema. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  return cloneDatabase('template0');
}

async function cloneDatabase(template: string): Promise<TestDatabase> {
  const name = `arrears_test_${randomUUID().replaceAll('-', '')}`;
  await withServer((server) => server.query(`create database ${name} template ${template}`));
  const url = urlOf(name);
  const pool = createPool(url, { applicationName: 'arrears-test', max: 25 });
  const owner = createPool(url, { applicationName: 'arrears-test-owner', max: 5, as: 'owner' });
  const drop = async (): Promise<void> => {
    await pool.end();
    await owner.end();
    await withServer((server) => server.query(`drop database ${name} with (force)`));
  };
  return { url, pool, owner, drop };
}

// Any fixed number: the jest workers of one server take it before they look for the template.
const templateLock = 4_210_002;

// Named after the content of the migrations, so that a changed file makes a new template.
async function ensureTemplate(): Promise<string> {
  const checksums = readMigrationFiles(migrationsFolder).map((file) => file.checksum);
  const name = `arrears_template_${createHash('sha256').update(checksums.join()).digest('hex').slice(0, 16)}`;
  await withServer(async (server) => {
    await server.query('select pg_advisory_lock($1)', [templateLock]);
    const { rowCount } = await server.query('select from pg_database where datname = $1', [name]);
    if (rowCount === 1) return;
    // Renamed when complete: a run that was killed half-way leaves no broken template.
    await server.query(`drop database if exists ${name}_draft with (force)`);
    await server.query(`create database ${name}_draft template template0`);
    const pool = createPool(urlOf(`${name}_draft`), { applicationName: 'arrears-test-template', as: 'owner' });
    await migrate(pool).finally(() => pool.end());
    await server.query(`alter database ${name}_draft rename to ${name}`);
  });
  return name;
}

function urlOf(database: string): string {
  const url = new URL(serverUrl());
  url.pathname = `/${database}`;
  return url.href;
}

function serverUrl(): string {
  const url = process.env['ARREARS_TEST_DATABASE_URL'];
  if (url === undefined) throw new Error('ARREARS_TEST_DATABASE_URL is not set: run the tests through jest.config.mjs');
  return url;
}

async function withServer<T>(work: (server: Client) => Promise<T>): Promise<T> {
  const server = new Client({ connectionString: serverUrl(), application_name: 'arrears-test-support' });
  await server.connect();
  try {
    return await work(server);
  } finally {
    await server.end();
  }
}

/** How many sessions of this database wait for a lock that another one holds. The service's role does not see others. */
export async function waitingForLocks(pool: Pool): Promise<number> {
  const { rows: here } = await pool.query<{ name: string }>('select current_database() as name');
  const text = `select count(*)::int as waiting from pg_stat_activity where datname = $1 and wait_event_type = 'Lock'`;
  return withServer(async (server) => {
    const { rows } = await server.query<{ waiting: number }>(text, [here[0]?.name]);
    return rows[0]?.waiting ?? 0;
  });
}
