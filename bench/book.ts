import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { addMonths, type Day } from '../src/domain/day';
import { figuresOf } from '../src/domain/book/loan-figures';
import { classificationSource, toClassification } from '../src/domain/classification/classification-rules';
import { standardBuckets } from '../src/domain/delinquency';
import { components, type LoanFacts, noAmounts } from '../src/domain/loan';
import { projectRoot } from '../src/project-root';
import { publishPolicyFile } from '../src/service/publish-policy';
import { createPool } from '../src/store/database';
import { migrate } from '../src/store/migrate';
import { fillBook } from './book-sql';
import { type Figure, median } from './figure';
import type { House } from './house';

const loans = 1_000_000;
const roundsCount = 3;
const asOf: Day = '2026-06-30';
const run = promisify(execFile);

/** A million loans as of a day beside the cheapest aggregates over the same rows by turns, and one loan by itself. */
export async function measureBook({ engine }: House): Promise<Figure[]> {
  const name = `bench_${randomUUID().replaceAll('-', '')}`;
  const url = new URL(engine.databaseUrl);
  url.pathname = `/${name}`;
  await onServer(engine.databaseUrl, [`create database ${name} template template0`]);
  try {
    const owner = createPool(url.href, { applicationName: 'arrears-bench', as: 'owner' });
    try {
      await migrate(owner);
      // It classifies, as a bank's policy does.
      await publishPolicyFile(owner, path.join(projectRoot, 'policies', 'retail.yaml'), 'bench');
    } finally {
      await owner.end();
    }
    console.error(`book, making ${loans.toLocaleString('en')} loans`);
    await onServer(url.href, fillBook(loans));
    const rounds: Record<Way, Round>[] = [];
    for (let no = 1; no <= roundsCount; no += 1) {
      console.error(`book, round ${no} of ${roundsCount}`);
      const sums = await oneRound('sums', url.href);
      const byLoan = await oneRound('by-loan', url.href);
      rounds.push({ ours: await oneRound('ours', url.href), 'by-loan': byLoan, sums });
    }
    return [...bookFigures(rounds), ...[1, 60, 360].map(measureOne)];
  } finally {
    await onServer(engine.databaseUrl, [`drop database ${name} with (force)`]);
  }
}

type Way = 'ours' | 'by-loan' | 'sums';
interface Round {
  readonly seconds: number;
  readonly nodeMb: number;
  /** Node and the private memory of all backends that worked for it, at their highest. */
  readonly peakMb: number;
}

function bookFigures(rounds: readonly Record<Way, Round>[]): Figure[] {
  const figure = (name: string, unit: string, raw: Way, field: keyof Round, target: Figure['target']): Figure => ({
    ...{ name, unit, target, judged: 'ratio', rounds },
    ours: median(rounds.map(({ ours }) => ours[field])),
    raw: median(rounds.map((round) => round[raw][field])),
    ratio: median(rounds.map((round) => round.ours[field] / round[raw][field])),
  });
  return [
    figure('book of a million loans', 's', 'by-loan', 'seconds', { atMost: 3 }),
    figure('book, peak memory', 'MB', 'by-loan', 'peakMb', { atMost: 3 }),
    figure('book to two bare sums', 's', 'sums', 'seconds', null),
  ];
}

async function oneRound(way: Way, databaseUrl: string): Promise<Round> {
  const watch = watchBackends(databaseUrl);
  const { stdout } = await run(process.execPath, [path.join(__dirname, 'book-run.js'), way, databaseUrl, asOf]);
  const { seconds, nodeMb } = JSON.parse(stdout) as { seconds: number; nodeMb: number };
  return { seconds, nodeMb, peakMb: nodeMb + (await watch.stop()) };
}

/** Looks every 100 ms at what the backends of a round hold for themselves, as far as Linux tells. */
function watchBackends(databaseUrl: string): { stop: () => Promise<number> } {
  let [highestMb, isOver] = [0, false];
  const watching = (async (): Promise<void> => {
    const client = new Client({ connectionString: databaseUrl });
    await client.connect();
    const text = `select a.pid from pg_stat_activity a left join pg_stat_activity l on l.pid = a.leader_pid
      where coalesce(l.application_name, a.application_name) = 'arrears-bench-book'`;
    while (!isOver) {
      const { rows } = await client.query<{ pid: number }>(text);
      highestMb = Math.max(
        highestMb,
        rows.reduce((sum, { pid }) => sum + privateMb(pid), 0),
      );
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await client.end();
  })();
  return {
    async stop() {
      isOver = true;
      await watching;
      return highestMb;
    },
  };
}

function privateMb(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^RssAnon:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    // It ended meanwhile, or this is no Linux.
    return 0;
  }
}

/** Days past due, amounts and class of one loan that paid half of its instalments, each a month late, by the full rules. */
function measureOne(instalments: number): Figure {
  const facts = lateLoan(instalments);
  const classification = toClassification(fiveTiers);
  const order = { by: 'instalment', components } as const;
  const rules = { delinquency: { order, toleranceMinor: 1_000, buckets: standardBuckets }, classification };
  const day = addMonths('2000-01-01', Math.ceil(instalments / 2) + 4);
  const rounds: number[] = [];
  for (let no = 0; no <= 5; no += 1) {
    const startMs = performance.now();
    let [done, owed] = [0, 0];
    for (; performance.now() - startMs < 500; done += 1) owed += figuresOf(facts, day, rules).outstandingMinor;
    if (owed === 0) throw new Error('nothing was owed');
    if (no > 0) rounds.push(((performance.now() - startMs) / done) * 1000);
  }
  const name = `one recomputation, ${instalments} instalment${instalments === 1 ? '' : 's'}`;
  return {
    ...{ name, unit: 'µs', ours: median(rounds), raw: null, ratio: null, target: null },
    ...{ judged: 'ours', rounds },
  };
}

const fiveTiers = classificationSource.parse({
  classes: {
    normal: { provisionPerMille: 10 },
    'special-mention': { overDpd: 0, provisionPerMille: 20 },
    substandard: { overDpd: 90, provisionPerMille: 250, nonPerforming: true, nonAccrual: true },
    doubtful: { overDpd: 270, provisionPerMille: 500, nonPerforming: true, nonAccrual: true },
    loss: { overDpd: 360, provisionPerMille: 1000, nonPerforming: true, nonAccrual: true },
  },
  cureMonths: 6,
  restructured: { atLeast: 'special-mention', observeMonths: 12 },
});

function lateLoan(count: number): LoanFacts {
  const numbers = Array.from({ length: count }, (_, at) => at + 1);
  const dueDay = (no: number): Day => addMonths('2000-01-01', no);
  const due = { ...noAmounts, principal: 100_000, interest: 1_000 };
  return {
    currency: 'CNY',
    schedules: [
      { no: 1, effectiveFrom: '2000-01-01', instalments: numbers.map((no) => ({ no, dueDay: dueDay(no), due })) },
    ],
    payments: numbers.slice(0, count >> 1).map((no) => {
      return { id: `p-${no}`, kind: 'payment', valueDay: dueDay(no + 1), amountMinor: 101_000, reverses: null };
    }),
    pauses: [],
  };
}

async function onServer(url: string, texts: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const text of texts) await client.query(text);
  } finally {
    await client.end();
  }
}
