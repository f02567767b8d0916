import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { Client } from 'pg';
import { importKinds } from '../src/intake/import-kinds';
import { importRows } from '../src/intake/import-rows';
import { createPool } from '../src/store/database';
import { migrate } from '../src/store/migrate';
import { type Figure, median } from './figure';
import type { House } from './house';
import { copyAll, copyFiles } from './intake-copy';
import { csvPieces, generatePortfolio, type Portfolio, rowsIn } from './intake-rows';

const rounds = 3;

/** A portfolio through the import, and the same rows by `COPY` into the same tables, each into an empty database. */
export async function measureIntake({ engine }: House): Promise<Figure> {
  const portfolio = generatePortfolio();
  const rows = rowsIn(portfolio);
  const files = importKinds.map((kind) => ({ kind, pieces: csvPieces(portfolio, kind) }));
  const copies = copyFiles(portfolio);
  const seen: { ours: number; raw: number }[] = [];
  for (let no = 1; no <= rounds; no += 1) {
    console.error(`intake, round ${no} of ${rounds}`);
    const ours = rows / (await inEmptyDatabase(engine.databaseUrl, portfolio, (url) => importAll(url, files)));
    const raw = rows / (await inEmptyDatabase(engine.databaseUrl, portfolio, (url) => copyAll(url, copies)));
    seen.push({ ours, raw });
  }
  const ours = median(seen.map((round) => round.ours));
  const raw = median(seen.map((round) => round.raw));
  const ratio = median(seen.map((round) => round.ours / round.raw));
  const target = { atLeast: 0.15 };
  return { name: 'intake of a portfolio', unit: 'rows/s', ours, raw, ratio, target, judged: 'ratio', rounds: seen };
}

type ImportFile = Readonly<{ kind: (typeof importKinds)[number]; pieces: readonly Buffer[] }>;

async function importAll(databaseUrl: string, files: readonly ImportFile[]): Promise<void> {
  const pool = createPool(databaseUrl, { applicationName: 'arrears-bench' });
  try {
    for (const { kind, pieces } of files) {
      const stream = Readable.from(pieces, { objectMode: false });
      const request = {
        pool,
        stream,
        format: 'csv',
        kind,
        fileName: `${kind}.csv`,
        importId: randomUUID(),
        today: '9999-12-31',
      } as const;
      const { rowsRefused, failure } = await importRows(request);
      if (rowsRefused > 0 || failure !== null) throw new Error(`${kind}: ${rowsRefused} rows refused`);
    }
  } finally {
    await pool.end();
  }
}

/** Answers the seconds that the work took, and makes sure that every row is there. */
async function inEmptyDatabase(
  serverUrl: string,
  portfolio: Portfolio,
  work: (databaseUrl: string) => Promise<void>,
): Promise<number> {
  const name = `bench_${randomUUID().replaceAll('-', '')}`;
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await onServer(serverUrl, `create database ${name} template template0`);
  try {
    const pool = createPool(url.href, { applicationName: 'arrears-bench', as: 'owner' });
    await migrate(pool).finally(() => pool.end());
    const startMs = performance.now();
    await work(url.href);
    const seconds = (performance.now() - startMs) / 1000;
    const { instalments, payments } = portfolio;
    const text = 'select (select count(*) from instalment)::int + (select count(*) from payment)::int as count';
    if ((await onServer(url.href, text)) !== instalments.length + payments.length) throw new Error('rows were lost');
    return seconds;
  } finally {
    await onServer(serverUrl, `drop database ${name} with (force)`);
  }
}

async function onServer(url: string, text: string): Promise<number | undefined> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<{ count: number }>(text)).rows[0]?.count;
  } finally {
    await client.end();
  }
}
