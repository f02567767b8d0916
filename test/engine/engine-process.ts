import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { cleanUpAfterKill, type EngineOptions } from '../../src/engine/engine';
import { pickFreePort } from '../../src/engine/ports';

const services: ChildProcess[] = [];

export type Answer =
  { up: true; databaseUrl: string; temporalAddress: string } | { up: false; type: string; message: string };

/** A new empty home that the postgres user can reach too. */
export function emptyHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'arrears-engine-'));
  chmodSync(home, 0o755);
  return home;
}

/** Options of an engine without the UI on a port of its own. */
export async function optionsFor(home: string): Promise<Omit<EngineOptions, 'report'>> {
  const temporalPort = await pickFreePort();
  return { home, temporalPort, temporalUiPort: null, namespace: 'bank', retentionDays: 1, timeTravel: false };
}

/** Runs the engine in a process of its own, as the service does, so that it can be killed; waits for its first answer. */
export function engineProcess(
  options: Omit<EngineOptions, 'report'>,
): Promise<{ service: ChildProcess; answer: Answer }> {
  const script = join(__dirname, 'engine-main.cjs');
  const service = spawn(process.execPath, [script, JSON.stringify(options)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  services.push(service);
  return new Promise((resolve, reject) => {
    service.once('message', (answer) => resolve({ service, answer: answer as Answer }));
    service.once('exit', (code) =>
      reject(new Error(`the service ended with ${code ?? 'a signal'} before it answered`)),
    );
  });
}

/** Ends the service as a power cut would: no handler runs, its children stay behind. */
export async function killHard(service: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => service.once('exit', resolve));
  service.kill('SIGKILL');
  await ended;
}

/** Asks the service to stop its engine, and waits until it has. */
export async function stopOrderly(service: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => service.once('exit', resolve));
  service.send('stop');
  await ended;
}

/** The pids that this home has on record. */
export function recordedPids(home: string): number[] {
  const run = join(home, 'run');
  const files = readdirSync(run).filter((name) => name.endsWith('.pid'));
  return files.map((name) => (JSON.parse(readFileSync(join(run, name), 'utf8')) as { pid: number }).pid);
}

/** Leaves nothing behind, whatever became of the test. */
export async function removeHome(home: string): Promise<void> {
  for (const service of services.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)) {
    await killHard(service);
  }
  await cleanUpAfterKill(home);
  rmSync(home, { recursive: true, force: true });
}
