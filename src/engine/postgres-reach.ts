import { chmodSync, cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { EngineError } from './engine-error';
import { runCommand } from './run-command';

/** Where things go that the postgres user cannot reach where they are. */
const SHARED_FOLDER = '/var/lib/arrears';

export interface PostgresUser {
  uid: number;
  gid: number;
}

/** The user that PostgreSQL runs as: null for our own; when we are root, which PostgreSQL refuses, `postgres`. */
export async function postgresUser(): Promise<PostgresUser | null> {
  if (process.getuid?.() !== 0) return null;
  const found = await lookUp('postgres');
  if (found !== null) return found;
  await runCommand('groupadd', ['--system', 'postgres']);
  const { output } = await runCommand('useradd', ['--system', '--no-create-home', '--gid', 'postgres', 'postgres']);
  const created = await lookUp('postgres');
  if (created !== null) return created;
  throw new EngineError(
    'NoPostgresUser',
    `PostgreSQL refuses to run as root, and no system user "postgres" could be made (${output}). ` +
      'Start the service as another user, make that user, or set DATABASE_URL to a PostgreSQL of yours.',
  );
}

/** Whether `user` can get to `path`, or to where it will be once it is made. */
export async function canReach(user: PostgresUser | null, path: string): Promise<boolean> {
  if (user === null) return true;
  const nearest = existsSync(path) ? path : dirname(path);
  if (nearest !== path && !existsSync(nearest)) return canReach(user, nearest);
  return (await runCommand('test', ['-x', nearest], { user })).code === 0;
}

/** A folder under the shared one, readable by everyone whatever the umask is. */
export function sharedFolder(name: string): string {
  const folder = join(SHARED_FOLDER, name);
  for (const each of [SHARED_FOLDER, folder]) {
    mkdirSync(each, { recursive: true });
    chmodSync(each, 0o755);
  }
  return folder;
}

/** A copy of `folder` where every user can reach it; made once, and never half there. */
export function sharedCopy(folder: string, name: string): string {
  const copy = join(SHARED_FOLDER, name);
  if (existsSync(copy)) return copy;
  const draft = sharedFolder(`${name}.${process.pid}`);
  cpSync(folder, draft, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(draft, copy);
  } catch (error) {
    rmSync(draft, { recursive: true });
    if (!existsSync(copy)) throw error;
  }
  return copy;
}

async function lookUp(name: string): Promise<PostgresUser | null> {
  const [uid, gid] = await Promise.all([runCommand('id', ['-u', name]), runCommand('id', ['-g', name])]);
  return uid.code === 0 && gid.code === 0 ? { uid: Number(uid.output), gid: Number(gid.output) } : null;
}
