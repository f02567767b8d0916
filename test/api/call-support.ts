import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { createApp } from '../../src/api/app';
import { type LocalProviders, startLocalProviders } from '../../src/channels/local/local-providers';
import { createTwilioVoice } from '../../src/channels/twilio-voice';
import type { Gate } from '../../src/contact/gate';
import { pickFreePort } from '../../src/engine/ports';
import { readReplies } from '../../src/policy/replies';
import { defaultReplies } from '../../src/project-root';
import { openGate } from '../../src/service/case-worker-deps';
import { addTask } from '../../src/store/tasks';
import { sampleTask } from '../store/samples';
import { addCase, type Loan } from './portfolio';
import { type Answer, type ApiOptions, call, mondayMorningMs, startApi, type TestApi, unreachable } from './support';

export const collectorPhone = '+12025550142';
export const bankPhone = '+12025550100';
export const ana = { 'x-actor': 'ana.zhou' };

export interface CallHouse {
  readonly api: TestApi;
  readonly providers: LocalProviders;
  readonly publicUrl: string;
  /** The rules by which calls are judged; the shipped ones unless a test says otherwise. */
  readonly rules: { gate: Gate };
  readonly post: (url: string, body?: unknown) => Promise<Answer>;
  /** A claimed call task of a loan. */
  readonly claimedCall: (loan?: Loan, stepKey?: string) => Promise<{ loan: Loan; taskId: string }>;
  readonly close: () => Promise<void>;
}

/** The HTTP service on a port of its own, with Twilio's client against the local server that plays calls. */
export async function startCallHouse(recorded = false, options: Pick<ApiOptions, 'through'> = {}): Promise<CallHouse> {
  const api = await startApi(options);
  const providers = await startLocalProviders({ smsPort: 0, smtpPort: 0, callbackDelayMs: 1 });
  const port = await pickFreePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const rules = { gate: await openGate() };
  const gate: Gate = {
    get inForce() {
      return rules.gate.inForce;
    },
    calendars: rules.gate.calendars,
    zonesOfNumber: rules.gate.zonesOfNumber,
  };
  const bankNames = { BANK_NAME: 'Example Bank', BANK_PHONE: bankPhone, MAIL_FROM: 'service@bank.example.com' };
  const voice = createTwilioVoice({ ...providers.twilio, timeoutMs: 2_000 });
  const address = { PUBLIC_URL: publicUrl, ARREARS_HOST: '127.0.0.1', ARREARS_PORT: port };
  const app: FastifyInstance = await createApp({
    ...{ desk: api.desk, gate },
    sending: { twilioAuthToken: providers.twilio.authToken, local: null, channels: unreachable },
    replies: await readReplies(defaultReplies),
    calls: { voice, recorded },
    config: { ...address, ARREARS_API_KEYS: [], ARREARS_RATE_PER_MINUTE: 100_000, ...bankNames },
    logger: pino({ level: 'silent' }),
  });
  await app.listen({ host: '127.0.0.1', port });
  const post = (url: string, body?: unknown): Promise<Answer> => call(app, 'POST', url, body, ana);
  return {
    ...{ api, providers, publicUrl, rules, post },
    async claimedCall(given, stepKey = 'reminder/day-7-call') {
      const loan = given ?? (await addCase(api));
      const nowMs = await api.desk.clock.nowMs();
      const times = { notBeforeMs: mondayMorningMs, dueAtMs: nowMs + 86_400_000, stage: 'reminder' };
      const wanted = { ...times, taskKey: `${loan.loanId}/1/${stepKey}` };
      const { task } = await addTask(api.pool, sampleTask(loan as never, wanted));
      const claimed = await post(`/v1/tasks/${task.taskId}/claim`);
      if (claimed.status !== 200) throw new Error(claimed.text);
      return { loan, taskId: task.taskId };
    },
    async close() {
      await app.close();
      await providers.stop();
      await api.close();
    },
  };
}
