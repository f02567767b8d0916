import { Client, Connection } from '@temporalio/client';
import { createBankCalendar } from '../src/domain/bank-calendar';
import { eachAtOnce } from '../src/cases/each-at-once';
import { createPool } from '../src/store/database';
import { type Figure, median } from './figure';
import type { House } from './house';
import type { Lives } from './life';
import { ourLives } from './our-lives';
import { rawLives } from './raw/raw-lives';
import { countWrites, type Writes } from './writes';

interface Round {
  readonly livesPerSecond: number;
  readonly eventsPerLife: number;
  readonly writesPerLife: Writes;
}

const livesAtOnce = 30;
const livesPerRound = 90;
const rounds = 4;

/** Ours and raw by turns, so that whatever else the machine does hits both. The first round of each warms up. */
export async function measureLives(house: House): Promise<Figure[]> {
  const calendar = createBankCalendar({ zone: house.zone, workdays: 'CN' });
  const ours = await ourLives(house);
  const raw = await rawLives(house, ours.sms, calendar.instantAt(calendar.dayOf(Date.now()), '10:00'));
  const seen: { ours: Round; raw: Round }[] = [];
  try {
    await playRound(house, ours, 'ours-warm', livesAtOnce);
    await playRound(house, raw, 'raw-warm', livesAtOnce);
    for (let no = 1; no <= rounds; no += 1) {
      console.error(`lives, round ${no} of ${rounds}`);
      const first = await playRound(house, ours, `ours-${no}`, livesPerRound);
      seen.push({ ours: first, raw: await playRound(house, raw, `raw-${no}`, livesPerRound) });
    }
  } finally {
    await raw.close();
    await ours.close();
  }
  const lasting = { atLeast: 0.7 };
  return [
    figureOf('whole case lives', 'lives/s', seen, ({ livesPerSecond }) => livesPerSecond, lasting),
    figureOf('history of a life', 'events', seen, ({ eventsPerLife }) => eventsPerLife, { atMost: 1.3 }),
  ];
}

function figureOf(
  name: string,
  unit: string,
  seen: readonly { ours: Round; raw: Round }[],
  valueOf: (round: Round) => number,
  target: Figure['target'],
): Figure {
  const pairs = seen.map(({ ours, raw }) => ({ ours: valueOf(ours), raw: valueOf(raw) }));
  const ours = median(pairs.map((pair) => pair.ours));
  const raw = median(pairs.map((pair) => pair.raw));
  const ratio = median(pairs.map((pair) => pair.ours / pair.raw));
  return { name, unit, ours, raw, ratio, target, judged: 'ratio', rounds: seen };
}

async function playRound({ engine }: House, side: Lives, prefix: string, count: number): Promise<Round> {
  const ids = await side.prepare(prefix, count);
  const pool = createPool(engine.databaseUrl, { applicationName: 'arrears-bench', max: 1 });
  const connection = await Connection.connect({ address: engine.temporalAddress });
  const temporal = new Client({ connection, namespace: engine.namespace });
  try {
    const before = await countWrites(pool, side.schema);
    const startMs = performance.now();
    await eachAtOnce(ids, livesAtOnce, side.live);
    const seconds = (performance.now() - startMs) / 1000;
    const after = await countWrites(pool, side.schema);
    const sample = await Promise.all(
      ids.slice(0, 20).map((id) => temporal.workflow.getHandle(side.workflowId(id)).describe()),
    );
    return {
      livesPerSecond: count / seconds,
      eventsPerLife: median(sample.map(({ historyLength }) => historyLength)),
      writesPerLife: {
        inserts: (after.inserts - before.inserts) / count,
        updates: (after.updates - before.updates) / count,
      },
    };
  } finally {
    await connection.close();
    await pool.end();
  }
}
