import { z } from 'zod';

export const roles = ['system', 'supervisor', 'collector', 'legal', 'analyst', 'operator'] as const;
export type Role = (typeof roles)[number];

export interface ApiKey {
  readonly actor: string;
  readonly roles: readonly Role[];
  readonly sha256: string;
}

const port = (fallback: number) => z.coerce.number().int().min(1).max(65_535).default(fallback);
const flag = z.stringbool().default(false);
const optional = z.string().min(1).optional();

/** One key per comma: `actor:role+role:sha256`. The key itself is never in the environment. */
const apiKeys = z
  .string()
  .default('')
  .transform((text, context): ApiKey[] => {
    const keys: ApiKey[] = [];
    for (const item of text.split(',').filter((part) => part.trim() !== '')) {
      const [actor = '', names = '', sha256 = ''] = item.trim().split(':');
      const parsed = z.array(z.enum(roles)).min(1).safeParse(names.split('+'));
      if (!parsed.success) context.addIssue(`each key is actor:role+role:sha256, roles of ${roles.join(', ')}`);
      else if (actor === '' || !/^[0-9a-f]{64}$/.test(sha256)) context.addIssue('each key is actor:role+role:sha256');
      else keys.push({ actor, roles: parsed.data, sha256 });
    }
    return keys;
  });

export const environment = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  TEMPORAL_ADDRESS: optional,
  TEMPORAL_NAMESPACE: z.string().min(1).default('arrears'),
  TEMPORAL_API_KEY: optional,
  TEMPORAL_TLS_CA_PATH: optional,
  TEMPORAL_TLS_CERT_PATH: optional,
  TEMPORAL_TLS_KEY_PATH: optional,
  TEMPORAL_PORT: port(7233),
  TEMPORAL_UI_PORT: port(8233),
  ARREARS_HOME: z.string().min(1).default('.arrears'),
  ARREARS_HOST: z.string().min(1).default('127.0.0.1'),
  ARREARS_PORT: port(8080),
  ARREARS_API_KEYS: apiKeys,
  ARREARS_POLICY: z.string().min(1).default('retail'),
  ARREARS_TASK_QUEUE: z.string().min(1).default('arrears'),
  ARREARS_TIME_TRAVEL: flag,
  ARREARS_HISTORY_EVENTS_MAX: z.coerce.number().int().min(20).max(40_000).default(4_000),
  ARREARS_RATE_PER_MINUTE: z.coerce.number().int().min(1).default(600),
  BANK_NAME: z.string().min(1).default('示例银行 Example Bank'),
  BANK_PHONE: z.string().min(1).default('+44 7700 900000'),
  TWILIO_ACCOUNT_SID: optional,
  TWILIO_AUTH_TOKEN: optional,
  TWILIO_FROM: optional,
  TWILIO_MESSAGING_SERVICE_SID: optional,
  TWILIO_BASE_URL: z.url().optional(),
  TWILIO_VOICE_FROM: z
    .string()
    .regex(/^\+[1-9]\d{6,14}$/, 'must be a number in E.164 such as +12025550100')
    .optional(),
  TWILIO_VOICE_RECORD: flag,
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MAIL_FROM: z.string().min(3).default('Example Bank <service@bank.example.com>'),
  MAIL_RETURN_PATH: z.email().optional(),
  PUBLIC_URL: z.url().optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

export type Config = Readonly<z.infer<typeof environment>>;

const loopback = /^(127\.\d+\.\d+\.\d+|::1|localhost)$/;

/**
 * Reads the environment once; nothing else does. A wrong value stops the start with its name and the reason.
 * @throws Error with one line per variable.
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const parsed = environment.safeParse(env);
  if (!parsed.success) {
    const lines = parsed.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
    throw new Error(`The environment cannot be used:\n${lines.join('\n')}`);
  }
  const config = parsed.data;
  if (!loopback.test(config.ARREARS_HOST) && config.ARREARS_API_KEYS.length === 0) {
    throw new Error(
      `The environment cannot be used:\n  ARREARS_HOST: ${config.ARREARS_HOST} can be reached from outside; ` +
        'set ARREARS_API_KEYS (actor:role+role:sha256, …) or bind to 127.0.0.1',
    );
  }
  return Object.freeze(config);
}

/** What callbacks and links are built from; without PUBLIC_URL this host, which only a local provider reaches. */
export function publicUrlOf(config: Pick<Config, 'PUBLIC_URL' | 'ARREARS_HOST' | 'ARREARS_PORT'>): string {
  const { PUBLIC_URL, ARREARS_HOST, ARREARS_PORT } = config;
  return (PUBLIC_URL ?? `http://${ARREARS_HOST}:${ARREARS_PORT}`).replace(/\/+$/, '');
}

/** The domain of our own message ids. */
export function mailDomainOf(from: string): string {
  return /@([^>\s]+)/.exec(from)?.[1] ?? 'localhost';
}
