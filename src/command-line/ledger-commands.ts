import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { anchorDay } from '../ledger/anchor';
import { readCourtFile } from '../ledger/court-file';
import { courtJson, courtPage } from '../ledger/court-page';
import { sayFinding } from '../ledger/finding';
import { verifyLedger } from '../ledger/verify';
import { readConfig } from '../config';
import { openBooks, type Books } from '../service/books';
import { type Anchor, anchorRow } from '../store/ledger';

/** Commands around the ledger. They work on the database itself, so that no service has to be believed. */
export function addLedgerCommands(program: Command): void {
  const ledger = program.command('ledger').description('what happened, chained by hashes: verify, anchor, export');
  ledger
    .command('verify')
    .description('find any edit, deletion, insertion or reordering; leaves with 1 where something is wrong')
    .option('--anchor <file...>', 'anchors that were kept elsewhere, as "ledger anchor" writes them')
    .action(({ anchor: files = [] }: { anchor?: string[] }) =>
      withBooks(async (books) => {
        if (!(await verify(books, files.map(readAnchor)))) process.exitCode = 1;
      }),
    );
  ledger
    .command('anchor')
    .description('make the anchor of the bank day, or show it where it is made; keep it outside, on write-once storage')
    .option('--out <file>', 'write it there instead of to the terminal')
    .action(({ out }: { out?: string }) =>
      withBooks(async (books) => {
        const text = `${JSON.stringify(await anchorToday(books), null, 2)}\n`;
        if (out === undefined) process.stdout.write(text);
        else writeFileSync(path.resolve(out), text, { flag: 'wx' });
      }),
    );
  ledger
    .command('export <loanId>')
    .description('write everything about a loan’s cases for a court: JSON that can be checked, and a page to print')
    .option('--out <folder>', 'where to', '.')
    .action((loanId: string, { out }: { out: string }) =>
      withBooks(async ({ pool, clock, keeping }) => {
        const file = await readCourtFile(pool, loanId, keeping.packs, await clock.nowMs());
        const name = path.join(path.resolve(out), loanId.replaceAll(/[^A-Za-z0-9._-]/g, '_'));
        writeFileSync(`${name}.json`, courtJson(file));
        writeFileSync(`${name}.html`, courtPage(file));
        console.log(`${name}.json\n${name}.html`);
      }),
    );
}

export async function withBooks(work: (books: Books) => Promise<void>): Promise<void> {
  const books = await openBooks(readConfig(process.env));
  try {
    await work(books);
  } finally {
    await books.close();
  }
}

async function verify({ pool }: Books, outside: readonly Anchor[]): Promise<boolean> {
  const startMs = performance.now();
  const onFinding = (finding: Parameters<typeof sayFinding>[0]): void => console.log(sayFinding(finding));
  const { entries, rows, anchors, findings } = await verifyLedger(pool, { outside, onFinding });
  const seconds = (performance.now() - startMs) / 1000;
  const perSecond = Math.round((entries + rows) / seconds).toLocaleString('en');
  console.log(
    `${entries} entries, ${rows} rows, ${anchors} anchors in ${seconds.toFixed(1)} s (${perSecond} rows per second): ` +
      (findings === 0 ? 'nothing was changed, removed, put in or reordered' : `${findings} findings`),
  );
  return findings === 0;
}

async function anchorToday({ pool, clock, keeping }: Books): Promise<Anchor> {
  const { calendar } = await keeping.policies.latest(pool, keeping.policyId);
  return anchorDay(pool, calendar.dayOf(await clock.nowMs()));
}

function readAnchor(file: string): Anchor {
  const parsed = anchorRow.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file} is not an anchor that "ledger anchor" wrote`);
  return parsed.data;
}
