import { Command, InvalidArgumentError } from 'commander';
import { addBookCommand } from './command-line/book-command';
import { addClientCommands } from './command-line/client-commands';
import { createServiceClient, ServiceRefused } from './command-line/http-client';
import { addLedgerCommands } from './command-line/ledger-commands';
import { addPackCommands } from './command-line/pack-commands';
import { addPolicyCommands } from './command-line/policy-commands';
import { addReliefCommands } from './command-line/relief-commands';
import { addRetentionCommands } from './command-line/retention-commands';
import { engineOf, start } from './command-line/start';
import { listenForStop } from './command-line/stop-request';
import { type Config, readConfig } from './config';
import { Refusal } from './domain/refusal';
import { EngineError } from './engine/engine-error';
import type { Addresses } from './service/connections';
import { type Part, runService } from './service/run-service';
import { createPool } from './store/database';
import { migrate, MigrationError } from './store/migrate';

const program = new Command('arrears')
  .description('Collects overdue loans: one durable workflow per loan, every contact lawful and on record.')
  .showHelpAfterError();

program
  .command('start')
  .description('engine, worker, API and a demo portfolio, all on this host')
  .action(() => start(demoConfig()));
program
  .command('up')
  .description('worker and API against DATABASE_URL and TEMPORAL_ADDRESS')
  .action(() => serve(['worker', 'api']));
program
  .command('worker')
  .description('only the worker')
  .action(() => serve(['worker']));
program
  .command('api')
  .description('only the API')
  .action(() => serve(['api']));
program
  .command('engine')
  .description('only PostgreSQL, the Temporal server and the Temporal UI, on this host')
  .action(async () => {
    const stop = listenForStop();
    const engine = await engineOf(demoConfig());
    console.log(`DATABASE_URL=${engine.databaseUrl}\nTEMPORAL_ADDRESS=${engine.temporalAddress}`);
    console.log(`TEMPORAL_NAMESPACE=${engine.namespace}`);
    try {
      await stop.wait(engine.failure);
    } finally {
      await engine.stop();
    }
  });
program
  .command('migrate')
  .description('bring the database of DATABASE_URL to this build’s schema')
  .action(async () => {
    const { databaseUrl } = addressesOf(readConfig(process.env));
    const pool = createPool(databaseUrl, { applicationName: 'arrears-migrate', as: 'owner' });
    try {
      const { applied } = await migrate(pool);
      console.log(applied.length === 0 ? 'The schema is up to date.' : `Applied: ${applied.join(', ')}`);
    } finally {
      await pool.end();
    }
  });
addPolicyCommands(program, connect);
addPackCommands(program, connect);
addLedgerCommands(program);
addRetentionCommands(program);
addClientCommands(program, connect);
addReliefCommands(program, connect);
addBookCommand(program, connect);

async function serve(parts: readonly Part[]): Promise<void> {
  const stop = listenForStop();
  const config = readConfig(process.env);
  const service = await runService(config, addressesOf(config), parts);
  console.error(`arrears ${parts.join(' and ')} ready`);
  try {
    await stop.wait(service.failure);
  } finally {
    await service.stop();
  }
}

/** On this host alone, time may be moved: the demo lives from it. */
function demoConfig(): Config {
  return readConfig({ ARREARS_TIME_TRAVEL: 'true', LOG_LEVEL: 'warn', ...process.env });
}

function addressesOf({ DATABASE_URL, TEMPORAL_ADDRESS }: Config): Addresses {
  if (DATABASE_URL === undefined || TEMPORAL_ADDRESS === undefined) {
    throw new Error('Set DATABASE_URL and TEMPORAL_ADDRESS, or use "npm start" to run everything on this host.');
  }
  return { databaseUrl: DATABASE_URL, temporalAddress: TEMPORAL_ADDRESS };
}

function connect() {
  const { ARREARS_URL, ARREARS_KEY, ARREARS_PORT = '8080' } = process.env;
  return createServiceClient(ARREARS_URL ?? `http://127.0.0.1:${ARREARS_PORT}`, ARREARS_KEY);
}

function describe(error: unknown): string {
  const isTold =
    error instanceof Refusal ||
    error instanceof EngineError ||
    error instanceof MigrationError ||
    error instanceof ServiceRefused ||
    error instanceof InvalidArgumentError;
  if (isTold || process.env['LOG_LEVEL'] !== 'debug') return error instanceof Error ? error.message : String(error);
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

program.parseAsync().then(
  // Pools and channels are closed by now; what a library left open must not keep the process.
  () => process.exit(),
  (error: unknown) => {
    console.error(describe(error));
    process.exit(1);
  },
);
