import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { Connection } from '@temporalio/client';

import { findOrBuildBinaries } from './binaries';
import { ensureDatabase } from './databases';
import { EngineError } from './engine-error';
import { tryLock } from './lock-file';
import { prepareNamespace } from './namespace';
import { endOrphans } from './pid-files';
import { internalPorts, requireFreePort } from './ports';
import { startPostgres } from './postgres';
import { type Child, childDied } from './processes';
import { prepareTemporalSchema } from './temporal-schema';
import { startTemporalServer } from './temporal-server';
import { startTemporalUi } from './temporal-ui';

export const PRODUCT_DATABASE = 'arrears';
const PARTS_IN_STOPPING_ORDER = ['temporal-ui', 'temporal-server', 'postgres'];

export interface EngineOptions {
  /** Folder with everything the engine keeps. */
  home: string;
  temporalPort: number;
  /** Null for an engine without the Temporal UI. */
  temporalUiPort: number | null;
  namespace: string;
  retentionDays: number;
  /** Lets executions skip time. For tests and demos only. */
  timeTravel: boolean;
  report: (line: string) => void;
}

export interface Engine {
  databaseUrl: string;
  temporalAddress: string;
  namespace: string;
  uiUrl: string | null;
  /** Settles when a part ends that nobody asked to end; never in an orderly stop. */
  failure: Promise<EngineError>;
  stop(): Promise<void>;
}

/** Brings up PostgreSQL, the Temporal server and the Temporal UI on this host, on loopback, all data in `home`. */
export async function startEngine(options: EngineOptions): Promise<Engine> {
  const home = resolve(options.home);
  mkdirSync(join(home, 'run'), { recursive: true });
  const releaseHome = takeHome(home);
  const parts: Child[] = [];
  const stop = async (): Promise<void> => {
    for (const part of parts.splice(0).reverse()) await part.stop();
    releaseHome();
  };
  try {
    return { ...(await startParts({ ...options, home }, parts)), failure: firstFailure(parts), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Ends what a killed engine left running on this home; refuses while that engine lives. */
export async function cleanUpAfterKill(home: string): Promise<void> {
  const releaseHome = takeHome(resolve(home));
  await endOrphans(resolve(home), PARTS_IN_STOPPING_ORDER);
  releaseHome();
}

async function startParts(
  options: EngineOptions,
  parts: Child[],
): Promise<Pick<Engine, 'databaseUrl' | 'temporalAddress' | 'namespace' | 'uiUrl'>> {
  const { home, temporalPort, temporalUiPort, namespace, retentionDays, timeTravel, report } = options;
  const orphans = await endOrphans(home, PARTS_IN_STOPPING_ORDER);
  if (orphans.length > 0) report(`The last run was killed; ended what it left behind: ${orphans.join(', ')}`);
  await requireFreePort(temporalPort, 'the Temporal server', 'TEMPORAL_PORT');
  if (temporalUiPort !== null) await requireFreePort(temporalUiPort, 'the Temporal UI', 'TEMPORAL_UI_PORT');
  const binaries = await findOrBuildBinaries(temporalUiPort !== null, report);
  const ports = await internalPorts(home);

  const postgres = await startPostgres(home, ports.postgres, report);
  parts.push(postgres.child);
  await Promise.all([ensureDatabase(postgres, PRODUCT_DATABASE), prepareTemporalSchema(binaries.sqlTool, postgres)]);

  const frontendPort = temporalPort;
  parts.push(await startTemporalServer({ home, binary: binaries.server, postgres, frontendPort, ports, timeTravel }));
  const temporalAddress = `127.0.0.1:${temporalPort}`;
  const connection = await Connection.connect({ address: temporalAddress });
  await prepareNamespace({ connection, namespace, retentionDays }).finally(() => connection.close());

  let uiUrl: string | null = null;
  if (temporalUiPort !== null && binaries.ui !== null) {
    const ui = await startTemporalUi({ home, binary: binaries.ui, port: temporalUiPort, temporalAddress, namespace });
    parts.push(ui.child);
    uiUrl = ui.url;
  }
  return { databaseUrl: postgres.urlOf(PRODUCT_DATABASE), temporalAddress, namespace, uiUrl };
}

function takeHome(home: string): () => void {
  const attempt = tryLock(join(home, 'run', 'engine.lock'));
  if ('lock' in attempt) return () => attempt.lock.release();
  throw new EngineError(
    'EngineAlreadyRunning',
    `The service already runs on ${home} (process ${attempt.holderPid}). Stop it, or set ARREARS_HOME to another folder.`,
  );
}

function firstFailure(parts: Child[]): Promise<EngineError> {
  return new Promise((resolveWith) => {
    for (const part of parts) {
      // Stopping takes a part off the list before it ends.
      void part.ended.then((reason) => parts.includes(part) && resolveWith(childDied(part, reason)));
    }
  });
}
