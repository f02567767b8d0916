import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import pino from 'pino';
import { createApp } from '../api/app';
import type { Config } from '../config';
import type { Desk } from '../cases/desk';
import { prepareNamespace } from '../engine/namespace';
import { readReplies } from '../policy/replies';
import { defaultReplies } from '../project-root';
import { keptWordsOf } from '../policy/contact-pack';
import { keepPacks } from '../store/contact-packs';
import { createPool } from '../store/database';
import { migrate } from '../store/migrate';
import { createCaseWorker } from '../../worker/case-worker';
import { caseWorkerDeps, openGate } from './case-worker-deps';
import { type Addresses, temporalConnection } from './connections';
import { scheduleDailyRecords } from './daily-records';
import { openDesk } from './desk';
import { requireNeutralSender } from './neutral-sender';
import { startReconciler } from './reconciler';
import { openSending, type Sending } from './sending';

/** Closed runs stay in Temporal for so long; the record is in PostgreSQL. */
export const retentionDays = 30;

export type Part = 'worker' | 'api';

export interface RunningService {
  readonly desk: Desk;
  readonly sending: Sending;
  /** Settles when a part ends that nobody asked to end. */
  readonly failure: Promise<Error>;
  stop(): Promise<void>;
}

/** Brings up worker, API or both against a database and a Temporal that are there. Stops in reverse order. */
export async function runService(
  config: Config,
  addresses: Addresses,
  parts: readonly Part[],
): Promise<RunningService> {
  installRuntime();
  const home = path.resolve(config.ARREARS_HOME);
  mkdirSync(home, { recursive: true });
  const closing: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  const failures: Promise<Error>[] = [new Promise(() => undefined)];
  try {
    const gate = await openGate();
    const { desk, close } = await openDesk(config, addresses, gate.inForce.packs);
    closing.push(close);
    await migrateAsOwner(addresses.databaseUrl);
    await keepPacks(desk.pool, keptWordsOf(gate.inForce.packs));
    await prepareNamespace({ connection: desk.connection, namespace: desk.namespace, retentionDays });
    const sending = await openSending(config, path.join(home, 'outbox.ndjson'));
    closing.push(() => sending.close());
    requireNeutralSender(config, gate.inForce.packs);
    if (parts.includes('worker')) {
      const connection = temporalConnection(config, addresses.temporalAddress);
      const place = { connection, namespace: desk.namespace, taskQueue: desk.taskQueue };
      const deps = caseWorkerDeps(config, desk, gate, sending);
      const reconciler = startReconciler(desk, deps, pino({ level: config.LOG_LEVEL }));
      closing.push(() => reconciler.stop());
      const worker = await createCaseWorker(place, deps);
      await scheduleDailyRecords(desk);
      const ended = worker.run();
      failures.push(
        ended.then(
          () => new Error('the worker ended'),
          (error: unknown) => error as Error,
        ),
      );
      closing.push(async () => {
        if (worker.getState() === 'RUNNING') worker.shutdown();
        await ended.catch(() => undefined);
      });
    }
    if (parts.includes('api')) {
      const calls = { voice: sending.voice, recorded: config.TWILIO_VOICE_RECORD };
      const replies = await readReplies(defaultReplies);
      const logger = pino({ level: config.LOG_LEVEL });
      const app = await createApp({ desk, gate, sending, calls, config, replies, logger });
      await app.listen({ host: config.ARREARS_HOST, port: config.ARREARS_PORT });
      closing.push(() => app.close());
    }
    return { desk, sending, failure: Promise.race(failures), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function migrateAsOwner(databaseUrl: string): Promise<void> {
  const owner = createPool(databaseUrl, { applicationName: 'arrears-migrate', as: 'owner', max: 1 });
  try {
    await migrate(owner);
  } finally {
    await owner.end();
  }
}

/** The service stops in its own order; the SDK must not stop the worker at the first signal. */
function installRuntime(): void {
  Runtime.install({ logger: new DefaultLogger('WARN'), shutdownSignals: [] });
}
