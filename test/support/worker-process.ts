import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { projectRoot } from '../../src/project-root';
import { type CaseService, requireEnv } from './case-service';

export interface WorkerProcess {
  /** Ends it as a power cut would: nothing under way is finished, nobody is told. */
  readonly kill: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** The worker of the build as operations start it, in a process of its own, for a service that has none. */
export async function startWorkerProcess({ desk, providers, databaseUrl }: CaseService): Promise<WorkerProcess> {
  const { twilio, smtpUrl } = providers;
  const worker = spawn(process.execPath, [path.join(projectRoot, 'bin', 'arrears.mjs'), 'worker'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...{ PATH: process.env['PATH'], HOME: process.env['HOME'] },
      ...{ DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: requireEnv('ARREARS_TEST_TEMPORAL_ADDRESS') },
      ...{ TEMPORAL_NAMESPACE: desk.namespace, ARREARS_TASK_QUEUE: desk.taskQueue, ARREARS_TIME_TRAVEL: 'true' },
      ...{ TWILIO_ACCOUNT_SID: twilio.accountSid, TWILIO_AUTH_TOKEN: twilio.authToken, TWILIO_FROM: twilio.from },
      ...{ TWILIO_BASE_URL: twilio.baseUrl, SMTP_URL: smtpUrl, PUBLIC_URL: 'http://127.0.0.1:9' },
      LOG_LEVEL: 'silent',
    },
  });
  await untilReady(worker);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (worker.exitCode !== null || worker.signalCode !== null) return;
    const ended = once(worker, 'exit');
    worker.kill(signal);
    await ended;
  };
  return { kill: () => end('SIGKILL'), stop: () => end('SIGTERM') };
}

async function untilReady(worker: ChildProcess): Promise<void> {
  let said = '';
  await new Promise<void>((resolve, reject) => {
    worker.stderr?.on('data', (text: Buffer) => {
      said += text.toString();
      if (said.includes('worker ready')) resolve();
    });
    worker.once('exit', () => {
      reject(new Error(`the worker ended before it was ready: ${said}`));
    });
  });
}
