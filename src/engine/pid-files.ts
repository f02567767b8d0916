import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { endOrderly } from './ending';
import { writeAtomically } from './home-files';
import { processIdentity } from './process-identity';

interface PidRecord {
  pid: number;
  identity: string | null;
  stopSignal: NodeJS.Signals;
}

/** Records a child of this home, so that the next start can end it should the service be killed. */
export function recordPid(home: string, name: string, pid: number, stopSignal: NodeJS.Signals): void {
  const path = pidPath(home, name);
  mkdirSync(dirname(path), { recursive: true });
  const record: PidRecord = { pid, identity: processIdentity(pid), stopSignal };
  writeAtomically(path, JSON.stringify(record));
}

/** Forgets a child that has ended. */
export function forgetPid(home: string, name: string): void {
  rmSync(pidPath(home, name), { force: true });
}

/**
 * Ends what a killed service left behind and answers the names: only processes that this home recorded, and only while
 * they still are what was recorded.
 */
export async function endOrphans(home: string, names: readonly string[]): Promise<string[]> {
  const endedNames: string[] = [];
  for (const name of names) {
    const path = pidPath(home, name);
    if (!existsSync(path)) continue;
    const { pid, identity, stopSignal } = JSON.parse(readFileSync(path, 'utf8')) as PidRecord;
    const isOurs = (): boolean => identity !== null && processIdentity(pid) === identity;
    if (isOurs()) {
      await endOrderly(untilFalse(isOurs), (signal) => isOurs() && process.kill(pid, signal), stopSignal);
      endedNames.push(name);
    }
    forgetPid(home, name);
  }
  return endedNames;
}

async function untilFalse(condition: () => boolean): Promise<void> {
  while (condition()) await sleep(50);
}

function pidPath(home: string, name: string): string {
  return join(home, 'run', `${name}.pid`);
}
