import { type Day, dayNumber, dayOfNumber } from '../day';
import type { DelinquencyRules } from '../delinquency';
import type { LoanFacts } from '../loan';
import { perMilleOf } from '../money';
import { arrearsHistory } from '../standing/standing-history';
import type { ClassificationRules, LoanClass } from './classification-rules';
import { badDebtSpans, withCustomer } from './customer-classes';
import { type ClassEntry, type ClassReason, ownClasses } from './own-class';

/** From a day on the loan is in a class, and why. */
export interface ClassChange {
  readonly fromDay: Day;
  readonly class: string;
  readonly why: ClassReason;
}

/** How a loan is classified at the end of a day. Money in minor units. */
export interface Classification {
  readonly asOf: Day;
  readonly class: string;
  readonly sinceDay: Day;
  readonly why: ClassReason;
  readonly nonPerforming: boolean;
  readonly nonAccrual: boolean;
  /** The outstanding principal, due or not, on which the provision is reckoned. */
  readonly provisionBaseMinor: number;
  readonly provisionPerMille: number;
  /** Rate times base, halves of a minor unit rounded up. */
  readonly provisionMinor: number;
  /** Every class of the loan from its contract on, as known now. */
  readonly history: readonly ClassChange[];
}

/** What a loan's class is judged by. */
export interface ClassifiedLoan {
  readonly facts: LoanFacts;
  readonly outstandingPrincipalMinor: number;
  /** The customer's other loans. */
  readonly others: readonly LoanFacts[];
}

/**
 * Classifies a loan as of a day, from the facts of all its customer's loans and nothing else: the same facts in any order
 * give the same class. The five tiers (五级分类) are one setting of the rules.
 * @throws RangeError when a loan has no schedule.
 */
export function classify(
  { facts, outstandingPrincipalMinor, others }: ClassifiedLoan,
  asOf: Day,
  delinquencyRules: DelinquencyRules,
  rules: ClassificationRules,
): Classification {
  const throughDay = dayNumber(asOf);
  const classesOf = (loan: LoanFacts): ClassEntry[] =>
    ownClasses(arrearsHistory(loan, asOf, delinquencyRules), restructuredDays(loan), throughDay, rules);
  const othersBad = rules.customer === null ? [] : others.flatMap((loan) => badDebtSpans(classesOf(loan), rules));
  const entries = withCustomer(classesOf(facts), othersBad, throughDay, rules);
  const history = entries.map(({ fromDay, rank, why }) => {
    return { fromDay: dayOfNumber(fromDay), class: classAt(rules, rank).name, why };
  });
  const last = entries.at(-1);
  if (last === undefined) throw new RangeError('a loan has a class from its contract on');
  const { name, provisionPerMille, nonPerforming, nonAccrual } = classAt(rules, last.rank);
  return {
    asOf,
    class: name,
    sinceDay: dayOfNumber(last.fromDay),
    why: last.why,
    nonPerforming,
    nonAccrual,
    provisionBaseMinor: outstandingPrincipalMinor,
    provisionPerMille,
    provisionMinor: perMilleOf(outstandingPrincipalMinor, provisionPerMille),
    history,
  };
}

/**
 * Every schedule after the contract's is another agreement because the first could not be kept, but for one that corrects what
 * should never have been asked for.
 */
export function restructuredDays({ schedules }: LoanFacts): number[] {
  const contractNo = Math.min(...schedules.map(({ no }) => no));
  const agreed = schedules.filter(({ no, correction }) => no !== contractNo && correction !== true);
  return agreed.map(({ effectiveFrom }) => dayNumber(effectiveFrom));
}

export function classAt({ classes }: ClassificationRules, rank: number): LoanClass {
  const found = classes[rank];
  if (found === undefined) throw new RangeError(`there is no class ${rank}`);
  return found;
}
