import type { ClassificationRules } from '../classification/classification-rules';
import { restructuredDays } from '../classification/classify';
import { badDebtSpans, type DaySpan, isHeldOn } from '../classification/customer-classes';
import { ownClasses } from '../classification/own-class';
import { type Day, dayNumber } from '../day';
import { delinquencyAsOf, type DelinquencyRules } from '../delinquency';
import type { LoanFacts } from '../loan';
import type { ArrearsSpan } from '../standing/arrears-spans';
import { arrearsHistory } from '../standing/standing-history';

/** How a book looks at its loans: all of them by one policy. */
export interface BookRules {
  readonly delinquency: DelinquencyRules;
  /** Null where the policy does not classify. */
  readonly classification: ClassificationRules | null;
}

/** What a book needs to know of a loan on a day. Money in minor units of the loan's currency. */
export interface LoanFigures {
  readonly rawDpd: number;
  readonly overdueMinor: number;
  readonly outstandingMinor: number;
  readonly outstandingPrincipalMinor: number;
  /** The class by the loan's own facts, as its place in the rules; 0 where nothing is classified. */
  readonly rank: number;
  /** When it was a bad debt by its own facts. */
  readonly bad: readonly DaySpan[];
}

/** A loan's figures on a day from its facts, whatever they are. @throws RangeError when it has no schedule. */
export function figuresOf(loan: LoanFacts, asOf: Day, { delinquency, classification }: BookRules): LoanFigures {
  const { rawDpd, overdueMinor, outstandingMinor, outstanding } = delinquencyAsOf(loan, asOf, delinquency);
  const figures = { rawDpd, overdueMinor, outstandingMinor, outstandingPrincipalMinor: outstanding.principal };
  if (classification === null) return { ...figures, ...unclassified };
  const spans = arrearsHistory(loan, asOf, delinquency);
  return { ...figures, ...ownStanding(spans, restructuredDays(loan), dayNumber(asOf), classification) };
}

export const unclassified: Pick<LoanFigures, 'rank' | 'bad'> = { rank: 0, bad: [] };

/** The class at the end of the spans, and every time as a bad debt up to then. */
export function ownStanding(
  spans: readonly ArrearsSpan[],
  restructured: readonly number[],
  day: number,
  rules: ClassificationRules,
): Pick<LoanFigures, 'rank' | 'bad'> {
  const entries = ownClasses(spans, restructured, day, rules);
  return { rank: entries.at(-1)?.rank ?? 0, bad: badDebtSpans(entries, rules) };
}

/** Whether the loan makes the customer's other loans worse on a day. */
export function holdsOthers({ bad }: LoanFigures, day: number, { classification }: BookRules): boolean {
  const customer = classification?.customer ?? null;
  return customer !== null && isHeldOn(bad, day, customer.cureMonths);
}

/** The loan's class on a day when the customer's other loans are looked at too, as `withCustomer` has it. */
export function rankAmong(loan: LoanFigures, others: readonly LoanFigures[], day: number, rules: BookRules): number {
  const floor = rules.classification?.customer?.atLeast ?? 0;
  return others.some((other) => holdsOthers(other, day, rules)) ? Math.max(loan.rank, floor) : loan.rank;
}
