import { isNativeError } from 'node:util/types';

import { Pool, type PoolClient } from 'pg';

import { columnParser } from './column-types';
import { OneWriteSocket } from './one-write-socket';

/** A pool, or a client inside a transaction. */
export type Queryable = Pick<PoolClient, 'query'>;

export interface PoolOptions {
  readonly applicationName: string;
  readonly max?: number;
  readonly statementTimeoutMs?: number;
  /** `owner`: with every right of the login, for migrations. Else the service's, which cannot touch what is attested. */
  readonly as?: 'owner';
  /** Told of an idle connection that was lost. The pool has already dropped it. */
  readonly onIdleLoss?: (error: Error) => void;
}

const connectLimitMs = 10_000;
/** Migration 6 makes it. A login that is another one's member works as it; one that has no more rights loses nothing. */
export const serviceRole = 'arrears_app';

export function createPool(databaseUrl: string, options: PoolOptions): Pool {
  const pool = new Pool({
    connectionString: options.as === 'owner' ? databaseUrl : asService(databaseUrl),
    application_name: options.applicationName,
    max: options.max ?? 10,
    statement_timeout: options.statementTimeoutMs ?? 30_000,
    connectionTimeoutMillis: connectLimitMs,
    keepAlive: true,
    // Statements that need not wait for each other's answers go out together, and are still run in their order.
    pipeline: true,
    stream: () => new OneWriteSocket(),
    types: { getTypeParser: columnParser },
  });
  // Without a listener a database restart would end the process.
  pool.on('error', options.onIdleLoss ?? (() => undefined));
  return pool;
}

/** The driver takes what stands in the address over what it is given beside it. */
function asService(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  const given = url.searchParams.get('options');
  url.searchParams.set('options', [...(given === null ? [] : [given]), `-c role=${serviceRole}`].join(' '));
  // A plus sign is a space to some readers of addresses and a plus sign to others.
  url.search = url.search.replaceAll('+', '%20');
  return url.href;
}

/** Runs `work` in one transaction (read committed): committed when it returns, rolled back when it throws. */
export async function inTransaction<T>(pool: Pool, work: (db: Queryable) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  // A client that is checked out has no listener of the pool; the failed query itself reports the loss.
  const ignoreLoss = (): void => undefined;
  client.on('error', ignoreLoss);
  let broken = false;
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    // A client whose rollback failed is destroyed, not pooled.
    await client.query('rollback').catch(() => (broken = true));
    throw error;
  } finally {
    client.off('error', ignoreLoss);
    client.release(broken);
  }
}

const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
]);

// admin_shutdown, crash_shutdown, cannot_connect_now, too_many_connections.
const serverCodes = new Set(['57P01', '57P02', '57P03', '53300']);

// The driver and its pool raise these without a code.
const driverMessages = [
  'timeout exceeded when trying to connect',
  'Connection terminated',
  'Client has encountered a connection error',
  'Client was closed and is not queryable',
  'Cannot use a pool after calling end on the pool',
];

/**
 * Whether the database could not be reached or went away, so that the same call may succeed later (HTTP 503).
 * Whether a statement that was under way took effect is not known.
 */
export function isConnectionLoss(error: unknown): boolean {
  // Not instanceof: the error of a socket may come from another realm.
  if (!isNativeError(error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (networkCodes.has(code) || serverCodes.has(code) || /^08[0-9A-Z]{3}$/.test(code)) return true;
  return driverMessages.some((message) => error.message.startsWith(message)) || isConnectionLoss(error.cause);
}
