import type { PublishedPolicies } from '../cases/published-policies';
import { delinquencyRules } from '../cases/read-facts';
import type { HashedPack } from '../policy/contact-pack';
import type { Day } from '../domain/day';
import type { DelinquencyRules } from '../domain/delinquency';
import { type Keeping, keepUntil, retentionRules, settlementDay } from '../domain/retention';
import type { Queryable } from '../store/database';
import { loadLoanFacts, type StoredLoanFacts } from '../store/loan-facts';
import type { ClosedCase } from '../store/retention';

/** What the retention of records works with. */
export interface RecordKeeping {
  readonly policies: PublishedPolicies;
  readonly policyId: string;
  readonly packs: readonly HashedPack[];
}

/** Until when a closed case is kept, and by which rules. */
export async function keepingOf(
  db: Queryable,
  { policies, policyId, packs }: RecordKeeping,
  closed: ClosedCase,
  nowMs: number,
): Promise<Keeping> {
  const { policy, calendar } = await policies.latest(db, policyId);
  const today = calendar.dayOf(nowMs);
  const facts = await loadLoanFacts(db, closed.loanId);
  const settlement = facts === null ? null : settledDay(facts, today, delinquencyRules(policy));
  const lastDueDay = facts?.schedules.at(-1)?.instalments.at(-1)?.dueDay ?? null;
  return keepUntil(retentionRules(packs, today), {
    lastActivity: calendar.dayOf(closed.lastActivityAtMs),
    settlement,
    // A loan that was paid before its time still has its contract until then: the longer of the two.
    contractEnd: settlement === null ? null : later(settlement, lastDueDay),
  });
}

/** Until when what is known of a person is kept who never had a case; null while something is owed. */
export function keepingOfCaseless(
  loans: readonly StoredLoanFacts[],
  lastActivity: Day,
  today: Day,
  { packs, rules }: { readonly packs: readonly HashedPack[]; readonly rules: DelinquencyRules },
): Keeping {
  const settled = loans.map((loan) => settledDay(loan, today, rules));
  if (settled.includes(null)) return { until: null, rules: [] };
  // Of whom nothing was ever lent, nothing is owed since they are on record.
  const settlement = settled.reduce((last, day) => (last === null ? day : later(last, day)), null) ?? lastActivity;
  const lastDueDays = loans.map(({ schedules }) => schedules.at(-1)?.instalments.at(-1)?.dueDay ?? null);
  const contractEnd = lastDueDays.reduce<Day>(later, settlement);
  return keepUntil(retentionRules(packs, today), { lastActivity, settlement, contractEnd });
}

/** The day on which the bank's claim ended: the loan was sold, or nothing of it was left to pay; null while the claim runs. */
export function settledDay(facts: StoredLoanFacts, today: Day, rules: DelinquencyRules): Day | null {
  return facts.soldOn ?? settlementDay(facts, today, rules);
}

function later(day: Day, other: Day | null): Day {
  return other !== null && other > day ? other : day;
}
