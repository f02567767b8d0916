import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { writeAtomically } from './home-files';
import { type Child, startChild } from './processes';

const START_LIMIT_MS = 30_000;

/** Starts the Temporal UI on loopback; it answers when this returns. */
export async function startTemporalUi(options: {
  home: string;
  binary: string;
  port: number;
  temporalAddress: string;
  namespace: string;
}): Promise<{ child: Child; url: string }> {
  const { home, port } = options;
  const url = `http://127.0.0.1:${port}`;
  const root = join(home, 'run');
  mkdirSync(join(root, 'ui'), { recursive: true });
  // JSON is YAML, and quotes whatever a namespace may be called.
  const settings = {
    temporalGrpcAddress: options.temporalAddress,
    host: '127.0.0.1',
    port,
    enableUi: true,
    defaultNamespace: options.namespace,
    disableNewsFetch: true,
    cors: { cookieInsecure: true, allowOrigins: [url, `http://localhost:${port}`] },
  };
  writeAtomically(join(root, 'ui', 'arrears.yaml'), JSON.stringify(settings, null, 2));
  const child = await startChild(home, {
    name: 'temporal-ui',
    command: options.binary,
    args: ['--root', root, '--config', 'ui', '--env', 'arrears', 'start'],
    stopSignal: 'SIGTERM',
    probe: () => requireAnswer(url),
    startLimitMs: START_LIMIT_MS,
  });
  return { child, url };
}

async function requireAnswer(url: string): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
  if (!response.ok) throw new Error(`the Temporal UI answered ${response.status}`);
}
