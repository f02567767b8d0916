import type { Pool } from 'pg';
import { delinquencyRules } from '../cases/read-facts';
import { leastYearsKept, retentionRules } from '../domain/retention';
import { inTransaction } from '../store/database';
import { lockCustomer } from '../store/customers';
import { holds, listHolds } from '../store/legal-holds';
import { loadLoanFactsOfCustomer } from '../store/loan-facts';
import { type ClosedCase, closedCases, customersWithoutRecord, purgeCase, purgeCustomer } from '../store/retention';
import { keepingOf, type RecordKeeping, settledDay } from './keep-case';

const dayMs = 86_400_000;
export const purgeActor = 'retention';

/** A case or a person whose time was over. */
export interface Purged {
  readonly customerId: string;
  /** Null: what is known of the person. */
  readonly loanId: string | null;
  readonly caseNo: number | null;
  readonly untilDay: string;
  readonly rules: readonly string[];
  /** Rows by table; null for what would be purged. */
  readonly rows: Readonly<Record<string, number>> | null;
}

export interface PurgeOptions {
  readonly dryRun: boolean;
  readonly onPurged?: (purged: Purged) => void;
}

/**
 * Removes what no rule and no legal hold keeps any more: case by case, then people of whom nothing is left. Can be broken off
 * and run again.
 */
export async function purgeDue(
  pool: Pool,
  keeping: RecordKeeping,
  nowMs: number,
  { dryRun, onPurged = () => undefined }: PurgeOptions,
): Promise<number> {
  let purged = 0;
  const tell = (one: Purged | null): void => {
    if (one === null) return;
    purged += 1;
    onPurged(one);
  };
  const { calendar } = await keeping.policies.latest(pool, keeping.policyId);
  const years = leastYearsKept(retentionRules(keeping.packs, calendar.dayOf(nowMs)));
  // No case whose rules began to run when it closed is over before; those that closed later need no look.
  const closedBeforeMs = nowMs - Math.max(0, years * 365 - 31) * dayMs;
  for await (const closed of closedCases(pool, closedBeforeMs)) {
    tell(await purgeIfOver(pool, keeping, closed, nowMs, dryRun));
  }
  for (const { customerId, untilDay } of await customersWithoutRecord(pool)) {
    tell(await forgetPerson(pool, keeping, { customerId, untilDay }, nowMs, dryRun));
  }
  return purged;
}

async function purgeIfOver(
  pool: Pool,
  keeping: RecordKeeping,
  closed: ClosedCase,
  nowMs: number,
  dryRun: boolean,
): Promise<Purged | null> {
  const { customerId, loanId, caseNo } = closed;
  return inTransaction(pool, async (tx) => {
    await lockCustomer(tx, customerId);
    const { until, rules } = await keepingOf(tx, keeping, closed, nowMs);
    const { calendar } = await keeping.policies.latest(tx, keeping.policyId);
    if (until === null || calendar.dayOf(nowMs) <= until) return null;
    if (holds(await listHolds(tx, customerId), loanId)) return null;
    const found = { customerId, loanId, caseNo, untilDay: until, rules };
    if (dryRun) return { ...found, rows: null };
    const removed = await purgeCase(tx, closed, { untilDay: until, rules, atMs: nowMs, actor: purgeActor });
    return removed === null ? null : { ...found, rows: countsOf(removed) };
  });
}

async function forgetPerson(
  pool: Pool,
  keeping: RecordKeeping,
  { customerId, untilDay }: { readonly customerId: string; readonly untilDay: string },
  nowMs: number,
  dryRun: boolean,
): Promise<Purged | null> {
  return inTransaction(pool, async (tx) => {
    await lockCustomer(tx, customerId);
    const { policy, calendar } = await keeping.policies.latest(tx, keeping.policyId);
    const today = calendar.dayOf(nowMs);
    const loans = await loadLoanFactsOfCustomer(tx, customerId);
    const owes = loans.some((loan) => settledDay(loan, today, delinquencyRules(policy)) === null);
    if (owes || (await listHolds(tx, customerId)).some(({ clearedAtMs }) => clearedAtMs === null)) return null;
    const found = { customerId, loanId: null, caseNo: null, untilDay, rules: ['no record is kept'] };
    if (dryRun) return { ...found, rows: null };
    const purging = { untilDay, rules: found.rules, atMs: nowMs, actor: purgeActor };
    const removed = await purgeCustomer(tx, customerId, purging);
    return removed === null ? null : { ...found, rows: countsOf(removed) };
  });
}

function countsOf(removed: Readonly<Record<string, { readonly rows: number }>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(removed).map(([table, { rows }]) => [table, rows]));
}
