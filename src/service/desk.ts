import { Client, Connection } from '@temporalio/client';
import { createBankClock } from '../cases/bank-clock';
import type { Desk } from '../cases/desk';
import { createPublishedPolicies } from '../cases/published-policies';
import type { Config } from '../config';
import type { ContactPack } from '../domain/contact/rule';
import { createPool } from '../store/database';
import { type Addresses, temporalConnection } from './connections';

/**
 * Connections of one process. More of them do less: every one of PostgreSQL's processes has plans of its own, which push each
 * other's out of the caches (bench/README.md).
 */
export const poolMax = 20;

/** Connects to PostgreSQL and Temporal, with the packs of rules in force. The caller closes it. */
export async function openDesk(
  config: Config,
  addresses: Addresses,
  packs: readonly ContactPack[],
): Promise<{ desk: Desk; close: () => Promise<void> }> {
  const connection = await Connection.connect(temporalConnection(config, addresses.temporalAddress));
  const namespace = config.TEMPORAL_NAMESPACE;
  const pool = createPool(addresses.databaseUrl, { applicationName: 'arrears', max: poolMax });
  const desk: Desk = {
    pool,
    connection,
    namespace,
    temporal: new Client({ connection, namespace }),
    taskQueue: config.ARREARS_TASK_QUEUE,
    clock: createBankClock(pool, config.ARREARS_TIME_TRAVEL),
    policies: createPublishedPolicies(),
    packs,
    policyId: config.ARREARS_POLICY,
    timeTravel: config.ARREARS_TIME_TRAVEL,
    historyEventsMax: config.ARREARS_HISTORY_EVENTS_MAX,
  };
  return {
    desk,
    async close() {
      await connection.close();
      await pool.end();
    },
  };
}
