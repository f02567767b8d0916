import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';

import type { Day } from '../domain/day';
import { demoCustomer } from './demo-people';
import type { ImportKind } from './import-kinds';
import { readAccount } from './uci-credit-default';
import { type UciRow, uciRowReader } from './uci-row';

export interface DemoOptions {
  /** `data/uci-credit-default.csv`. */
  readonly file: string;
  /** The day on which the portfolio stands as the file's last month says. */
  readonly asOf: Day;
}

const folds = 5n;
const demoFold = 0;

/** The split of the file by which nothing that is shown was ever learned from: sha256 of the decimal id, modulo five. */
export function foldOf(id: number): number {
  const digest = createHash('sha256').update(String(id)).digest('hex');
  return Number(BigInt(`0x${digest}`) % folds);
}

/** The accounts of the file one after another. */
export async function* uciRows(file: string): AsyncGenerator<UciRow> {
  let read: ((line: string) => UciRow) | undefined;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    if (read === undefined) read = uciRowReader(line);
    else if (line !== '') yield read(line);
  }
}

/** A row of the demo portfolio as an import takes it. */
export interface DemoRow {
  readonly kind: ImportKind;
  readonly row: object;
}

/**
 * The demo portfolio: fold 0 of the file, each account a loan, with invented customers. One customer in twelve has two or three
 * loans. Every row comes after the rows that it refers to.
 */
export async function* demoRows({ file, asOf }: DemoOptions): AsyncGenerator<DemoRow> {
  let customer = { id: '', ordinal: -1, loansLeft: 0 };
  for await (const account of uciRows(file)) {
    if (foldOf(account.id) !== demoFold) continue;
    if (customer.loansLeft === 0) {
      const ordinal = customer.ordinal + 1;
      customer = { id: `C-${String(account.id).padStart(5, '0')}`, ordinal, loansLeft: loansOf(ordinal) };
      yield { kind: 'customers', row: demoCustomer(customer.id, ordinal) };
    }
    customer.loansLeft--;
    const { loan, instalments, payments } = readAccount(account, { asOf, customerId: customer.id });
    yield { kind: 'loans', row: loan };
    for (const row of instalments) yield { kind: 'instalments', row };
    for (const row of payments) yield { kind: 'payments', row };
  }
}

function loansOf(ordinal: number): number {
  if (ordinal % 12 !== 5) return 1;
  return ordinal % 24 === 5 ? 2 : 3;
}

/** The same as NDJSON bytes for `importRows` with no kind: each row names its own. */
export function demoPortfolio(options: DemoOptions): Readable {
  return Readable.from(ndjson(options), { objectMode: false });
}

const blockChars = 65_536;

async function* ndjson(options: DemoOptions): AsyncGenerator<Buffer> {
  let block = '';
  for await (const { kind, row } of demoRows(options)) {
    // A payment's own kind says what the row is.
    block += `${JSON.stringify(kind === 'payments' ? row : { kind, ...row })}\n`;
    if (block.length < blockChars) continue;
    yield Buffer.from(block);
    block = '';
  }
  yield Buffer.from(block);
}
