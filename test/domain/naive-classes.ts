import type { ClassificationRules } from '../../src/domain/classification/classification-rules';
import { addDays, addMonths, type Day } from '../../src/domain/day';
import { delinquencyAsOf, type DelinquencyRules } from '../../src/domain/delinquency';
import type { LoanFacts } from '../../src/domain/loan';

/** The class of a loan on each day from its first, by looking at every single day; slow, and as plain as the rule. */
export function naiveClasses(
  loan: LoanFacts,
  firstDay: Day,
  asOf: Day,
  rules: DelinquencyRules,
  setting: ClassificationRules,
): string[] {
  const { classes, cureMonths, restructured } = setting;
  const newTerms = loan.schedules.filter(({ no }) => no > 1).map(({ effectiveFrom }) => effectiveFrom);
  const named: string[] = [];
  let rank = 0;
  let isRestructured = false;
  let wasOverdue = false;
  let observedFrom = firstDay;
  for (let day = firstDay; day <= asOf; day = addDays(day, 1)) {
    const { rawDpd } = delinquencyAsOf(loan, day, rules);
    if (newTerms.includes(day)) {
      isRestructured = true;
      observedFrom = day;
      rank = Math.max(rank, restructured.atLeast);
    }
    for (const [worse, { overDpd }] of classes.entries()) {
      if (overDpd !== null && rawDpd > overDpd) rank = Math.max(rank, worse);
    }
    if (wasOverdue && rawDpd === 0) observedFrom = day;
    const cure = classes[rank]?.nonPerforming === true ? cureMonths : 0;
    const months = isRestructured ? Math.max(cure, restructured.observeMonths) : cure;
    if (rawDpd === 0 && day >= addMonths(observedFrom, months)) {
      rank = 0;
      isRestructured = false;
    }
    wasOverdue = rawDpd > 0;
    named.push(classes[rank]?.name ?? '');
  }
  return named;
}
