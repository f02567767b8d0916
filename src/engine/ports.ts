import { randomInt } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { EngineError } from './engine-error';
import { writeAtomically } from './home-files';

const LOOPBACK = '127.0.0.1';
const INTERNAL_PORTS = [
  'postgres',
  'frontendHttp',
  'frontendMembership',
  'history',
  'historyMembership',
  'matching',
  'matchingMembership',
  'worker',
  'workerMembership',
] as const;

/** The ports that only the engine's own parts use. */
export type InternalPorts = Record<(typeof INTERNAL_PORTS)[number], number>;

/** Refuses a public port that is taken, with the name of the variable that moves it. */
export async function requireFreePort(port: number, what: string, variable: string): Promise<void> {
  if (await isFree(port)) return;
  throw new EngineError(
    'PortInUse',
    `Port ${port}, wanted for ${what}, is used by another program. Stop that program, or set ${variable} to a free port.`,
  );
}

/**
 * The internal ports of this home, picked once and remembered. Temporal's members look for each other under the ports
 * of the last run for about 15 s, so a restart that keeps its ports is ready sooner.
 */
export async function internalPorts(home: string): Promise<InternalPorts> {
  const path = join(home, 'ports.json');
  const remembered = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Partial<InternalPorts>) : {};
  const taken = new Set<number>();
  const ports: Partial<InternalPorts> = {};
  for (const name of INTERNAL_PORTS) {
    const port = remembered[name];
    const kept = port !== undefined && !taken.has(port) && (await isFree(port));
    ports[name] = kept ? port : await pickFreePort(taken);
    taken.add(ports[name]);
  }
  writeAtomically(path, JSON.stringify(ports, null, 2));
  return ports as InternalPorts;
}

/** A free port that is not in `taken`. */
export async function pickFreePort(taken: ReadonlySet<number> = new Set()): Promise<number> {
  for (;;) {
    // Below the range from which the system serves outgoing connections, which could take the port at any time.
    const port = randomInt(20_000, 32_000);
    if (!taken.has(port) && (await isFree(port))) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => {
      server.close(() => resolve(true));
    });
  });
}
