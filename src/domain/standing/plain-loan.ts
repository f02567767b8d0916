import type { AccountRules } from '../account/account';
import { isOldestFirst } from '../allocation-rules';
import { dayNumber } from '../day';
import { type Instalment, type LoanFacts, type Payment, totalMinor } from '../loan';

/**
 * A loan as columns of numbers, for sums over many days or many loans. Days are `dayNumber`s, amounts minor units.
 * `terms` follow one another; `paidDays` rises, and payments that were undone are left out.
 */
export interface PlainLoan {
  readonly terms: readonly PlainTerms[];
  readonly paidDays: readonly number[];
  readonly paidMinor: readonly number[];
}

/** A schedule while it is in force: from a day until just before another. Instalments in the order of payment. */
export interface PlainTerms {
  readonly fromDay: number;
  readonly untilDay: number;
  readonly dueDays: readonly number[];
  readonly dueMinor: readonly number[];
}

/**
 * Whether money settles the oldest instalment as a whole first in every state of the loan, and nothing was given up or is
 * charged. Then the order of components is of no matter to the day from which a loan is overdue, and a sum of all that fell
 * due says which day that is.
 */
export function isPlain(loan: LoanFacts, { order, charges }: Pick<AccountRules, 'order' | 'charges'>): boolean {
  const { settlements = [], waivers = [] } = loan;
  return charges === undefined && isOldestFirst(loan, order) && settlements.length === 0 && waivers.length === 0;
}

/** @throws RangeError when the loan has no schedule. */
export function plainLoanOf(loan: LoanFacts): PlainLoan {
  const paid = countedPayments(loan.payments).sort((a, b) => (a.valueDay < b.valueDay ? -1 : 1));
  return {
    terms: termsOf(loan),
    paidDays: paid.map(({ valueDay }) => dayNumber(valueDay)),
    paidMinor: paid.map(({ amountMinor }) => amountMinor),
  };
}

function countedPayments(payments: readonly Payment[]): Payment[] {
  const undone = new Set(payments.filter(({ kind }) => kind !== 'payment').map(({ reverses }) => reverses));
  return payments.filter(({ kind, id }) => kind === 'payment' && !undone.has(id));
}

/** When each schedule is in force, as `scheduleAsOf` has it: of those agreed by a day, the one with the highest number. */
function termsOf({ schedules }: LoanFacts): PlainTerms[] {
  const sorted = [...schedules].sort((a, b) => a.no - b.no);
  if (sorted.length === 0) throw new RangeError('a loan has at least one schedule');
  const terms: PlainTerms[] = [];
  let untilDay = Infinity;
  for (const [index, { effectiveFrom, instalments }] of [...sorted.entries()].reverse()) {
    const lines = [...instalments].sort((a, b) => (a.dueDay < b.dueDay ? -1 : a.dueDay > b.dueDay ? 1 : a.no - b.no));
    const agreedDay = dayNumber(effectiveFrom);
    // The contract answers for the days before it too.
    const fromDay = index === 0 ? Math.min(agreedDay, ...firstDueDay(lines)) : agreedDay;
    if (fromDay >= untilDay) continue;
    const dueDays = lines.map(({ dueDay }) => dayNumber(dueDay));
    terms.unshift({ fromDay, untilDay, dueDays, dueMinor: lines.map(({ due }) => totalMinor(due)) });
    untilDay = fromDay;
  }
  return terms;
}

function firstDueDay([first]: readonly Instalment[]): number[] {
  return first === undefined ? [] : [dayNumber(first.dueDay)];
}
