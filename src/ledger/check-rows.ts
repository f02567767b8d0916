import { z } from 'zod';
import type { Chain, Entry } from '../store/ledger';
import type { AttestedRow } from '../store/ledger-rows';
import { problemOfPurge, type PurgedScope, type PurgeEntry, scopeOf } from './check-purge';
import { type Finding, ofEntry } from './finding';
import { isSealed, sealOf } from './hashes';
import { unlawfullyUpdated } from './lawful-change';

export const payloadSchema = z.object({
  customer: z.string(),
  loan: z.string(),
  case: z.int(),
  table: z.string(),
  key: z.union([z.string(), z.number()]),
  /** `added`: columns that came when the row was there, as a migration found them. */
  op: z.enum(['insert', 'found', 'added', 'update', 'purge']),
  columns: z.record(z.string(), z.unknown()),
});
export type Payload = z.infer<typeof payloadSchema>;

/** What the ledger says of one row: the columns as they were attested last. */
interface Attested {
  readonly table: string;
  readonly key: string;
  readonly chain: Chain;
  seq: number;
  readonly columns: Map<string, unknown>;
  readonly purges: PurgeEntry[];
}

/** Whether the rows that are there agree with what the entries of the same customers attest. */
export function checkRows(entries: readonly Entry[], rows: readonly AttestedRow[]): Finding[] {
  const findings: Finding[] = [];
  const attested = readEntries(entries, findings);
  const isAttested = ({ table, key }: AttestedRow): boolean => attested.has(`${table} ${key}`);
  const scopes = rows.filter((row) => row.table === 'purge' && isAttested(row)).map(scopeOf);
  for (const row of rows) {
    const name = `${row.table} ${row.key}`;
    const known = attested.get(name);
    if (known === undefined) {
      const problem = 'is there, and no entry attests it';
      findings.push({ table: row.table, key: row.key, chain: null, seq: null, problem });
      continue;
    }
    attested.delete(name);
    findings.push(...ofPurges(known, row, scopes));
    const wrong = [...known.columns].filter(([column, value]) => !agrees(row, column, value)).map(([column]) => column);
    if (wrong.length > 0) findings.push(ofRow(known, `${wrong.join(', ')} not as attested`));
    const unnamed = Object.keys(row.columns).filter(
      (column) => row.columns[column] !== 'null' && !known.columns.has(column),
    );
    if (unnamed.length > 0) findings.push(ofRow(known, `${unnamed.join(', ')} attested by no entry`));
  }
  for (const gone of attested.values()) {
    findings.push(...ofPurges(gone, undefined, scopes), ofRow(gone, 'is attested, and not there any more'));
  }
  return findings;
}

function ofPurges(known: Attested, row: AttestedRow | undefined, scopes: readonly PurgedScope[]): Finding[] {
  return known.purges.flatMap((purge) => {
    const problem = problemOfPurge(purge, row, scopes);
    return problem === null ? [] : [{ ...ofRow(known, problem), seq: purge.seq }];
  });
}

function readEntries(entries: readonly Entry[], findings: Finding[]): Map<string, Attested> {
  const attested = new Map<string, Attested>();
  for (const entry of entries) {
    const payload = payloadOf(entry);
    if (payload === null) {
      findings.push(ofEntry(entry, entry.seq, 'does not say what it attests'));
      continue;
    }
    const { table, op } = payload;
    const key = String(payload.key);
    const known = attested.get(`${table} ${key}`);
    const begins = op === 'insert' || op === 'found';
    if (begins === (known !== undefined)) {
      findings.push(
        ofEntry(entry, entry.seq, `${table} ${key} was ${begins ? 'begun twice' : 'changed before it was'}`),
      );
    }
    const row = known ?? begunBy(entry, table, key);
    findings.push(...take(row, payload, entry.seq));
    attested.set(`${table} ${key}`, row);
  }
  return attested;
}

function begunBy({ customerId, loanId, caseNo, seq }: Entry, table: string, key: string): Attested {
  return { table, key, chain: { customerId, loanId, caseNo }, seq, columns: new Map(), purges: [] };
}

/** Adds what an entry says of a row to what those before it said; answers what it may not say. */
function take(row: Attested, { op, columns }: Payload, seq: number): Finding[] {
  const named = Object.keys(columns);
  const wrong =
    op === 'update'
      ? unlawfullyUpdated(row.table, row.columns, named)
      : named.filter((column) => op === 'added' && row.columns.has(column));
  if (op === 'purge') {
    const { table, key, columns: last } = row;
    const before = new Map(named.filter((column) => last.has(column)).map((column) => [column, last.get(column)]));
    row.purges.push({ customerId: row.chain.customerId, table, key, seq, before, columns, last });
  }
  row.seq = seq;
  for (const [column, value] of Object.entries(columns)) row.columns.set(column, value);
  return wrong.length === 0 ? [] : [ofRow(row, `${wrong.join(', ')} changed after it was written`)];
}

function payloadOf(entry: Entry): Payload | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(entry.payload);
  } catch {
    return null;
  }
  const { data } = payloadSchema.safeParse(parsed);
  const isHere =
    data !== undefined &&
    data.customer === entry.customerId &&
    data.loan === entry.loanId &&
    data.case === entry.caseNo;
  return isHere ? data : null;
}

/** A column that is not there any more was dropped by a migration: nothing is left to compare. */
function agrees({ seal, columns }: AttestedRow, column: string, attested: unknown): boolean {
  const now = columns[column];
  if (now === undefined) return true;
  if (!isSealed(attested)) return JSON.stringify(JSON.parse(now)) === JSON.stringify(attested);
  return now !== 'null' && attested.sealed === sealOf(seal, column, now);
}

function ofRow({ table, key, chain, seq }: Attested, problem: string): Finding {
  return { table, key, chain, seq, problem };
}
