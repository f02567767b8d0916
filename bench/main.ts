import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { measureBook } from './book';
import { measureDecisions } from './decisions';
import { type Figure, isMet, table } from './figure';
import { measureGate } from './gate';
import { type House, withHouse } from './house';
import { measureIntake } from './intake';
import { measureLedger } from './ledger';
import { measureLives } from './lives';
import { measureMemory } from './memory';

const parts = ['decisions', 'intake', 'gate', 'lives', 'memory', 'ledger', 'book'] as const;
type Part = (typeof parts)[number];
const resultsFile = 'bench-results.json';

async function measure(part: Part, house: House): Promise<Figure[]> {
  switch (part) {
    case 'decisions':
      return [await measureDecisions()];
    case 'intake':
      return [await measureIntake(house)];
    case 'gate':
      return measureGate(house);
    case 'lives':
      return measureLives(house);
    case 'ledger':
      return [await measureLedger(house)];
    case 'book':
      return measureBook(house);
    case 'memory':
      return [await measureMemory(house)];
  }
}

/** `npm run bench`, or `npm run bench -- lives` for one part. */
async function main(asked: readonly string[]): Promise<void> {
  const unknown = asked.filter((name) => !parts.some((part) => part === name));
  if (unknown.length > 0) throw new Error(`there is no part ${unknown.join(', ')}; there are ${parts.join(', ')}`);
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const wanted = parts.filter((part) => asked.length === 0 || asked.includes(part));
  const figures = await withHouse(async (house) => {
    const measured: Figure[] = [];
    for (const part of wanted) {
      console.error(`measuring ${part} …`);
      measured.push(...(await measure(part, house)));
    }
    return measured;
  });
  const machine = {
    node: process.version,
    cpus: os.cpus().length,
    model: os.cpus()[0]?.model,
    platform: os.platform(),
  };
  const results = {
    at: new Date().toISOString(),
    machine,
    figures: figures.map((one) => ({ ...one, met: isMet(one) })),
  };
  writeFileSync(resultsFile, `${JSON.stringify(results, null, 2)}\n`);
  console.log(`${table(figures)}\n\n${resultsFile} has every round.`);
}

main(process.argv.slice(2)).then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
