import { randomUUID } from 'node:crypto';
import { type Command, InvalidArgumentError } from 'commander';
import type { ServiceClient } from './http-client';
import { printJson } from './print-json';

type Connect = () => ServiceClient;

/** Commands around promises, arrangements and what waits for a second person, over the API of a running service. */
export function addReliefCommands(program: Command, connect: Connect): void {
  addPromiseCommands(program.command('promise').description('promises to pay: give, list, cancel'), connect);
  addArrangementCommands(
    program.command('arrangement').description('extensions, plans, settlements: preview, propose, list, cancel'),
    connect,
  );
  addApprovalCommands(program.command('approval').description('what waits for a second person'), connect);
}

const loanArgument = ['<loanId>', 'the loan'] as const;
const caseOf = (loanId: string): string => `/cases/${encodeURIComponent(loanId)}`;

function addPromiseCommands(promises: Command, connect: Connect): void {
  promises
    .command('give')
    .argument(...loanArgument)
    .argument('<part...>', 'day and minor units of each part, e.g. 2026-12-01=50000', collectParts)
    .option('--currency <code>', 'of the loan', 'CNY')
    .option('--id <id>', 'the same id again is the same promise; default: a new one')
    .action(async (loanId: string, parts: Part[], { currency, id = randomUUID() }: Record<string, string>) => {
      printJson(await connect().send('POST', `${caseOf(loanId)}/promises`, { promiseId: id, currency, parts }));
    });
  promises
    .command('list')
    .argument(...loanArgument)
    .action(async (loanId: string) => printJson(await connect().get(`${caseOf(loanId)}/promises`)));
  promises
    .command('cancel')
    .argument(...loanArgument)
    .argument('<promiseId>')
    .requiredOption('--reason <text>', 'why; it goes into the timeline')
    .action(async (loanId: string, promiseId: string, { reason }: { reason: string }) => {
      const path = `${caseOf(loanId)}/promises/${encodeURIComponent(promiseId)}/cancel`;
      printJson(await connect().send('POST', path, { reason }));
    });
}

interface Part {
  readonly dueDay: string;
  readonly amountMinor: number;
}

/** The service says what is wrong with days and amounts; here only the shape is asked for. */
function collectParts(text: string, earlier: readonly Part[] = []): readonly Part[] {
  const [, dueDay, amount] = /^([^=]+)=(\d+)$/.exec(text) ?? [];
  if (dueDay === undefined) throw new InvalidArgumentError('a part is DAY=MINOR, e.g. 2026-12-01=50000');
  return [...earlier, { dueDay, amountMinor: Number(amount) }];
}

interface ArrangementOptions {
  readonly terms: unknown;
  readonly income?: number;
  readonly outgoings?: number;
  readonly reason: string;
  readonly cause?: string;
  readonly id?: string;
}

function addArrangementCommands(arrangements: Command, connect: Connect): void {
  withTerms(arrangements.command('preview'))
    .description('what it would do: schedule, cost, class, affordability, who has to agree; nothing is written')
    .action(async (loanId: string, options: ArrangementOptions) => {
      const body = { terms: options.terms, budget: budgetOf(options) };
      printJson(await connect().send('POST', `${caseOf(loanId)}/arrangements/preview`, body));
    });
  withTerms(arrangements.command('propose'))
    .description('it begins at once, or waits for a second person')
    .requiredOption('--reason <code>', 'hardship, income-change, illness, disaster, settlement or other')
    .option('--cause <code>', 'why the borrower is behind, where they said it')
    .option('--id <id>', 'the same id again is the same arrangement; default: a new one')
    .action(async (loanId: string, options: ArrangementOptions) => {
      const { terms, reason, cause = null, id = randomUUID() } = options;
      const body = { arrangementId: id, terms, reason, cause, budget: budgetOf(options) };
      printJson(await connect().send('POST', `${caseOf(loanId)}/arrangements`, body));
    });
  arrangements
    .command('list')
    .argument(...loanArgument)
    .action(async (loanId: string) => printJson(await connect().get(`${caseOf(loanId)}/arrangements`)));
  arrangements
    .command('cancel')
    .argument(...loanArgument)
    .argument('<arrangementId>')
    .requiredOption('--reason <text>', 'why; it goes into the timeline')
    .action(async (loanId: string, arrangementId: string, { reason }: { reason: string }) => {
      const path = `${caseOf(loanId)}/arrangements/${encodeURIComponent(arrangementId)}/cancel`;
      printJson(await connect().send('POST', path, { reason }));
    });
}

function withTerms(command: Command): Command {
  return command
    .argument(...loanArgument)
    .requiredOption(
      '--terms <json>',
      `e.g. '{"kind":"extension","days":30}'; docs/arrangements.md has every kind`,
      asJson,
    )
    .option('--income <minor>', 'of the borrower in a month', asMinor)
    .option('--outgoings <minor>', 'of the borrower in a month', asMinor);
}

function budgetOf({ income, outgoings }: ArrangementOptions): object | null {
  if (income === undefined && outgoings === undefined) return null;
  if (income === undefined || outgoings === undefined) {
    throw new InvalidArgumentError('--income and --outgoings belong together');
  }
  return { incomeMinor: income, outgoingsMinor: outgoings };
}

function addApprovalCommands(approvals: Command, connect: Connect): void {
  approvals
    .command('list')
    .option('--state <state>', 'waiting, approved, rejected or withdrawn', 'waiting')
    .option('--loan <loanId>', 'only of this loan')
    .action(async ({ state, loan }: { state: string; loan?: string }) => {
      const query = new URLSearchParams({ state, ...(loan !== undefined && { loanId: loan }) });
      printJson(await connect().get(`/approvals?${query.toString()}`));
    });
  for (const decision of ['approve', 'reject'] as const) {
    approvals
      .command(decision)
      .argument('<approvalId>')
      .requiredOption('--reason <text>', 'why; it goes into the timeline')
      .action(async (approvalId: string, { reason }: { reason: string }) => {
        const path = `/approvals/${encodeURIComponent(approvalId)}/decision`;
        printJson(await connect().send('POST', path, { decision, reason }));
      });
  }
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidArgumentError('is not JSON');
  }
}

function asMinor(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('is a whole number of minor units');
  return Number(text);
}
