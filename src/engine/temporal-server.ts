import { join } from 'node:path';

import { Connection } from '@temporalio/client';

import { failedWith } from './grpc-status';
import { writeAtomically } from './home-files';
import type { InternalPorts } from './ports';
import type { Postgres } from './postgres';
import { type Child, startChild } from './processes';
import { TEMPORAL_DATABASE, VISIBILITY_DATABASE } from './temporal-schema';

const START_LIMIT_MS = 90_000;
const CALL_LIMIT_MS = 5_000;

export interface TemporalServerOptions {
  home: string;
  binary: string;
  postgres: Postgres;
  frontendPort: number;
  ports: InternalPorts;
  timeTravel: boolean;
}

/** Starts the Temporal server, all four roles in one process, on loopback; serving when it returns. */
export function startTemporalServer(options: TemporalServerOptions): Promise<Child> {
  const dynamicConfigPath = join(options.home, 'run', 'dynamic-config.yaml');
  writeAtomically(dynamicConfigPath, dynamicConfig(options.timeTravel));
  return startChild(options.home, {
    name: 'temporal-server',
    command: options.binary,
    args: ['--allow-no-auth', 'start'],
    env: { ...process.env, ...serverEnvironment(options), DYNAMIC_CONFIG_FILE_PATH: dynamicConfigPath },
    stopSignal: 'SIGTERM',
    probe: () => makeRealCall(`127.0.0.1:${options.frontendPort}`),
    startLimitMs: START_LIMIT_MS,
  });
}

// The same names as in docker-compose.yml: they are those of the official image.
function serverEnvironment({ postgres, frontendPort, ports }: TemporalServerOptions): Record<string, string> {
  return {
    DB: 'postgres12',
    POSTGRES_SEEDS: '127.0.0.1',
    DB_PORT: String(postgres.port),
    POSTGRES_USER: postgres.user,
    POSTGRES_PWD: postgres.password,
    DBNAME: TEMPORAL_DATABASE,
    VISIBILITY_DBNAME: VISIBILITY_DATABASE,
    SQL_MAX_CONNS: '40',
    SQL_MAX_IDLE_CONNS: '40',
    // Fixed for the life of a database.
    NUM_HISTORY_SHARDS: '4',
    BIND_ON_IP: '127.0.0.1',
    TEMPORAL_BROADCAST_ADDRESS: '127.0.0.1',
    FRONTEND_GRPC_PORT: String(frontendPort),
    FRONTEND_HTTP_PORT: String(ports.frontendHttp),
    FRONTEND_MEMBERSHIP_PORT: String(ports.frontendMembership),
    HISTORY_GRPC_PORT: String(ports.history),
    HISTORY_MEMBERSHIP_PORT: String(ports.historyMembership),
    MATCHING_GRPC_PORT: String(ports.matching),
    MATCHING_MEMBERSHIP_PORT: String(ports.matchingMembership),
    WORKER_GRPC_PORT: String(ports.worker),
    WORKER_MEMBERSHIP_PORT: String(ports.workerMembership),
    LOG_LEVEL: 'warn',
  };
}

function dynamicConfig(timeTravel: boolean): string {
  const values: Record<string, string | number | boolean> = {
    // One host needs no partitions: each only adds a hop to the next.
    'matching.numTaskqueueReadPartitions': 1,
    'matching.numTaskqueueWritePartitions': 1,
    // The defaults guard a shared cluster against one tenant; here there is one tenant.
    'frontend.rps': 20_000,
    'frontend.namespaceRPS': 20_000,
    'frontend.namespaceRPS.visibility': 2_000,
    'history.rps': 20_000,
    ...(timeTravel
      ? {
          'frontend.WorkflowTimeSkippingEnabled': true,
          // With the default of 1 s every skip takes about a second.
          'history.timerProcessorMaxTimeShift': '10ms',
        }
      : {}),
  };
  return Object.entries(values)
    .map(([name, value]) => `${name}:\n  - value: ${value}\n`)
    .join('');
}

// Health is reported before the members have found each other; a call that reaches history tells the truth.
async function makeRealCall(address: string): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: CALL_LIMIT_MS });
  try {
    await connection.withDeadline(Date.now() + CALL_LIMIT_MS, async () => {
      const namespace = 'temporal-system';
      await connection.workflowService.describeNamespace({ namespace });
      await connection.workflowService.listWorkflowExecutions({ namespace, pageSize: 1 });
      await askHistory(connection, namespace);
    });
  } finally {
    await connection.close();
  }
}

async function askHistory(connection: Connection, namespace: string): Promise<void> {
  try {
    const execution = { workflowId: 'arrears-is-history-there' };
    await connection.workflowService.describeWorkflowExecution({ namespace, execution });
  } catch (error) {
    if (!failedWith(error, 'NotFound')) throw error;
  }
}
