import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, Runtime, type Worker } from '@temporalio/worker';
import type { Pool } from 'pg';
import { createBankClock } from '../../src/cases/bank-clock';
import type { Desk } from '../../src/cases/desk';
import { createPublishedPolicies } from '../../src/cases/published-policies';
import { travelForward } from '../../src/cases/time-travel';
import { type LocalProviders, startLocalProviders } from '../../src/channels/local/local-providers';
import { createSmtpMail } from '../../src/channels/smtp-mail';
import { createTwilioSms } from '../../src/channels/twilio-sms';
import { readConfig } from '../../src/config';
import type { Gate } from '../../src/contact/gate';
import { addDays } from '../../src/domain/day';
import { caseWorkerDeps, openGate } from '../../src/service/case-worker-deps';
import { publishPolicyFile } from '../../src/service/publish-policy';
import { moveAhead } from '../../src/store/clock';
import { createCaseWorker } from '../../worker/case-worker';
import { untilAtRest } from './at-rest';
import { createTestDatabase } from './database';
import { bundledWorkflows } from './workflow-bundle';

export interface CaseService {
  readonly desk: Desk;
  readonly gate: Gate;
  readonly providers: LocalProviders;
  readonly databaseUrl: string;
  /** Moves bank and cases so many days ahead; parts of a day are allowed. What falls due on the way is done then. */
  readonly forward: (days: number) => Promise<void>;
  /** Waits until every case has done what it has to do now. */
  readonly settle: () => Promise<void>;
  readonly startWorker: () => Promise<void>;
  readonly stopWorker: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface ServiceWish {
  readonly historyEventsMax?: number;
  /** Where callbacks go; without it nobody listens there: most stories are not told by callbacks. */
  readonly publicUrl?: string;
  /** How the worker, and nobody else, reaches things; without it the same way as the test. */
  readonly worker?: WorkerLines | 'none';
}

export interface WorkerLines {
  readonly pool?: (databaseUrl: string, direct: Pool) => Promise<Pool>;
  readonly temporal?: (address: string) => Promise<string>;
}

/**
 * The whole service but HTTP on the engine of the test run: own database, own task queue, own providers, real worker. Its
 * bank's clock stands at noon, so that a story is the same whenever it is told.
 */
export async function startCaseService({
  historyEventsMax = 4_000,
  worker = {},
  publicUrl = 'http://127.0.0.1:9',
}: ServiceWish = {}): Promise<CaseService> {
  installQuietRuntime();
  const database = await createTestDatabase();
  const address = requireEnv('ARREARS_TEST_TEMPORAL_ADDRESS');
  const namespace = requireEnv('ARREARS_TEST_NAMESPACE');
  const connection = await Connection.connect({ address });
  const providers = await startLocalProviders({ smsPort: 0, smtpPort: 0 });
  const gate = await openGate();
  const desk: Desk = {
    pool: database.pool,
    connection,
    namespace,
    temporal: new Client({ connection, namespace }),
    taskQueue: `story-${randomUUID()}`,
    clock: createBankClock(database.pool, true),
    policies: createPublishedPolicies(),
    packs: gate.inForce.packs,
    policyId: 'retail',
    timeTravel: true,
    historyEventsMax,
  };
  await publishPolicyFile(desk.pool, 'policies/retail.yaml', 'test');
  await moveToNoon(desk);
  const hands =
    worker === 'none'
      ? null
      : await openHands({ desk, gate, providers, databaseUrl: database.url, address, publicUrl }, worker);
  await hands?.start();
  return {
    ...{ desk, gate, providers, databaseUrl: database.url },
    startWorker: () => requireHands(hands).start(),
    stopWorker: () => requireHands(hands).stop(),
    settle: () => untilAtRest(desk),
    async forward(days) {
      await travelForward(desk, Math.round(days * 86_400_000));
      await untilAtRest(desk);
    },
    async close() {
      await hands?.close();
      await providers.stop();
      await connection.close();
      await database.drop();
    },
  };
}

interface Surroundings extends Pick<CaseService, 'desk' | 'gate' | 'providers' | 'databaseUrl'> {
  readonly address: string;
  readonly publicUrl: string;
}

/** The worker of the story, in this process. */
async function openHands({ desk, gate, providers, databaseUrl, address, publicUrl }: Surroundings, lines: WorkerLines) {
  const config = readConfig({
    ARREARS_TIME_TRAVEL: 'true',
    LOG_LEVEL: 'silent',
    PUBLIC_URL: publicUrl,
  });
  const pool = (await lines.pool?.(databaseUrl, desk.pool)) ?? desk.pool;
  const sms = createTwilioSms({ ...providers.twilio, timeoutMs: 5_000 });
  const email = createSmtpMail({ url: providers.smtpUrl, from: config.MAIL_FROM, timeoutMs: 5_000 });
  const sending = {
    channels: { sms, email },
    voice: null,
    twilioAuthToken: '',
    local: providers,
    close: () => Promise.resolve(),
  };
  const deps = caseWorkerDeps(config, { ...desk, pool }, gate, sending);
  const place = {
    connection: { address: (await lines.temporal?.(address)) ?? address },
    ...{ namespace: desk.namespace, taskQueue: desk.taskQueue, workflowBundle: await bundledWorkflows() },
  };
  let running: { worker: Worker; ended: Promise<void> } | null = null;

  async function stop(): Promise<void> {
    running?.worker.shutdown();
    await running?.ended;
    running = null;
  }
  return {
    stop,
    async start(): Promise<void> {
      const worker = await createCaseWorker(place, deps);
      running = { worker, ended: worker.run() };
    },
    async close(): Promise<void> {
      await stop();
      email.close();
      if (pool !== desk.pool) await pool.end();
    },
  };
}

function requireHands<T>(hands: T | null): T {
  if (hands === null) throw new Error('the worker of this story is not in this process');
  return hands;
}

async function moveToNoon(desk: Desk): Promise<void> {
  const { calendar } = await desk.policies.latest(desk.pool, desk.policyId);
  const nowMs = await desk.clock.nowMs();
  const noonMs = calendar.instantAt(addDays(calendar.dayOf(nowMs), 1), '12:00');
  await moveAhead(desk.pool, noonMs - nowMs);
}

let installed = false;

function installQuietRuntime(): void {
  if (installed) return;
  installed = true;
  // Warnings are part of the stories of outages: every attempt that fails is one.
  Runtime.install({ logger: new DefaultLogger('ERROR') });
}

export function requireEnv(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run through jest's global set-up`);
  return value;
}
