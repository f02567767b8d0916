import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { projectRoot } from '../../src/project-root';
import { keepRecords } from '../../src/retention/daily';
import { scheduleDailyRecords } from '../../src/service/daily-records';
import { createPool } from '../../src/store/database';
import { listAnchors } from '../../src/store/ledger';
import { migrate } from '../../src/store/migrate';
import { travelForward } from '../../src/cases/time-travel';
import { type CaseService, startCaseService } from '../support/case-service';
import { eventually } from '../support/eventually';
import { addBorrower, addLoan, bankToday, open } from '../support/portfolio';

let service: CaseService;
let loanId: string;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'arrears-ledger-'));
  service = await startCaseService();
  loanId = await addLoan(service, await addBorrower(service), { dueDaysAgo: 2 });
  await open(service, loanId);
  await service.settle();
});
afterAll(async () => {
  await service.desk.temporal.schedule.getHandle(`records/${service.desk.taskQueue}`).delete();
  await service.close();
  rmSync(folder, { recursive: true });
});

const anchoredDays = async (): Promise<string[]> => (await listAnchors(service.desk.pool)).map(({ day }) => day);

function arrears(...args: readonly string[]): Promise<{ code: number; output: string }> {
  const env = { ...process.env, DATABASE_URL: service.databaseUrl, ARREARS_HOME: folder };
  return new Promise((resolve) => {
    execFile(process.execPath, [path.join(projectRoot, 'bin', 'arrears.mjs'), ...args], { env }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: out + err });
    });
  });
}

describe('the anchor of the day', () => {
  it('is made by the service itself at its start, and once however often it starts', async () => {
    await scheduleDailyRecords(service.desk);
    const today = await bankToday(service);
    await eventually(anchoredDays, (days) => days.length > 0);
    await scheduleDailyRecords(service.desk);
    const { schedule } = service.desk.temporal;
    const runs = () => schedule.getHandle(`records/${service.desk.taskQueue}`).describe();
    await eventually(
      async () => (await runs()).info.recentActions.length,
      (count) => count >= 2,
    );
    expect(await anchoredDays()).toEqual([today]);
  });

  it('is made for each day through which the clock is moved', async () => {
    const { desk, gate } = service;
    const first = await bankToday(service);
    const keeping = { ...desk, packs: gate.inForce.packs };
    const daily = async () => keepRecords(desk.pool, keeping, null, await desk.clock.nowMs());
    await travelForward(desk, 3 * 86_400_000, undefined, undefined, daily);
    await service.settle();
    expect(await anchoredDays()).toHaveLength(4);
    expect((await anchoredDays())[0]).toBe(first);
  });
});

describe('npx arrears ledger', () => {
  it('verifies, with an anchor that was kept outside, and says how fast', async () => {
    const file = path.join(folder, 'anchor.json');
    expect(await arrears('ledger', 'anchor', '--out', file)).toMatchObject({ code: 0 });
    const { code, output } = await arrears('ledger', 'verify', '--anchor', file);
    expect(output).toMatch(/\d+ entries, \d+ rows, 4 anchors in .* rows per second\): nothing was changed/);
    expect(code).toBe(0);
  });

  it('exports a case as JSON and as a page', async () => {
    const { code, output } = await arrears('ledger', 'export', loanId, '--out', folder);
    expect([code, output]).toEqual([0, `${path.join(folder, loanId)}.json\n${path.join(folder, loanId)}.html\n`]);
  });

  it('leaves with 1 and names the row when one was tampered with', async () => {
    const owner = createPool(service.databaseUrl, { applicationName: 'tampering', as: 'owner', max: 1 });
    await owner.query(
      `set session_replication_role = replica; update case_event set actor = 'x' where kind = 'opened'`,
    );
    await owner.end();
    const { code, output } = await arrears('ledger', 'verify');
    expect(output).toMatch(
      /^case_event \d+ \(chain of customer C-\S+, loan L-\S+, case 1, entry 1\): actor not as attested/,
    );
    expect(code).toBe(1);
  });

  it('purges nothing of an open case', async () => {
    expect((await arrears('retention', 'purge', '--dry-run')).output).toBe('0 would be purged\n');
  });
});

describe('a login that is only a member of the role of the service', () => {
  it('can run the service on a schema that is up to date, and has no more rights to go back to', async () => {
    const owner = createPool(service.databaseUrl, { applicationName: 'administrator', as: 'owner', max: 1 });
    const login = `login_${path.basename(folder).replaceAll(/\W/g, '').toLowerCase()}`;
    await owner.query(`create role ${login} login password 'invented'; grant arrears_app to ${login}`);
    const url = new URL(service.databaseUrl);
    [url.username, url.password] = [login, 'invented'];
    const pool = createPool(url.href, { applicationName: 'service', max: 1 });
    try {
      expect(await migrate(pool)).toEqual({ applied: [] });
      await expect(pool.query('reset role; delete from case_event')).rejects.toMatchObject({ code: '42501' });
    } finally {
      await pool.end();
      await owner.query(`drop role ${login}`);
      await owner.end();
    }
  });
});
