import type { DelinquencyRules } from '../delinquency';
import { type ArrearsSpan, arrearsSpans } from '../standing/arrears-spans';
import type { PlainLoan } from '../standing/plain-loan';
import type { LoanColumns } from './loan-columns';
import { type BookRules, type LoanFigures, ownStanding, unclassified } from './loan-figures';

/**
 * Whether `plainFigures` may be asked: in a normal loan the oldest instalment as a whole comes first, and in it the principal
 * last. Orders of other states are looked at loan by loan.
 */
export function allowsPlain({ delinquency: { order } }: BookRules): boolean {
  const { by, scope, components, nonPerforming } = order;
  // Money of a day finds the loan without that money: one day past due where none is left at the end of the day.
  if (nonPerforming !== undefined && nonPerforming.fromDpd <= 1) return false;
  return by === 'instalment' && scope !== 'due-first' && components.at(-1) === 'principal';
}

/**
 * The same as `figuresOf` for a loan that is nothing but its contract and payments, at a fraction of the cost: most loans
 * were never overdue, which one pass over the columns shows. Null where it was overdue for so long that charges or another
 * order of payment may come in: then only the full rules say how it stands. `day` is a `dayNumber`.
 */
export function plainFigures(loan: LoanColumns, day: number, rules: BookRules): LoanFigures | null {
  const { delinquency, classification } = rules;
  const { toleranceMinor } = delinquency;
  if (!wasOverdue(loan, day, toleranceMinor)) return { rawDpd: 0, ...owedOn(loan, day), ...unclassified };
  const spans = arrearsSpans(plainLoan(loan), day, toleranceMinor);
  if (!staysPlain(spans, day, delinquency)) return null;
  const anchorDay = spans.at(-1)?.anchorDay ?? null;
  return {
    rawDpd: anchorDay === null ? 0 : day - anchorDay,
    ...owedOn(loan, day),
    ...(classification === null ? unclassified : ownStanding(spans, [], day, classification)),
  };
}

/**
 * Whether nothing was charged on a loan with these arrears, and all its money had the order of a normal loan. No instalment
 * is charged on more days than the loan was overdue, and money of a day finds the loan as the day before left it.
 */
function staysPlain(
  spans: readonly ArrearsSpan[],
  day: number,
  { charges, order: { nonPerforming } }: DelinquencyRules,
): boolean {
  let [overdueDays, dpdMax] = [0, 0];
  for (const [index, { fromDay, anchorDay }] of spans.entries()) {
    if (anchorDay === null) continue;
    const endDay = spans[index + 1]?.fromDay ?? day + 1;
    overdueDays += endDay - fromDay;
    dpdMax = Math.max(dpdMax, endDay - anchorDay);
  }
  if (charges !== undefined && overdueDays > charges.graceDays) return false;
  return nonPerforming === undefined || dpdMax < nonPerforming.fromDpd;
}

/** Whether more than the tolerance was overdue at the end of any day up to this one. */
function wasOverdue(loan: LoanColumns, throughDay: number, toleranceMinor: number): boolean {
  const { instalments, payments, dueDays, dueMinor, paidDays, paidMinor } = loan;
  let [coveredMinor, dueToHereMinor, paidAt] = [toleranceMinor, 0, 0];
  for (let at = 0; at < instalments; at += 1) {
    const overdueFrom = (dueDays[at] ?? Infinity) + 1;
    if (overdueFrom > throughDay) return false;
    dueToHereMinor += dueMinor[at] ?? 0;
    for (; paidAt < payments && (paidDays[paidAt] ?? Infinity) <= overdueFrom; paidAt += 1) {
      coveredMinor += paidMinor[paidAt] ?? 0;
    }
    if (dueToHereMinor > coveredMinor) return true;
  }
  return false;
}

type Owed = Pick<LoanFigures, 'overdueMinor' | 'outstandingMinor' | 'outstandingPrincipalMinor'>;

/** What is left to pay when all money up to the day is set against the oldest instalments first, the principal last. */
function owedOn(loan: LoanColumns, day: number): Owed {
  const { instalments, payments, dueDays, dueMinor, principalMinor, paidDays, paidMinor } = loan;
  let leftMinor = 0;
  for (let at = 0; at < payments && (paidDays[at] ?? Infinity) <= day; at += 1) leftMinor += paidMinor[at] ?? 0;
  const owed = { overdueMinor: 0, outstandingMinor: 0, outstandingPrincipalMinor: 0 };
  for (let at = 0; at < instalments; at += 1) {
    const unpaidMinor = (dueMinor[at] ?? 0) - leftMinor;
    if (unpaidMinor <= 0) {
      leftMinor = -unpaidMinor;
      continue;
    }
    leftMinor = 0;
    owed.outstandingMinor += unpaidMinor;
    owed.outstandingPrincipalMinor += Math.min(unpaidMinor, principalMinor[at] ?? 0);
    if ((dueDays[at] ?? Infinity) < day) owed.overdueMinor += unpaidMinor;
  }
  return owed;
}

function plainLoan({ instalments, payments, ...columns }: LoanColumns): PlainLoan {
  const dueDays = columns.dueDays.slice(0, instalments);
  const dueMinor = columns.dueMinor.slice(0, instalments);
  return {
    // Before its first due day a loan has no arrears, whenever the contract began.
    terms: [{ fromDay: dueDays[0] ?? 0, untilDay: Infinity, dueDays, dueMinor }],
    paidDays: columns.paidDays.slice(0, payments),
    paidMinor: columns.paidMinor.slice(0, payments),
  };
}
