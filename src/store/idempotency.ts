import { z } from 'zod';

import { Refusal } from '../domain/refusal';
import type { Queryable } from './database';
import { execute, maybeOne } from './rows';

export interface KeyedRequest {
  readonly route: string;
  readonly key: string;
  readonly bodyHash: string;
}

export interface Replay {
  readonly replay: { readonly status: number; readonly response: unknown };
}

const keyRow = z.object({ bodyHash: z.string(), status: z.int().nullable(), response: z.unknown() });

/** After so long without an answer, whoever began is taken to have died. */
const abandonedAfterMs = 10_000;

/**
 * Begins a request under its key. `new`: do it and `finish`. A replay: answer with it and do nothing.
 * A request that a crash left without an answer may be taken over by the same body.
 * @throws Refusal IdempotencyConflict for another body, Unavailable while the first request is under way.
 */
export async function begin(
  db: Queryable,
  { route, key, bodyHash }: KeyedRequest,
  takeOverAfterMs = abandonedAfterMs,
): Promise<'new' | Replay> {
  // Taking over restarts the wait, so of several that try, one does it.
  const text = `insert into idempotency_key as k (route, idempotency_key, body_hash, recorded_at)
    values ($1, $2, $3, clock_timestamp())
    on conflict (route, idempotency_key) do update set recorded_at = clock_timestamp()
      where k.body_hash = $3 and k.status is null
        and k.recorded_at <= clock_timestamp() - $4 * interval '1 millisecond'`;
  if ((await execute(db, text, [route, key, bodyHash, takeOverAfterMs])) > 0) return 'new';
  const select = `select body_hash as "bodyHash", status, response from idempotency_key
    where route = $1 and idempotency_key = $2`;
  const first = await maybeOne(db, keyRow, select, [route, key]);
  // Abandoned between the two statements: the key is free.
  if (first === null) return begin(db, { route, key, bodyHash }, takeOverAfterMs);
  if (first.bodyHash !== bodyHash) {
    throw new Refusal('IdempotencyConflict', 'the key was used for another request', 'Idempotency-Key');
  }
  if (first.status === null) {
    throw new Refusal('Unavailable', 'a request with this key is under way: try again in a moment', 'Idempotency-Key');
  }
  return { replay: { status: first.status, response: first.response } };
}

/** Keeps the answer. The first answer stays. */
export async function finish(
  db: Queryable,
  answered: { readonly route: string; readonly key: string; readonly status: number; readonly response: unknown },
): Promise<void> {
  const { route, key, status, response } = answered;
  const text = `update idempotency_key set status = $3, response = $4
    where route = $1 and idempotency_key = $2 and status is null`;
  await execute(db, text, [route, key, status, JSON.stringify(response ?? null)]);
}

/** Frees the key of a request that failed without an answer to keep, so that the client can try again at once. */
export async function abandon(db: Queryable, { route, key }: Pick<KeyedRequest, 'route' | 'key'>): Promise<void> {
  const text = 'delete from idempotency_key where route = $1 and idempotency_key = $2 and status is null';
  await execute(db, text, [route, key]);
}
