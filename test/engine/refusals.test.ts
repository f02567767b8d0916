import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { findOrBuildBinaries } from '../../src/engine/binaries';
import { startEngine } from '../../src/engine/engine';
import { tryLock } from '../../src/engine/lock-file';
import { endOrphans } from '../../src/engine/pid-files';
import { pickFreePort } from '../../src/engine/ports';

const nothingToReport = (): void => undefined;
const environment = { ...process.env };
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'arrears-engine-'));
});
afterEach(() => {
  process.env = { ...environment };
  rmSync(folder, { recursive: true, force: true });
});

async function occupy(port: number): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return server;
}

test.each([
  { taken: 'temporalPort', variable: 'TEMPORAL_PORT' },
  { taken: 'temporalUiPort', variable: 'TEMPORAL_UI_PORT' },
])('a taken $taken is named together with the variable that moves it', async ({ taken, variable }) => {
  const ports = { temporalPort: await pickFreePort(), temporalUiPort: await pickFreePort() };
  const takenPort = ports[taken as keyof typeof ports];
  const server = await occupy(takenPort);
  const settings = { namespace: 'bank', retentionDays: 1, timeTravel: false, report: nothingToReport };
  const start = startEngine({ home: folder, ...ports, ...settings });
  await expect(start).rejects.toMatchObject({ type: 'PortInUse' });
  await expect(start).rejects.toThrow(new RegExp(`Port ${takenPort}, .* set ${variable} to a free port`));
  server.close();
});

test('without a build, a program on PATH or Go, one message names all three ways', async () => {
  process.env['PATH'] = '/nowhere';
  process.env['XDG_CACHE_HOME'] = folder;
  const search = findOrBuildBinaries(true, nothingToReport);
  await expect(search).rejects.toMatchObject({ type: 'NoTemporalBinary' });
  await expect(search).rejects.toThrow(/TEMPORAL_ADDRESS and DATABASE_URL[^]*on PATH[^]*Install Go 1\.26\.8/);
});

test('a build that was killed halfway is not taken for a build', async () => {
  const halfDone = join(folder, 'arrears', 'temporal-server-1.32.0.building');
  mkdirSync(halfDone, { recursive: true });
  writeFileSync(join(halfDone, 'server'), 'half a program');
  mkdirSync(join(folder, 'arrears', 'temporal-server-1.32.0'));
  process.env['PATH'] = '/nowhere';
  process.env['XDG_CACHE_HOME'] = folder;
  await expect(findOrBuildBinaries(false, nothingToReport)).rejects.toMatchObject({ type: 'NoTemporalBinary' });
});

test('a lock is refused while its holder lives and taken over when it is dead', () => {
  const path = join(folder, 'build.lock');
  const first = tryLock(path);
  expect(tryLock(path)).toEqual({ holderPid: process.pid });
  if ('lock' in first) first.lock.release();
  writeFileSync(path, JSON.stringify({ pid: process.pid, identity: 'a process of long ago that had this pid' }));
  expect(tryLock(path)).toHaveProperty('lock');
});

test('a recorded pid that belongs to another program by now is left alone', async () => {
  mkdirSync(join(folder, 'run'));
  const record = { pid: process.pid, identity: '1 /usr/bin/postgres', stopSignal: 'SIGKILL' };
  writeFileSync(join(folder, 'run', 'postgres.pid'), JSON.stringify(record));
  expect(await endOrphans(folder, ['postgres'])).toEqual([]);
});
