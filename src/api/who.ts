import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Actor, policyActor } from '../cases/actor';
import { type ApiKey, roles } from '../config';
import { Refusal } from '../domain/refusal';

const actorName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const loopbackOrigin = /^https?:\/\/(127\.\d+\.\d+\.\d+|\[::1\]|localhost)(:\d+)?$/;

/**
 * Says who asks and whether the route lets them. Without any keys, which the configuration allows on loopback only, it is
 * whoever X-Actor names, with every role.
 */
export function identifyActors(app: FastifyInstance, keys: readonly ApiKey[]): void {
  if (keys.some(({ actor }) => actor === policyActor)) throw new Error(`no key may act as ${policyActor}`);
  const known = keys.map((key) => ({ ...key, hash: Buffer.from(key.sha256, 'hex') }));
  app.addHook('onRequest', (request, _reply, done) => {
    const { allow } = request.routeOptions.config;
    if (allow === undefined) {
      done();
      return;
    }
    const actor = known.length === 0 ? localActor(request) : actorOfKey(request, known);
    if (!allow.some((role) => actor.roles.includes(role))) {
      throw new Refusal('Forbidden', `this takes one of the roles ${allow.join(', ')}`);
    }
    request.actor = actor;
    done();
  });
}

function localActor({ headers }: FastifyRequest): Actor {
  // A page of some other site, open in a browser on this machine, is not the operator.
  if (headers.origin !== undefined && !loopbackOrigin.test(headers.origin)) {
    throw new Refusal('Forbidden', 'requests of other sites are not taken', 'Origin');
  }
  const name = headers['x-actor'] ?? 'operator';
  if (typeof name !== 'string' || !actorName.test(name) || name === policyActor) {
    throw new Refusal('InputInvalid', 'must be a name of letters, digits, dots and hyphens, 64 at most', 'X-Actor');
  }
  return { name, roles };
}

function actorOfKey({ headers }: FastifyRequest, keys: readonly (ApiKey & { hash: Buffer })[]): Actor {
  const key = /^Bearer (\S{1,500})$/.exec(headers.authorization ?? '')?.[1];
  if (key === undefined) throw new Refusal('Unauthorized', 'a key is needed: Authorization: Bearer …');
  const hash = createHash('sha256').update(key).digest();
  // Every key is compared, so that the time taken says nothing about which one came close.
  const [found] = keys.filter((candidate) => timingSafeEqual(candidate.hash, hash));
  if (found === undefined) throw new Refusal('Unauthorized', 'the key is not known');
  return { name: found.actor, roles: found.roles };
}
