import { createReadStream, statSync } from 'node:fs';
import path from 'node:path';
import { Readable, Transform } from 'node:stream';
import { SingleBar, Presets } from 'cli-progress';
import type { Command } from 'commander';
import { parseTravelDays } from './travel-duration';
import type { ServiceClient } from './http-client';
import { printJson } from './print-json';

type Connect = () => ServiceClient;

const loanArgument = ['<loanId>', 'the loan'] as const;

/** Commands that ask a running service over its API. */
export function addClientCommands(program: Command, connect: Connect): void {
  addCaseCommands(program.command('case').description('open, look at and steer cases'), connect);
  program
    .command('time')
    .description('the clock of a demo')
    .command('forward <duration>')
    .description('move every open case ahead, e.g. 30d, 2w, 12h')
    .action((duration: string) => forward(connect(), duration));
  program
    .command('import <file...>')
    .description('import CSV or NDJSON files of customers, loans, instalments or payments')
    .option('--kind <kind>', 'customers, loans, instalments or payments; default: the file name says it')
    .action((files: string[], { kind }: { kind?: string }) => importFiles(connect(), files, kind));
}

function addCaseCommands(cases: Command, connect: Connect): void {
  cases
    .command('open')
    .argument(...loanArgument)
    .action(async (loanId: string) => printJson(await connect().send('POST', '/cases', { loanId })));
  cases
    .command('show')
    .argument(...loanArgument)
    .action(async (loanId: string) => printJson(await connect().get(`/cases/${encodeURIComponent(loanId)}`)));
  cases
    .command('timeline')
    .argument(...loanArgument)
    .action(async (loanId: string) => printJson(await connect().get(`/cases/${encodeURIComponent(loanId)}/timeline`)));
  cases
    .command('pause')
    .argument(...loanArgument)
    .requiredOption('--from <day>', 'first day of the pause')
    .option('--until <day>', 'first day after the pause; without it the end stays open')
    .option('--reason <code>', 'why', 'other')
    .action(async (loanId: string, { from, until, reason }: Record<string, string>) => {
      const body = { from, until: until ?? null, reason };
      printJson(await connect().send('POST', `/cases/${encodeURIComponent(loanId)}/pause`, body));
    });
  cases
    .command('resume')
    .argument(...loanArgument)
    .option('--on <day>', 'first day without the pause; default: today')
    .action(async (loanId: string, { on }: { on?: string }) => {
      const body = on === undefined ? {} : { on };
      printJson(await connect().send('POST', `/cases/${encodeURIComponent(loanId)}/resume`, body));
    });
  cases
    .command('escalate')
    .argument(...loanArgument)
    .argument('<stage>')
    .requiredOption('--reason <text>', 'why; it goes into the timeline')
    .action(async (loanId: string, stage: string, { reason }: { reason: string }) => {
      printJson(await connect().send('POST', `/cases/${encodeURIComponent(loanId)}/escalate`, { stage, reason }));
    });
}

async function forward(client: ServiceClient, duration: string): Promise<void> {
  const days = parseTravelDays(duration);
  const headers = { 'content-type': 'application/json', accept: 'application/x-ndjson' };
  const response = await client.stream('/time/forward', JSON.stringify({ days }), headers);
  const bar = new SingleBar({ format: '{bar} day {value}/{total}, {cases} cases moved' }, Presets.shades_classic);
  bar.start(Math.ceil(days), 0, { cases: 0 });
  for await (const line of linesOf(response)) {
    const { day, casesMoved } = JSON.parse(line) as { day?: number; casesMoved?: number };
    if (day !== undefined) bar.update(day, { cases: casesMoved ?? 0 });
  }
  bar.stop();
}

async function importFiles(client: ServiceClient, files: readonly string[], kind: string | undefined): Promise<void> {
  for (const file of files) {
    const { size } = statSync(file);
    const bar = new SingleBar({ format: `{bar} {percentage}% ${path.basename(file)}` }, Presets.shades_classic);
    bar.start(size, 0);
    const counted = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bar.increment(chunk.length);
        done(null, chunk);
      },
    });
    const type = file.endsWith('.csv') ? 'text/csv' : 'application/x-ndjson';
    const query = new URLSearchParams({
      kind: kind ?? path.basename(file).split('.')[0] ?? '',
      fileName: path.basename(file),
    });
    const body = Readable.toWeb(createReadStream(file).pipe(counted)) as unknown as ReadableStream;
    const response = await client.stream(`/imports?${query.toString()}`, body, { 'content-type': type });
    bar.stop();
    printJson(await response.json());
  }
}

async function* linesOf(response: Response): AsyncGenerator<string> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter((line) => line.trim() !== '');
  }
  if (rest.trim() !== '') yield rest;
}
