import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { Presets, SingleBar } from 'cli-progress';
import { openDueCases, type OpeningProgress } from '../cases/open-due-cases';
import type { Config } from '../config';
import { type Engine, startEngine } from '../engine/engine';
import { requireFreePort } from '../engine/ports';
import { demoPortfolio } from '../intake/demo-portfolio';
import { importRows } from '../intake/import-rows';
import { projectRoot } from '../project-root';
import { publishPolicyFile } from '../service/publish-policy';
import { retentionDays, type RunningService, runService } from '../service/run-service';
import { aheadMs } from '../store/clock';
import { countLoans } from '../store/loans';
import { listenForStop } from './stop-request';

const demoRowsAbout = 249_000;

/** Everything on this host: engine, worker, API, and on the first run the demo portfolio with its cases. */
export async function start(config: Config): Promise<void> {
  const stop = listenForStop();
  await requireFreePort(config.ARREARS_PORT, 'the HTTP API', 'ARREARS_PORT');
  const engine = await engineOf(config);
  let service: RunningService | null = null;
  try {
    const addresses = { databaseUrl: engine.databaseUrl, temporalAddress: engine.temporalAddress };
    service = await runService(config, addresses, ['worker', 'api']);
    await publishPolicyFile(service.desk.pool, 'policies/retail.yaml', 'set-up');
    if ((await countLoans(service.desk.pool)) === 0) await importDemo(service);
    // Nobody pays in the demo: once its time was moved, nearly every loan is overdue, and is opened when it is asked for.
    if ((await aheadMs(service.desk.pool)) === 0) await openCases(service, stop.signal);
    if (!stop.signal.aborted) sayWhatToTry(config, engine);
    await stop.wait(service.failure, engine.failure);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    throw error;
  } finally {
    console.error('Stopping …');
    await service?.stop();
    await engine.stop();
  }
}

export function engineOf(config: Config): Promise<Engine> {
  return startEngine({
    home: path.resolve(config.ARREARS_HOME),
    temporalPort: config.TEMPORAL_PORT,
    temporalUiPort: config.TEMPORAL_UI_PORT,
    namespace: config.TEMPORAL_NAMESPACE,
    retentionDays,
    timeTravel: config.ARREARS_TIME_TRAVEL,
    report: (line) => {
      console.error(line);
    },
  });
}

async function importDemo({ desk }: RunningService): Promise<void> {
  const { calendar } = await desk.policies.latest(desk.pool, desk.policyId);
  const asOf = calendar.dayOf(await desk.clock.nowMs());
  const stream = demoPortfolio({ file: path.join(projectRoot, 'data', 'uci-credit-default.csv'), asOf });
  if (!process.stderr.isTTY) console.error('Importing the demo portfolio …');
  const bar = new SingleBar({ format: 'Importing the demo portfolio {bar} {value} rows' }, Presets.shades_classic);
  bar.start(demoRowsAbout, 0);
  const onProgress = ({ rowsRead }: { rowsRead: number }): void => {
    bar.setTotal(Math.max(demoRowsAbout, rowsRead));
    bar.update(rowsRead);
  };
  const request = {
    pool: desk.pool,
    stream,
    format: 'ndjson',
    fileName: 'demo-portfolio',
    today: asOf,
    onProgress,
  } as const;
  const report = await importRows({ ...request, importId: randomUUID() });
  bar.setTotal(report.rowsRead);
  bar.stop();
}

async function openCases({ desk }: RunningService, signal: AbortSignal): Promise<void> {
  const bar = new SingleBar(
    { format: 'Opening cases {bar} {value} of {total} loans, {opened} cases' },
    Presets.shades_classic,
  );
  bar.start(0, 0, { opened: 0 });
  const onProgress = ({ looked, loans, opened }: OpeningProgress): void => {
    bar.setTotal(loans);
    bar.update(looked, { opened });
  };
  await openDueCases(desk, 'set-up', onProgress, signal);
  bar.stop();
}

function sayWhatToTry(config: Config, engine: Engine): void {
  const api = `http://127.0.0.1:${config.ARREARS_PORT}`;
  console.log(
    [
      '',
      'arrears is ready.',
      `  API and its documentation  ${api}/docs`,
      `  Temporal UI                ${engine.uiUrl ?? 'off'}/namespaces/${engine.namespace}/workflows`,
      `  Outbox of this demo        ${api}/v1/outbox?limit=5   (nothing is sent to anybody)`,
      '',
      'Try, in another terminal:',
      '  npx arrears time forward 1d                       a day passes: reminders go out within contact hours',
      `  curl -s '${api}/v1/cases?stage=team&limit=3'    cases that reached the collection team`,
      `  curl -s '${api}/v1/tasks?limit=3'               what collectors have to do next`,
      '',
      'Ctrl-C stops everything in order; the next start goes on where this one stopped.',
    ].join('\n'),
  );
}
