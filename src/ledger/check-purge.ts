import type { AttestedRow } from '../store/ledger-rows';
import { isSealed, sealOf } from './hashes';
import type { AttestedColumns } from './lawful-change';

/** An entry that says that a row was purged. */
export interface PurgeEntry {
  /** In whose chain it is. */
  readonly customerId: string;
  readonly table: string;
  readonly key: string;
  readonly seq: number;
  /** What earlier entries said of the columns that this one names. */
  readonly before: AttestedColumns;
  readonly columns: Readonly<Record<string, unknown>>;
  /** What entries say of the row in the end. */
  readonly last: AttestedColumns;
}

/** Whose data a purge took, by its row. */
export interface PurgedScope {
  readonly customerId: string;
  readonly loanId: string | null;
  readonly caseNo: number | null;
}

// What a purge leaves of columns that it does not empty.
const reductions: Readonly<Record<string, (value: unknown, key: string) => boolean>> = {
  'contact.outcome': (value) => typeof value === 'string' && /^[a-z0-9-]{1,32}$/.test(value),
  'contact.verdict': (value) => hasOnly(value, ['rules', 'packs']),
  'contact_decision.evidence': (value) => hasOnly(value, ['packs']),
  'cause.code': (value, key) => value === key,
  'arrangement.reason': (value) => value === 'other',
};

// The other columns whose words it takes, so that they never stay. Of the rest the proof goes with the seal.
const emptied = new Set([
  ...['contact.contact_point', 'contact.subject', 'contact.body', 'contact.content_hash'],
  ...['case_event.reason', 'case_event.data', 'contact_decision.reason', 'consent.source'],
  ...['contact_grant.evidence', 'contact_grant.contact_point', 'contact_flag.evidence', 'inconvenient_time.evidence'],
  ...['contact_milestone.evidence', 'legal_hold.reason', 'legal_hold.clear_reason', 'data_request.note'],
]);

const nothing = ['""', '{}', '[]'];

export function scopeOf({ columns }: AttestedRow): PurgedScope {
  const valueOf = (column: string): unknown => JSON.parse(columns[column] ?? 'null');
  const [customerId, loanId, caseNo] = [valueOf('customer_id'), valueOf('loan_id'), valueOf('case_no')];
  return {
    customerId: String(customerId),
    loanId: typeof loanId === 'string' ? loanId : null,
    caseNo: typeof caseNo === 'number' ? caseNo : null,
  };
}

/** What is wrong with an entry of a purge; null where it only took away, and of a case or a person that was purged. */
export function problemOfPurge(
  entry: PurgeEntry,
  row: AttestedRow | undefined,
  scopes: readonly PurgedScope[],
): string | null {
  const wrong = Object.keys(entry.columns).filter((column) => isChanged(entry, column) && !isTaken(entry, column, row));
  if (wrong.length > 0) return `${wrong.join(', ')} changed as if it was purged`;
  return scopes.some((scope) => covers(scope, entry)) ? null : 'is purged, and no purge of it is on record';
}

function isChanged({ table, before, columns }: PurgeEntry, column: string): boolean {
  const [was, is] = [before.get(column), columns[column]];
  if (was === undefined || JSON.stringify(was) === JSON.stringify(is)) return false;
  const isSealedAnew = isSealed(was) && isSealed(is);
  return !isSealedAnew || isTakenBy(`${table}.${column}`);
}

const isTakenBy = (name: string): boolean => emptied.has(name) || reductions[name] !== undefined;

function isTaken({ table, key, columns, last }: PurgeEntry, column: string, row: AttestedRow | undefined): boolean {
  const value = columns[column];
  if (value === null || nothing.includes(JSON.stringify(value))) return true;
  const seals = [null, row?.seal ?? null];
  const says = (json: string): boolean =>
    isSealed(value)
      ? seals.some((seal) => value.sealed === sealOf(seal, column, json))
      : JSON.stringify(value) === json;
  if (nothing.some(says)) return true;
  const reduced = reductions[`${table}.${column}`];
  if (reduced === undefined) return false;
  // What a sealed column held can be read from the row alone: not where it is gone, or was written again since.
  const now = row?.columns[column];
  if (now === undefined || JSON.stringify(last.get(column)) !== JSON.stringify(value)) return true;
  return reduced(JSON.parse(now), key) && (!isSealed(value) || says(now));
}

/** A decision may rest upon several loans, and goes with the last case of any of them. */
function covers({ customerId, loanId, caseNo }: PurgedScope, { customerId: whose, table, last }: PurgeEntry): boolean {
  if (customerId !== whose) return false;
  if (loanId === null || table === 'contact_decision') return true;
  const ofCase = last.get('case_no') ?? null;
  return loanId === last.get('loan_id') && (ofCase === null || ofCase === caseNo);
}

function hasOnly(value: unknown, names: readonly string[]): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).every((name) => names.includes(name));
}
