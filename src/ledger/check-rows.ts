import { z } from 'zod';
import type { Chain, Entry } from '../store/ledger';
import type { AttestedRow } from '../store/ledger-rows';
import { type Finding, ofEntry } from './finding';
import { sealOf } from './hashes';

export const payloadSchema = z.object({
  customer: z.string(),
  loan: z.string(),
  case: z.int(),
  table: z.string(),
  key: z.union([z.string(), z.number()]),
  op: z.enum(['insert', 'found', 'update', 'purge']),
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
}

// Rows that are only ever added, and columns that are only ever written with the row. A purge alone may change them.
const neverChanged = new Set(['case_event', 'contact_decision', 'consent', 'contact_milestone', 'purge']);
const contactIs = new Set(['customer_id', 'loan_id', 'case_no']);
const contactSays = new Set(['contact_point', 'subject', 'body', 'content_hash']);

/** Whether the rows that are there agree with what the entries of the same customers attest. */
export function checkRows(entries: readonly Entry[], rows: readonly AttestedRow[]): Finding[] {
  const findings: Finding[] = [];
  const attested = readEntries(entries, findings);
  for (const row of rows) {
    const known = attested.get(`${row.table} ${row.key}`);
    if (known === undefined) {
      const problem = 'is there, and no entry attests it';
      findings.push({ table: row.table, key: row.key, chain: null, seq: null, problem });
      continue;
    }
    attested.delete(`${row.table} ${row.key}`);
    const wrong = [...known.columns].filter(([column, value]) => !agrees(row, column, value)).map(([column]) => column);
    if (wrong.length > 0) findings.push(ofRow(known, `${wrong.join(', ')} not as attested`));
  }
  return [...findings, ...[...attested.values()].map((gone) => ofRow(gone, 'is attested, and not there any more'))];
}

function readEntries(entries: readonly Entry[], findings: Finding[]): Map<string, Attested> {
  const attested = new Map<string, Attested>();
  for (const entry of entries) {
    const payload = payloadOf(entry);
    if (payload === null) {
      findings.push(ofEntry(entry, entry.seq, 'does not say what it attests'));
      continue;
    }
    const { table, op, columns } = payload;
    const key = String(payload.key);
    const known = attested.get(`${table} ${key}`);
    const begins = op === 'insert' || op === 'found';
    if (begins === (known !== undefined)) {
      findings.push(
        ofEntry(entry, entry.seq, `${table} ${key} was ${begins ? 'begun twice' : 'changed before it was'}`),
      );
    }
    const { customerId, loanId, caseNo, seq } = entry;
    const row = known ?? {
      table,
      key,
      chain: { customerId, loanId, caseNo },
      seq,
      columns: new Map<string, unknown>(),
    };
    if (op === 'update') findings.push(...forbidden(row, seq, Object.keys(columns)));
    row.seq = seq;
    for (const [column, value] of Object.entries(columns)) row.columns.set(column, value);
    attested.set(`${table} ${key}`, row);
  }
  return attested;
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

function forbidden(row: Attested, seq: number, columns: readonly string[]): Finding[] {
  const wrong = columns.filter(
    (column) =>
      neverChanged.has(row.table) ||
      (row.table === 'contact' && (contactIs.has(column) || (contactSays.has(column) && !isPlanned(row, column)))),
  );
  return wrong.length === 0 ? [] : [{ ...ofRow(row, `${wrong.join(', ')} changed after it was written`), seq }];
}

/** Until it is handed over a contact is a plan; of a call the words are added once, when a machine has heard them. */
function isPlanned({ columns }: Attested, column: string): boolean {
  const state = columns.get('state');
  if (state === 'released' || (state === 'reserved' && columns.get('handed_at') === null)) return true;
  const isText = column === 'body' || column === 'content_hash';
  return isText && columns.get('channel') === 'call' && columns.get(column) === null;
}

/** A column that is not there any more was dropped by a migration: nothing is left to compare. */
function agrees({ seal, columns }: AttestedRow, column: string, attested: unknown): boolean {
  const now = columns[column];
  if (now === undefined) return true;
  if (!isSealed(attested)) return JSON.stringify(JSON.parse(now)) === JSON.stringify(attested);
  return now !== 'null' && attested.sealed === sealOf(seal, column, now);
}

export function isSealed(value: unknown): value is { readonly sealed: string } {
  return typeof value === 'object' && value !== null && 'sealed' in value && typeof value.sealed === 'string';
}

function ofRow({ table, key, chain, seq }: Attested, problem: string): Finding {
  return { table, key, chain, seq, problem };
}
