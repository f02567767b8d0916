import type { Pool } from 'pg';
import { delinquencyRules } from '../cases/read-facts';
import type { Day } from '../domain/day';
import type { DelinquencyRules } from '../domain/delinquency';
import { type Keeping, leastYearsKept, retentionRules, unknownSendersKeptFrom } from '../domain/retention';
import { inTransaction } from '../store/database';
import { lockCustomer } from '../store/customers';
import { holds, listHolds } from '../store/legal-holds';
import { loadLoanFactsOfCustomer, type StoredLoanFacts } from '../store/loan-facts';
import {
  type ClosedCase,
  closedCases,
  countUnknownSenders,
  customersWithoutCase,
  customersWithoutRecord,
  purgeCase,
  purgeCustomer,
  purgeUnknownSenders,
} from '../store/retention';
import { keepingOf, keepingOfCaseless, type RecordKeeping, settledDay } from './keep-case';

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
 * Removes what no rule and no legal hold keeps any more: case by case, then people of whom nothing is left, and those who never had a
 * case. Can be broken off and run again.
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
  const beforeMs = nowMs - Math.max(0, years * 365 - 31) * dayMs;
  for await (const closed of closedCases(pool, beforeMs)) {
    tell(await purgeIfOver(pool, keeping, closed, nowMs, dryRun));
  }
  for (const { customerId, untilDay } of await customersWithoutRecord(pool)) {
    const kept: Kept = () => ({ until: untilDay, rules: ['no record is kept'] });
    tell(await forgetPerson(pool, keeping, customerId, kept, nowMs, dryRun));
  }
  for await (const one of customersWithoutCase(pool, { atMs: beforeMs, day: calendar.dayOf(beforeMs) })) {
    const lastActivity = calendar.dayOf(one.lastActivityAtMs);
    const kept: Kept = (loans, today, rules) =>
      keepingOfCaseless(loans, lastActivity, today, { packs: keeping.packs, rules });
    tell(await forgetPerson(pool, keeping, one.customerId, kept, nowMs, dryRun));
  }
  return purged;
}

/** Deletes messages of unknown senders whose time is over, or only counts them. */
export async function purgeUnknownMessages(
  pool: Pool,
  { policies, policyId, packs }: RecordKeeping,
  nowMs: number,
  { dryRun }: Pick<PurgeOptions, 'dryRun'>,
): Promise<number> {
  const { calendar } = await policies.latest(pool, policyId);
  const beforeMs = calendar.startOfDayMs(unknownSendersKeptFrom(packs, calendar.dayOf(nowMs)));
  return dryRun ? countUnknownSenders(pool, beforeMs) : purgeUnknownSenders(pool, beforeMs);
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

type Kept = (loans: readonly StoredLoanFacts[], today: Day, rules: DelinquencyRules) => Keeping;

async function forgetPerson(
  pool: Pool,
  keeping: RecordKeeping,
  customerId: string,
  kept: Kept,
  nowMs: number,
  dryRun: boolean,
): Promise<Purged | null> {
  return inTransaction(pool, async (tx) => {
    await lockCustomer(tx, customerId);
    const { policy, calendar } = await keeping.policies.latest(tx, keeping.policyId);
    const today = calendar.dayOf(nowMs);
    const loans = await loadLoanFactsOfCustomer(tx, customerId);
    const delinquency = delinquencyRules(policy);
    const owes = loans.some((loan) => settledDay(loan, today, delinquency) === null);
    if (owes || (await listHolds(tx, customerId)).some(({ clearedAtMs }) => clearedAtMs === null)) return null;
    const { until, rules } = kept(loans, today, delinquency);
    if (until === null || today <= until) return null;
    const found = { customerId, loanId: null, caseNo: null, untilDay: until, rules };
    if (dryRun) return { ...found, rows: null };
    const purging = { untilDay: until, rules, atMs: nowMs, actor: purgeActor };
    const removed = await purgeCustomer(tx, customerId, purging);
    return removed === null ? null : { ...found, rows: countsOf(removed) };
  });
}

function countsOf(removed: Readonly<Record<string, { readonly rows: number }>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(removed).map(([table, { rows }]) => [table, rows]));
}
