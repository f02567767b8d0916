import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import type { Worker } from '@temporalio/worker';
import { createBankClock } from '../../src/cases/bank-clock';
import type { Desk } from '../../src/cases/desk';
import { createPublishedPolicies } from '../../src/cases/published-policies';
import { travelForward } from '../../src/cases/time-travel';
import { type LocalProviders, startLocalProviders } from '../../src/channels/local/local-providers';
import { createSmtpMail } from '../../src/channels/smtp-mail';
import { createTwilioSms } from '../../src/channels/twilio-sms';
import { readConfig } from '../../src/config';
import { caseWorkerDeps, openGate } from '../../src/service/case-worker-deps';
import { publishPolicyFile } from '../../src/service/publish-policy';
import { createCaseWorker } from '../../worker/case-worker';
import { createTestDatabase } from './database';

export interface CaseService {
  readonly desk: Desk;
  readonly providers: LocalProviders;
  readonly forward: (days: number) => Promise<void>;
  readonly startWorker: () => Promise<void>;
  readonly stopWorker: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** The whole service but HTTP on the engine of the test run: own database, own task queue, own providers, real worker. */
export async function startCaseService({ historyEventsMax = 4_000 } = {}): Promise<CaseService> {
  const database = await createTestDatabase();
  const address = requireEnv('ARREARS_TEST_TEMPORAL_ADDRESS');
  const namespace = requireEnv('ARREARS_TEST_NAMESPACE');
  const connection = await Connection.connect({ address });
  const providers = await startLocalProviders({ smsPort: 0, smtpPort: 0 });
  const config = readConfig({ ARREARS_TIME_TRAVEL: 'true', LOG_LEVEL: 'silent' });
  const desk: Desk = {
    pool: database.pool,
    connection,
    namespace,
    temporal: new Client({ connection, namespace }),
    taskQueue: `story-${randomUUID()}`,
    clock: createBankClock(database.pool, true),
    policies: createPublishedPolicies(),
    policyId: 'retail',
    timeTravel: true,
    historyEventsMax,
  };
  await publishPolicyFile(desk.pool, 'policies/retail.yaml', 'test');
  const sms = createTwilioSms({ ...providers.twilio, timeoutMs: 5_000 });
  const email = createSmtpMail({ url: providers.smtpUrl, from: config.MAIL_FROM, timeoutMs: 5_000 });
  const sending = { channels: { sms, email }, twilioAuthToken: '', local: providers, close: () => Promise.resolve() };
  const deps = caseWorkerDeps(config, desk, await openGate(), sending);

  let running: { worker: Worker; ended: Promise<void> } | null = null;
  async function startWorker(): Promise<void> {
    const worker = await createCaseWorker({ connection: { address }, namespace, taskQueue: desk.taskQueue }, deps);
    running = { worker, ended: worker.run() };
  }
  async function stopWorker(): Promise<void> {
    running?.worker.shutdown();
    await running?.ended;
    running = null;
  }
  await startWorker();
  return {
    ...{ desk, providers, startWorker, stopWorker },
    forward: (days) => travelForward(desk, days * 86_400_000),
    async close() {
      await stopWorker();
      email.close();
      await providers.stop();
      await connection.close();
      await database.drop();
    },
  };
}

function requireEnv(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run through jest's global set-up`);
  return value;
}
