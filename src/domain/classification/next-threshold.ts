import { addDays, type Day } from '../day';
import type { Delinquency } from '../delinquency';
import type { ClassificationRules } from './classification-rules';

/** The first day after `asOf` on which days past due alone put the loan into another class; null where none lies ahead. */
export function nextThresholdDay(
  { oldestUnpaidDueDay, rawDpd }: Pick<Delinquency, 'oldestUnpaidDueDay' | 'rawDpd'>,
  { classes }: ClassificationRules,
): Day | null {
  if (oldestUnpaidDueDay === null) return null;
  const ahead = classes.flatMap(({ overDpd }) => (overDpd !== null && overDpd >= rawDpd ? [overDpd + 1] : []));
  return ahead.length === 0 ? null : addDays(oldestUnpaidDueDay, Math.min(...ahead));
}
