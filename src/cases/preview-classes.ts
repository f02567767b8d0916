import type { Weighed } from '../domain/arrangement/weigh';
import type { Classification } from '../domain/classification/classify';
import { ifKept } from '../domain/classification/if-kept';
import { addMonths, type Day } from '../domain/day';
import { delinquencyAsOf } from '../domain/delinquency';
import type { Queryable } from '../store/database';
import { loadLoanFactsOfCustomer, type StoredLoanFacts } from '../store/loan-facts';
import { type CaseReading, delinquencyRules } from './read-facts';
import { classifyAmong } from './read-standing';

/** How an arrangement bears on the loan's class; null where the policy does not classify. */
export interface PreviewedClasses {
  readonly today: Classification;
  /** The same day under the new schedule; as today where it makes none. */
  readonly after: Classification;
  /** At the end of the observation, if it is kept and everything else is paid in time; null where the terms do not change. */
  readonly afterObservation: Classification | null;
}

/** Classifies the loan as it is, as it would be at once, and as it would be once it was observed. Nothing is written. */
export async function previewClasses(
  db: Queryable,
  { loan, policy, today }: CaseReading,
  { made }: Weighed,
  observationUntil: Day | null,
): Promise<PreviewedClasses | null> {
  const loans = await loadLoanFactsOfCustomer(db, loan.customerId);
  const rules = delinquencyRules(policy);
  const classOn = (all: readonly StoredLoanFacts[], day: Day): Classification | null => {
    const facts = all.find(({ loanId }) => loanId === loan.loanId) ?? loan;
    return classifyAmong(all, facts, delinquencyAsOf(facts, day, rules), policy);
  };
  const now = classOn(loans, today);
  if (now === null || policy.classification === null) return null;
  const schedule = made?.schedule ?? null;
  if (schedule === null) return { today: now, after: now, afterObservation: null };
  const changed = loans.map((one) =>
    one.loanId === loan.loanId ? { ...one, schedules: [...one.schedules, schedule] } : one,
  );
  const months = Math.max(policy.classification.restructured.observeMonths, policy.classification.cureMonths);
  const byRules = addMonths(today, months);
  const lastDay = observationUntil !== null && observationUntil > byRules ? observationUntil : byRules;
  const kept = changed.map((one) => ({ ...one, ...ifKept(one, today, lastDay, rules) }));
  return { today: now, after: classOn(changed, today) ?? now, afterObservation: classOn(kept, lastDay) };
}
