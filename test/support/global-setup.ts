import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { cleanUpAfterKill, type Engine, startEngine } from '../../src/engine/engine';
import { EngineError } from '../../src/engine/engine-error';
import { pickFreePort } from '../../src/engine/ports';

const HOME_PREFIX = 'arrears-test-';

declare global {
  // The one engine of this test run, whichever of jest's projects asked first.
  var arrearsTestEngine: { engine: Engine; home: string } | undefined;
}

/** Starts the real engine, once for the whole run, and tells the test files where it is. */
async function startTestEngine(): Promise<void> {
  if (globalThis.arrearsTestEngine !== undefined) return;
  await removeHomesOfKilledRuns();
  const temporalPort = await pickFreePort();
  const home = mkdtempSync(join(tmpdir(), HOME_PREFIX));
  // When the tests run as root, PostgreSQL runs as another user, who must get in.
  chmodSync(home, 0o755);
  const engine = await startEngine({
    home,
    temporalPort,
    temporalUiPort: null,
    namespace: 'arrears-test',
    retentionDays: 1,
    timeTravel: true,
    report: (line) => process.stderr.write(`${line}\n`),
  });
  globalThis.arrearsTestEngine = { engine, home };
  process.env['ARREARS_TEST_DATABASE_URL'] = engine.databaseUrl;
  process.env['ARREARS_TEST_TEMPORAL_ADDRESS'] = engine.temporalAddress;
  process.env['ARREARS_TEST_NAMESPACE'] = engine.namespace;
  // Ctrl-C skips the teardown; leaving through process.exit ends the engine's parts.
  process.once('SIGINT', () => process.exit(130));
  process.once('SIGTERM', () => process.exit(143));
}

async function removeHomesOfKilledRuns(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(HOME_PREFIX))) {
    const home = join(tmpdir(), name);
    if (!existsSync(join(home, 'run', 'engine.lock'))) continue;
    try {
      await cleanUpAfterKill(home);
      rmSync(home, { recursive: true, force: true });
    } catch (error) {
      // Another run of the tests is alive on this machine.
      if (!(error instanceof EngineError)) throw error;
    }
  }
}

// Jest asks for a default export.
module.exports = startTestEngine;
