import path from 'node:path';
import type { Pool } from 'pg';
import { type BankClock, createBankClock } from '../cases/bank-clock';
import { createPublishedPolicies } from '../cases/published-policies';
import type { Config } from '../config';
import { embeddedDatabaseUrl } from '../engine/embedded-database';
import { readPacksInForce } from '../policy/packs-in-force';
import { defaultPacksInForce } from '../project-root';
import type { RecordKeeping } from '../retention/keep-case';
import { createPool } from '../store/database';

/** The records, without the service that keeps them. */
export interface Books {
  readonly pool: Pool;
  readonly clock: BankClock;
  readonly keeping: RecordKeeping;
  close(): Promise<void>;
}

/** Opens DATABASE_URL, or the database of the embedded engine of ARREARS_HOME, which must be running. */
export async function openBooks(config: Config): Promise<Books> {
  const databaseUrl = config.DATABASE_URL ?? embeddedDatabaseUrl(path.resolve(config.ARREARS_HOME));
  if (databaseUrl === null) throw new Error('Set DATABASE_URL, or start the engine of this host with "npm start".');
  const { packs } = await readPacksInForce(defaultPacksInForce);
  const pool = createPool(databaseUrl, { applicationName: 'arrears-books', max: 4, statementTimeoutMs: 0 });
  return {
    pool,
    clock: createBankClock(pool, true),
    keeping: { policies: createPublishedPolicies(), policyId: config.ARREARS_POLICY, packs },
    close: () => pool.end(),
  };
}
