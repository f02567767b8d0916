import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { type Lock, tryLock } from './lock-file';
import type { Program } from './programs';
import { runCommand } from './run-command';

const FLAGS = ['-trimpath', '-ldflags=-s -w', '-tags', 'disable_grpc_modules'];
const REPORT_EVERY_MS = 15_000;
const ASK_LOCK_EVERY_MS = 500;
const KEPT_OUTPUT_LINES = 15;

/** Null when the Go toolchain here can build, else the reason why not, in words. */
export async function whyGoCannotBuild(): Promise<string | null> {
  const { code, output } = await runCommand('go', ['version']);
  if (code !== 0) return 'it is not in the cache nor on PATH, and there is no Go toolchain to build it with.';
  const minor = /go1\.(\d+)/.exec(output)?.[1];
  // From 1.21 on, Go fetches by itself the newer toolchain that a module asks for.
  if (minor === undefined || Number(minor) < 21) return `it must be built, and this Go is too old (${output}).`;
  return null;
}

/**
 * Builds a program into the cache, once on this machine even when several processes ask. Null when it is there
 * afterwards, else what went wrong.
 */
export async function buildFromModule(
  program: Program,
  cache: string,
  report: (line: string) => void,
): Promise<string | null> {
  const lock = await waitForLock(join(cache, 'build.lock'), program, report);
  try {
    const folder = join(cache, program.folder);
    if (existsSync(join(folder, program.binary))) return null;
    removeDrafts(cache);
    const draft = `${folder}.building`;
    mkdirSync(draft, { recursive: true });
    const failure = await goInstall(program, draft, report);
    if (failure !== null) return failure;
    // Only a complete build ever gets the folder's name.
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
    return null;
  } finally {
    lock.release();
  }
}

async function goInstall(program: Program, draft: string, report: (line: string) => void): Promise<string | null> {
  const why = `Building ${program.title} ${program.version} from its Go modules. This takes minutes, and only the first time`;
  report(`${why}: hundreds of packages are fetched and compiled, and kept for every later start.`);
  const startedAtMs = Date.now();
  const timer = setInterval(() => {
    report(`  ${program.title}: building for ${elapsed(startedAtMs)}`);
  }, REPORT_EVERY_MS);
  try {
    const env = { ...process.env, GOBIN: draft, GOFLAGS: '-buildvcs=false' };
    const { code, output } = await runCommand('go', ['install', ...FLAGS, program.module], { env });
    if (code !== 0 || !existsSync(join(draft, program.binary))) {
      return `go install ${program.module} failed:\n${output.split('\n').slice(-KEPT_OUTPUT_LINES).join('\n')}`;
    }
    report(`  ${program.title}: built in ${elapsed(startedAtMs)}`);
    return null;
  } finally {
    clearInterval(timer);
  }
}

async function waitForLock(path: string, program: Program, report: (line: string) => void): Promise<Lock> {
  const startedAtMs = Date.now();
  let reportAtMs = startedAtMs;
  for (;;) {
    const attempt = tryLock(path);
    if ('lock' in attempt) return attempt.lock;
    if (Date.now() >= reportAtMs) {
      report(`Process ${attempt.holderPid} is building ${program.title}; waiting for it (${elapsed(startedAtMs)})`);
      reportAtMs += REPORT_EVERY_MS;
    }
    await sleep(ASK_LOCK_EVERY_MS);
  }
}

// The lock is ours, so whoever made these is dead.
function removeDrafts(cache: string): void {
  for (const name of readdirSync(cache)) {
    if (name.endsWith('.building')) rmSync(join(cache, name), { recursive: true, force: true });
  }
}

function elapsed(sinceMs: number): string {
  const seconds = Math.round((Date.now() - sinceMs) / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
