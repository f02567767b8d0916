import type { Pool } from 'pg';
import { inTransaction, type Queryable } from '../store/database';
import {
  type Anchor,
  customersAfter,
  type Entry,
  entriesOfCustomers,
  lastAnchor,
  leavesOfCustomers,
} from '../store/ledger';
import { type AttestedRow, attestedRowsOf, attestedTables } from '../store/ledger-rows';
import { checkAnchors, isoBefore } from './check-anchors';
import { checkChain, checkLeaves } from './check-chain';
import { checkRows } from './check-rows';
import type { Finding } from './finding';

// So many customers' chains and rows are held in memory at once.
const customersAtOnce = 200;
// What commits late is covered by the next anchor: see `addLeaves`.
const lateMs = 86_400_000;

export interface Verification {
  readonly entries: number;
  readonly rows: number;
  readonly anchors: number;
  readonly findings: number;
}

export interface VerifyOptions {
  /** Anchors that were kept outside. */
  readonly outside?: readonly Anchor[];
  readonly onFinding: (finding: Finding) => void;
  readonly onProgress?: (done: Pick<Verification, 'entries' | 'rows'>) => void;
}

/**
 * Checks the whole ledger: each entry's hash and place, what anchors cover, and that every row still is as it was attested.
 * Borrower by borrower, so that memory stays small; each lot is read in one snapshot, so that the service may go on.
 */
export async function verifyLedger(pool: Pool, options: VerifyOptions): Promise<Verification> {
  const sum = { entries: 0, rows: 0, findings: 0 };
  const tell = (findings: readonly Finding[]): void => {
    sum.findings += findings.length;
    findings.forEach(options.onFinding);
  };
  const newest = await lastAnchor(pool);
  let after: string | null = null;
  for (;;) {
    const customers = await customersAfter(pool, after, customersAtOnce);
    const last: string | undefined = customers.at(-1);
    if (last === undefined) break;
    const found = await inSnapshot(pool, (db) => verifyCustomers(db, customers, newest));
    sum.entries += found.entries;
    sum.rows += found.rows;
    tell(found.findings);
    options.onProgress?.(sum);
    after = last;
  }
  const anchors = await inSnapshot(pool, (db) => checkAnchors(db, options.outside ?? []));
  tell(anchors);
  const { rows } = await pool.query<{ count: number }>('select count(*)::int as count from ledger_anchor');
  return { ...sum, anchors: rows[0]?.count ?? 0 };
}

/** The chains and rows of these customers, without the anchors themselves. The session's time zone must be UTC. */
export async function verifyCustomers(
  db: Queryable,
  customers: readonly string[],
  newest: Anchor | null,
): Promise<{ readonly entries: number; readonly rows: number; readonly findings: readonly Finding[] }> {
  const entries = await entriesOfCustomers(db, customers);
  const leaves = await leavesOfCustomers(db, customers);
  const rows: AttestedRow[] = [];
  for (const table of attestedTables) rows.push(...(await attestedRowsOf(db, table, customers)));
  const coveredBefore = newest === null ? null : isoBefore(newest.madeAt, lateMs);
  const chains = byChain(entries);
  const leavesOf = byChain(leaves);
  const names = new Set([...chains.keys(), ...leavesOf.keys()]);
  const findings = [...names].flatMap((name) => {
    const chain: readonly Entry[] = chains.get(name) ?? [];
    return [...checkChain(chain), ...checkLeaves(leavesOf.get(name) ?? [], chain, coveredBefore)];
  });
  return { entries: entries.length, rows: rows.length, findings: [...findings, ...checkRows(entries, rows)] };
}

function byChain<T extends { customerId: string; loanId: string; caseNo: number }>(
  all: readonly T[],
): Map<string, T[]> {
  const chains = new Map<string, T[]>();
  for (const one of all) {
    const name = JSON.stringify([one.customerId, one.loanId, one.caseNo]);
    const chain = chains.get(name);
    if (chain === undefined) chains.set(name, [one]);
    else chain.push(one);
  }
  return chains;
}

export function inSnapshot<T>(pool: Pool, work: (db: Queryable) => Promise<T>): Promise<T> {
  return inTransaction(pool, async (db) => {
    await db.query('set transaction isolation level repeatable read, read only');
    await db.query(`set local timezone = 'UTC'; set local statement_timeout = 0`);
    return work(db);
  });
}
