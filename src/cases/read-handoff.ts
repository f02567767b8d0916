import type { CaseFacts } from '../domain/case';
import type { ContactPack } from '../domain/contact/rule';
import { handoffGaps, handoffRules } from '../domain/handoff/gaps';
import type { Queryable } from '../store/database';
import { readHandoffFile } from '../store/handoff-file';
import type { CaseReading } from './read-facts';

/** What rules of the packs in force still ask for before this loan may leave the house. */
export async function readHandoffGaps(
  db: Queryable,
  packs: readonly ContactPack[],
  { loan, delinquency, calendar, today }: Pick<CaseReading, 'loan' | 'delinquency' | 'calendar' | 'today'>,
  offered: CaseFacts['offered'],
  nowMs: number,
): Promise<NonNullable<CaseFacts['handoff']>> {
  const rules = handoffRules(packs, today);
  if (rules.length === 0) return [];
  const known = await readHandoffFile(db, loan.loanId, nowMs);
  const file = { ...known, overdueSince: delinquency.oldestUnpaidDueDay, offered: offered.length > 0 };
  return handoffGaps(rules, file, calendar, nowMs);
}
