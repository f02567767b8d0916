import { createHash } from 'node:crypto';
import type { Anchor, Entry, Leaf } from '../store/ledger';

/** What stands before the first entry of a chain, and before the first anchor. */
export const genesis = '0'.repeat(64);

/** Lower-case hex of the UTF-8 text's SHA-256. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The hash that an entry must have; the database computes the same when it writes it. */
export function entryHash({ prevHash, seq, recordedAt, what, payload }: Omit<Entry, 'hash'>): string {
  return sha256([prevHash, seq, recordedAt, what, payload].join('\n'));
}

/**
 * How a column that may hold personal data enters the ledger.
 * @param seal the row's salt; null once it was purged.
 * @param json the value as PostgreSQL writes JSON.
 */
export function sealOf(seal: string | null, column: string, json: string): string {
  return sha256([seal ?? '', column, json].join('\n'));
}

export function isSealed(value: unknown): value is { readonly sealed: string } {
  return typeof value === 'object' && value !== null && 'sealed' in value && typeof value.sealed === 'string';
}

export function leafHash({ customerId, loanId, caseNo, sinceSeq, seq, hash }: Omit<Leaf, 'day'>): string {
  return sha256(['leaf', customerId, loanId, caseNo, sinceSeq, seq, hash].join('\n'));
}

export function nodeHash(left: string, right: string): string {
  return sha256(['node', left, right].join('\n'));
}

export function anchorHash({ day, madeAt, chains, entries, root, prevHash }: Omit<Anchor, 'hash'>): string {
  return sha256(['anchor', day, madeAt, chains, entries, root, prevHash].join('\n'));
}
