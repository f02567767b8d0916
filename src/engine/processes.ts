import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { endOrderly } from './ending';
import { EngineError } from './engine-error';
import { forgetPid, recordPid } from './pid-files';

const KEPT_LOG_BYTES = 20_000_000;
const LOG_TAIL_LINES = 12;
const LOG_LINE_CHARACTERS = 300;
const PROBE_EVERY_MS = 100;

export interface ChildSpec {
  /** Names the log file and the pid file. */
  name: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  user?: { uid: number; gid: number } | null;
  stopSignal: 'SIGTERM' | 'SIGINT';
  /** Succeeds once the process serves. */
  probe: () => Promise<unknown>;
  startLimitMs: number;
}

export interface Child {
  name: string;
  /** Settles with the reason when the process has ended, asked to or not. */
  ended: Promise<string>;
  isAlive(): boolean;
  logTail(): string;
  stop(): Promise<void>;
}

/**
 * Starts a part of the engine, with its output in `home/logs` and its pid recorded in `home/run`. It serves when this
 * returns, and does not run when this throws.
 */
export async function startChild(home: string, spec: ChildSpec): Promise<Child> {
  const child = await launch(home, spec);
  try {
    await waitUntilReady(child, spec);
    return child;
  } catch (error) {
    await child.stop();
    throw error;
  }
}

/** The error for a part that ended by itself. */
export function childDied(child: Child, reason: string): EngineError {
  return new EngineError('EngineChildDied', `${child.name} ended unexpectedly (${reason}). ${child.logTail()}`);
}

async function launch(home: string, spec: ChildSpec): Promise<Child> {
  const logPath = join(home, 'logs', `${spec.name}.log`);
  const log = openLog(logPath);
  const child = spawn(spec.command, spec.args, {
    stdio: ['ignore', log, log],
    env: spec.env ?? process.env,
    cwd: '/',
    // Out of the terminal's group: Ctrl-C must reach the service only, which then stops its parts in order.
    detached: true,
    ...(spec.user ?? {}),
  });
  closeSync(log);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code ?? 'unknown'}`));
  });
  if (child.pid === undefined) {
    throw new EngineError('EngineChildDied', `${spec.name} could not be started: ${await ended}`);
  }
  recordPid(home, spec.name, child.pid, spec.stopSignal);
  endWithService(child, spec.stopSignal, ended);
  return {
    name: spec.name,
    ended,
    isAlive: () => isAlive(child),
    logTail: () => `Last lines of ${logPath}:\n${lastLines(logPath)}`,
    stop: async () => {
      if (isAlive(child)) await endOrderly(ended, (signal) => child.kill(signal), spec.stopSignal);
      forgetPid(home, spec.name);
    },
  };
}

async function waitUntilReady(child: Child, { probe, startLimitMs }: ChildSpec): Promise<void> {
  const deadlineMs = Date.now() + startLimitMs;
  for (;;) {
    try {
      await probe();
      return;
    } catch (error) {
      if (!child.isAlive()) throw childDied(child, await child.ended);
      if (Date.now() > deadlineMs) {
        const text = `${child.name} did not answer within ${startLimitMs / 1000} s (${String(error)}). ${child.logTail()}`;
        throw new EngineError('EngineStartTimeout', text, { cause: error });
      }
      await sleep(PROBE_EVERY_MS);
    }
  }
}

// For a service that leaves through process.exit without having stopped its engine.
function endWithService(child: ChildProcess, signal: NodeJS.Signals, ended: Promise<unknown>): void {
  const end = (): void => void child.kill(signal);
  process.once('exit', end);
  void ended.then(() => process.removeListener('exit', end));
}

function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

function openLog(path: string): number {
  mkdirSync(dirname(path), { recursive: true });
  if (existsSync(path) && statSync(path).size > KEPT_LOG_BYTES) renameSync(path, `${path}.1`);
  return openSync(path, 'a');
}

function lastLines(path: string): string {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n').slice(-LOG_TAIL_LINES);
  return lines.map((line) => line.slice(0, LOG_LINE_CHARACTERS)).join('\n');
}
