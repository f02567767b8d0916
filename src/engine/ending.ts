import { setTimeout as sleep } from 'node:timers/promises';

const STOP_LIMIT_MS = 15_000;

/** Asks a process to end with `first`, and makes it end when it has not done so within the limit. */
export async function endOrderly(
  ended: Promise<unknown>,
  send: (signal: NodeJS.Signals) => unknown,
  first: NodeJS.Signals,
): Promise<void> {
  send(first);
  const limit = new AbortController();
  const late = sleep(STOP_LIMIT_MS, true, { signal: limit.signal }).catch(() => false);
  if (await Promise.race([ended.then(() => false), late])) send('SIGKILL');
  limit.abort();
  await ended;
}
