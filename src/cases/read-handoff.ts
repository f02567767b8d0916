import type { CaseFacts } from '../domain/case';
import type { ContactPack } from '../domain/contact/rule';
import { rulesOn } from '../domain/contact/rules-on-day';
import { daysAfterEnd, handoffGaps } from '../domain/handoff/gaps';
import type { Queryable } from '../store/database';
import { readHandoffFile } from '../store/handoff-file';
import { type LimitationReading, readLimitations } from './read-limitation';

/** What rules of the packs in force still ask for before this loan may leave the house. */
export async function readHandoffGaps(
  db: Queryable,
  packs: readonly ContactPack[],
  reading: LimitationReading,
  offered: CaseFacts['offered'],
  nowMs: number,
): Promise<NonNullable<CaseFacts['handoff']>> {
  const { loan, delinquency, calendar, today } = reading;
  const rules = rulesOn(packs, 'handoff', today);
  if (rules.length === 0) return [];
  const known = await readHandoffFile(db, loan.loanId, nowMs);
  const limitations = await readLimitations(db, rulesOn(packs, 'limitation', today), reading, known.events);
  const over = limitations
    .filter(({ lastDay }) => lastDay < today)
    .map(({ rule, lastDay }) => ({ rule: rule.id, lastDay }));
  const overdueSince = delinquency.oldestUnpaidDueDay;
  const goesOn = { daysAfterEnd: daysAfterEnd(packs, today) };
  const file = { ...known, overdueSince, offered: offered.length > 0, timeBarred: over, ...goesOn };
  return handoffGaps(rules, file, calendar, nowMs);
}
