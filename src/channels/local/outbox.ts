import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

/** The most messages an outbox keeps; the oldest go first. */
const MAX_MESSAGES = 10_000;

const outboxMessage = z.object({
  id: z.string(),
  channel: z.enum(['sms', 'email']),
  to: z.string(),
  from: z.string(),
  subject: z.string().nullable(),
  body: z.string(),
  providerId: z.string(),
  /** ISO 8601 with offset. */
  receivedAt: z.string(),
  status: z.string(),
  headers: z.record(z.string(), z.string()),
});
const statusChange = z.object({ id: z.string(), status: z.string() });

/** A message that a local provider took, as the demo shows it. */
export type OutboxMessage = z.infer<typeof outboxMessage>;

export interface OutboxFilter {
  to?: string;
  channel?: OutboxMessage['channel'];
  limit: number;
}

export interface Outbox {
  add(message: OutboxMessage): void;
  setStatus(id: string, status: string): void;
  find(id: string): OutboxMessage | undefined;
  /** Newest first. */
  list(filter: OutboxFilter): OutboxMessage[];
}

/** What the local providers have taken: in memory, and in an NDJSON file if one is named. */
export function createOutbox(options: { file?: string; maxMessages?: number } = {}): Outbox {
  const { file, maxMessages = MAX_MESSAGES } = options;
  const messages = new Map<string, OutboxMessage>();
  const keep = (message: OutboxMessage) => {
    messages.set(message.id, message);
    if (messages.size <= maxMessages) return;
    const [oldest] = messages.keys();
    if (oldest !== undefined) messages.delete(oldest);
  };
  const changeStatus = (id: string, status: string) => {
    const message = messages.get(id);
    if (message !== undefined) messages.set(id, { ...message, status });
  };
  const write = (line: object) => {
    if (file !== undefined) appendFileSync(file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
  };

  if (file !== undefined) mkdirSync(path.dirname(file), { recursive: true });
  if (file !== undefined && existsSync(file)) {
    for (const line of readLines(file)) {
      if ('body' in line) keep(line);
      else changeStatus(line.id, line.status);
    }
    // Written anew at each start, so that the file is as bounded as the memory.
    writeFileSync(file, [...messages.values()].map((message) => `${JSON.stringify(message)}\n`).join(''), {
      mode: 0o600,
    });
  }

  return {
    add(message) {
      keep(message);
      write(message);
    },
    setStatus(id, status) {
      changeStatus(id, status);
      write({ id, status });
    },
    find: (id) => messages.get(id),
    list: ({ to, channel, limit }) =>
      [...messages.values()]
        .reverse()
        .filter((message) => (to ?? message.to) === message.to && (channel ?? message.channel) === message.channel)
        .slice(0, limit),
  };
}

function readLines(file: string): (OutboxMessage | z.infer<typeof statusChange>)[] {
  const line = z.union([outboxMessage, statusChange]);
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((text) => {
      // The last line may be cut short by a crash.
      const parsed = line.safeParse(parseJson(text));
      return parsed.success ? [parsed.data] : [];
    });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
