import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { processIdentity } from './process-identity';

export interface Lock {
  release(): void;
}

interface Holder {
  pid: number;
  identity: string | null;
}

/** What came of asking for a lock: the lock, or the pid of the living process that has it. */
export type LockAttempt = { lock: Lock } | { holderPid: number };

/**
 * Takes the lock at `path` unless a living process has it. A lock whose holder died is taken over.
 */
export function tryLock(path: string): LockAttempt {
  mkdirSync(dirname(path), { recursive: true });
  const mine = JSON.stringify({ pid: process.pid, identity: processIdentity(process.pid) } satisfies Holder);
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, mine);
  try {
    for (;;) {
      if (linkedInto(draft, path)) return { lock: { release: () => releaseIfMine(path, mine) } };
      const theirs = readIfThere(path);
      if (theirs === null) continue;
      const holderPid = livingHolder(theirs);
      if (holderPid !== null) return { holderPid };
      removeStale(path, theirs);
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

// A hard link appears with its content or not at all, so no one ever reads a lock that is half written.
function linkedInto(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function livingHolder(content: string): number | null {
  const { pid, identity } = JSON.parse(content) as Holder;
  return identity !== null && processIdentity(pid) === identity ? pid : null;
}

// Moved away first and looked at again: between the reading and the moving another process may have taken it over.
function removeStale(path: string, judged: string): void {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (readIfThere(aside) !== judged) linkedInto(aside, path);
  rmSync(aside, { force: true });
}

function releaseIfMine(path: string, mine: string): void {
  if (readIfThere(path) === mine) rmSync(path, { force: true });
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
