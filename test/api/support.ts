import { createHash, randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import type { FastifyInstance, InjectOptions } from 'fastify';
import type { Pool } from 'pg';
import pino from 'pino';
import { createApp } from '../../src/api/app';
import type { Desk } from '../../src/cases/desk';
import { createPublishedPolicies } from '../../src/cases/published-policies';
import { createOutbox, type Outbox } from '../../src/channels/local/outbox';
import type { Channels } from '../../src/channels/channel-clients';
import { createSmtpMail } from '../../src/channels/smtp-mail';
import { createTwilioSms } from '../../src/channels/twilio-sms';
import type { Role } from '../../src/config';
import { readReplies } from '../../src/policy/replies';
import { defaultReplies } from '../../src/project-root';
import { openGate } from '../../src/service/case-worker-deps';
import { publishPolicyFile } from '../../src/service/publish-policy';
import { createPool } from '../../src/store/database';
import { createTestDatabase } from '../support/database';

/** A Monday, 10:00 in Shanghai. */
export const mondayMorningMs = Date.parse('2026-03-02T02:00:00Z');
export const twilioToken = 'test-twilio-token';
export const publicUrl = 'https://arrears.example.com';

export interface ApiOptions {
  readonly keys?: readonly { key: string; actor: string; roles: readonly Role[] }[];
  readonly timeTravel?: boolean;
  readonly ratePerMinute?: number;
  /** How answers to borrowers leave; without it nobody can be reached. */
  readonly channels?: Channels;
  /** Another way to the database and to Temporal, for tests of outages. */
  readonly through?: { readonly database?: (url: string) => string; readonly temporal?: string };
}

type Method = 'GET' | 'POST' | 'PUT';

interface Item {
  readonly kind: string;
  readonly loanId: string;
  readonly taskId: string;
  readonly attempt: number;
  readonly state: string;
  readonly inboundId: string;
  readonly version: string;
}

/** Every name that a test reads by itself; the rest it compares. Null where the answer is not JSON. */
export interface AnswerBody {
  readonly type: string;
  readonly detail: string;
  readonly errors: readonly { readonly field: string; readonly reason: string }[];
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
  readonly refusals: { readonly nextCursor: string | null };
  readonly importId: string;
  readonly caseNo: number;
  readonly state: string;
  readonly name: string;
  readonly escalateTo: string | null;
  readonly summary: string;
  readonly bankTime: string;
  readonly delinquency: { readonly overdue: unknown };
  readonly workflow: { readonly next: { readonly do: string; readonly at: string } | null } | null;
  readonly document: { readonly policy: unknown };
  readonly contactPoints: readonly unknown[];
  readonly contacts: readonly { readonly body: string }[];
  readonly pauses: readonly unknown[];
  readonly handoffs: readonly unknown[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: object }>>>>;
}

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly body: AnswerBody;
}

export interface TestApi {
  readonly app: FastifyInstance;
  readonly desk: Desk;
  /** The database itself, whichever way the service takes. */
  readonly pool: Pool;
  readonly outbox: Outbox;
  readonly logged: string[];
  /** The bank's time; it stands still unless a test moves it. */
  readonly clock: { ms: number };
  readonly call: (method: Method, url: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
  readonly close: () => Promise<void>;
}

/** The HTTP service on the engine of the test run, with a database of its own. No worker: cases start and stand still. */
export async function startApi(options: ApiOptions = {}): Promise<TestApi> {
  const database = await createTestDatabase();
  await publishPolicyFile(database.pool, 'policies/retail.yaml', 'test');
  const url = options.through?.database?.(database.url) ?? database.url;
  const pool = createPool(url, { applicationName: 'arrears-test-api', max: 8 });
  const address = options.through?.temporal ?? requireEnv('ARREARS_TEST_TEMPORAL_ADDRESS');
  const connection = await Connection.connect({ address });
  const namespace = requireEnv('ARREARS_TEST_NAMESPACE');
  const clock = { ms: mondayMorningMs };
  const desk: Desk = {
    ...{ pool, connection, namespace, taskQueue: `api-${randomUUID()}`, policyId: 'retail', historyEventsMax: 4_000 },
    temporal: new Client({ connection, namespace }),
    clock: { nowMs: () => Promise.resolve(clock.ms) },
    policies: createPublishedPolicies(),
    packs: (await openGate()).inForce.packs,
    timeTravel: options.timeTravel ?? false,
  };
  const outbox = createOutbox();
  const { app, logged } = await createTestApp(desk, outbox, options);
  return {
    ...{ app, desk, outbox, logged, clock, pool: database.pool },
    call: (method, path, body, headers) => call(app, method, path, body, headers),
    async close() {
      await app.close();
      await connection.close();
      await pool.end();
      await database.drop();
    },
  };
}

// Nobody listens on the port for discarded traffic.
const nowhere = 'http://127.0.0.1:9';
export const unreachable: Channels = {
  sms: createTwilioSms({
    ...{ accountSid: `AC${'0'.repeat(32)}`, authToken: twilioToken, from: '+15005550006' },
    ...{ baseUrl: nowhere, timeoutMs: 1_000 },
  }),
  email: createSmtpMail({ url: nowhere.replace('http', 'smtp'), from: 'service@bank.example.com', timeoutMs: 1_000 }),
};

/** The app over a desk that is there, with whatever it logs. */
export async function createTestApp(
  desk: Desk,
  outbox: Outbox,
  { keys = [], ratePerMinute = 100_000, channels }: ApiOptions = {},
): Promise<{ app: FastifyInstance; logged: string[] }> {
  const logged: string[] = [];
  const app = await createApp({
    desk,
    gate: await openGate(),
    sending: { twilioAuthToken: twilioToken, local: { outbox }, channels: channels ?? unreachable },
    replies: await readReplies(defaultReplies),
    config: {
      ARREARS_API_KEYS: keys.map(({ key, actor, roles }) => ({ actor, roles, sha256: sha256(key) })),
      ARREARS_RATE_PER_MINUTE: ratePerMinute,
      PUBLIC_URL: publicUrl,
      ARREARS_HOST: '127.0.0.1',
      ARREARS_PORT: 8080,
      BANK_NAME: 'Example Bank',
      BANK_PHONE: '+44 7700 900000',
      MAIL_FROM: 'Example Bank <service@bank.example.com>',
    },
    logger: pino({ level: 'info' }, { write: (line: string) => void logged.push(line) }),
  });
  return { app, logged };
}

export async function call(
  app: FastifyInstance,
  method: Method,
  url: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const request: InjectOptions = { method: method, url, headers };
  if (body !== undefined) request.payload = body as object;
  const answer = await app.inject(request);
  const type = String(answer.headers['content-type'] ?? '').split(';')[0] ?? '';
  const parsed = (/json$/.test(type) && type !== 'application/x-ndjson' ? answer.json() : null) as AnswerBody;
  return { status: answer.statusCode, type, headers: answer.headers, text: answer.body, body: parsed };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function requireEnv(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run the tests through jest.config.mjs`);
  return value;
}
