import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Config, readConfig } from '../src/config';
import { type Engine, startEngine } from '../src/engine/engine';
import { pickFreePort } from '../src/engine/ports';
import { projectRoot } from '../src/project-root';
import { publishPolicyFile } from '../src/service/publish-policy';
import { createPool } from '../src/store/database';
import { migrate } from '../src/store/migrate';

/** An engine of its own in a folder that is removed afterwards, with the bench's policy published. */
export interface House {
  readonly engine: Engine;
  readonly home: string;
  readonly config: Config;
  /** The zone of the bank and of all borrowers: there it is between eight and nine in the morning. */
  readonly zone: string;
}

export async function withHouse<T>(work: (house: House) => Promise<T>): Promise<T> {
  const home = mkdtempSync(path.join(tmpdir(), 'arrears-bench-'));
  // When the bench runs as root, PostgreSQL runs as another user, who must get in.
  chmodSync(home, 0o755);
  const temporalPort = await pickFreePort();
  const report = (line: string): void => console.error(line);
  const place = { home: path.join(home, 'engine'), temporalPort, temporalUiPort: null };
  try {
    const engine = await startEngine({ ...place, namespace: 'arrears', retentionDays: 1, timeTravel: true, report });
    try {
      const zone = zoneAtEight(new Date());
      await publishBenchPolicy(engine.databaseUrl, home, zone);
      return await work({ engine, home, config: benchConfig(home), zone });
    } finally {
      await engine.stop();
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function benchConfig(home: string): Config {
  return readConfig({
    ARREARS_HOME: path.join(home, 'service'),
    ARREARS_TIME_TRAVEL: 'true',
    ARREARS_POLICY: 'bench',
    LOG_LEVEL: 'silent',
    // Nobody listens there: what providers report back is not measured.
    PUBLIC_URL: 'http://127.0.0.1:9',
  });
}

/** The whole-hour zone in which it is between 08:00 and 09:00. The names of these zones have the sign of their west. */
function zoneAtEight(now: Date): string {
  const east = ((8 - now.getUTCHours() + 36) % 24) - 12;
  return east === 0 ? 'Etc/GMT' : `Etc/GMT${east > 0 ? '-' : '+'}${Math.abs(east)}`;
}

async function publishBenchPolicy(databaseUrl: string, home: string, zone: string): Promise<void> {
  const folder = path.join(home, 'policies');
  mkdirSync(folder);
  cpSync(path.join(projectRoot, 'policies', 'messages'), path.join(folder, 'messages'), { recursive: true });
  const written = readFileSync(path.join(projectRoot, 'bench', 'bench-policy.yaml'), 'utf8');
  const file = path.join(folder, 'bench.yaml');
  writeFileSync(file, written.replace('timezone: Asia/Shanghai', `timezone: ${zone}`));
  const pool = createPool(databaseUrl, { applicationName: 'arrears-bench', as: 'owner' });
  try {
    await migrate(pool);
    await publishPolicyFile(pool, file, 'bench');
  } finally {
    await pool.end();
  }
}
