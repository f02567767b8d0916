import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Pool } from 'pg';
import { bankToday } from '../src/cases/bank-today';
import { eachAtOnce } from '../src/cases/each-at-once';
import { openCase } from '../src/cases/open-case';
import { projectRoot } from '../src/project-root';
import { openDesk } from '../src/service/desk';
import type { Figure } from './figure';
import type { House } from './house';
import { addLoans } from './loans';

const cases = 1_000;
const limitMs = 300_000;

/** What a worker process keeps resident with a thousand open cases that wait for their next step. */
export async function measureMemory({ engine, home, config, zone }: House): Promise<Figure> {
  const worker = spawn(process.execPath, [path.join(projectRoot, 'bin', 'arrears.mjs'), 'worker'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...{ PATH: process.env['PATH'], HOME: process.env['HOME'] },
      ...{ DATABASE_URL: engine.databaseUrl, TEMPORAL_ADDRESS: engine.temporalAddress },
      ...{ ARREARS_HOME: path.join(home, 'worker'), ARREARS_TASK_QUEUE: 'memory', ARREARS_TIME_TRAVEL: 'true' },
      LOG_LEVEL: 'silent',
    },
  });
  const { desk, close } = await openDesk({ ...config, ARREARS_TASK_QUEUE: 'memory' }, engine, []);
  try {
    const loanIds = await addLoans(desk.pool, 'memory', cases, zone, await bankToday(desk));
    await eachAtOnce(loanIds, 24, async (loanId) => {
      await openCase(desk, loanId, 'bench');
    });
    await untilIdle(desk.pool, () => worker.exitCode === null);
    await wait(5_000);
    const residentMb = statusMb(worker.pid, 'VmRSS');
    const rounds = [{ residentMb, highestMb: statusMb(worker.pid, 'VmHWM') }];
    const numbers = {
      ours: residentMb,
      raw: null,
      ratio: null,
      target: { atMost: 512 },
      judged: 'ours',
      rounds,
    } as const;
    return { name: 'worker with 1,000 open cases', unit: 'MB', ...numbers };
  } finally {
    worker.kill('SIGTERM');
    await close();
  }
}

/** Every case has looked at its loan and waits. */
async function untilIdle(pool: Pool, isWorkerAlive: () => boolean): Promise<void> {
  const text = `select count(*)::int as count from loan_case where loan_id like 'memory-%' and next_action <> 'assess'`;
  const endMs = Date.now() + limitMs;
  for (;;) {
    const { rows } = await pool.query<{ count: number }>(text);
    const count = rows[0]?.count ?? 0;
    if (count === cases) return;
    if (Date.now() > endMs || !isWorkerAlive()) throw new Error(`only ${count} cases came to rest`);
    await wait(500);
  }
}

/** A line of Linux's account of a process; kilobytes there. */
function statusMb(pid: number | undefined, line: string): number {
  const status = readFileSync(`/proc/${pid ?? 0}/status`, 'utf8');
  return Number(new RegExp(`^${line}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? Number.NaN) / 1024;
}
