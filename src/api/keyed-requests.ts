import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Pool } from 'pg';
import { Refusal } from '../domain/refusal';
import { abandon, begin, finish } from '../store/idempotency';
import { faultOf } from './answers';

const keyCharsMax = 200;

/**
 * Idempotency-Key: the first answer to a request is kept under the caller, the route and the key, and given again to the
 * same request. A fault is not an answer: it frees the key.
 */
export function keepAnswers(app: FastifyInstance, pool: Pool): void {
  app.addHook('preHandler', async (request, reply) => {
    const key = keyOf(request);
    if (key === null) return;
    const route = `${request.actor.name} ${request.method} ${request.routeOptions.url ?? ''}`;
    const begun = await begin(pool, { route, key, bodyHash: hashOf(request) });
    if (begun === 'new') {
      request.keyed = { route, key };
      return;
    }
    const { status, response } = begun.replay;
    void reply.code(status).header('idempotency-replayed', 'true');
    if (response === null) return reply.send();
    const type = status < 400 ? 'application/json' : 'application/problem+json';
    return reply.type(type).send(JSON.stringify(response));
  });
  app.addHook('onSend', async (request, reply, payload) => {
    if (request.keyed === null) return payload;
    const { route, key } = request.keyed;
    try {
      if (reply.statusCode >= 500) await abandon(pool, { route, key });
      else await finish(pool, { route, key, status: reply.statusCode, response: parsed(payload) });
    } catch (error) {
      // The deed is done and its answer is on its way; whoever asks again under this key finds it done.
      request.log.warn({ fault: faultOf(error) }, 'an answer could not be kept under its Idempotency-Key');
    }
    return payload;
  });
}

/** The request's key, null where it has none or the route keeps none. @throws Refusal InputInvalid. */
export function keyOf(request: FastifyRequest): string | null {
  const key = request.headers['idempotency-key'];
  const { allow, withoutKey } = request.routeOptions.config;
  if (key === undefined || request.method === 'GET' || allow === undefined || withoutKey === true) return null;
  if (typeof key !== 'string' || !/^[\x21-\x7e]+$/.test(key) || key.length > keyCharsMax) {
    throw new Refusal('InputInvalid', `must be 1 to ${keyCharsMax} printable characters`, 'Idempotency-Key');
  }
  return key;
}

function hashOf(request: FastifyRequest): string {
  const content = JSON.stringify([request.url, request.body ?? null]);
  return createHash('sha256').update(content).digest('hex');
}

function parsed(payload: unknown): unknown {
  return typeof payload === 'string' && payload !== '' ? (JSON.parse(payload) as unknown) : null;
}
