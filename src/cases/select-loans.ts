import { delinquencyAsOf, type DelinquencyRules } from '../domain/delinquency';
import type { Day } from '../domain/day';
import { Refusal } from '../domain/refusal';
import type { Queryable } from '../store/database';
import { loadLoanFactsOf } from '../store/loan-facts';
import { type LoanFilter, loansInFilter, loansWithOpenCase, unknownLoans } from '../store/loan-selection';

/** Loans that something is to be done with, and how much they are about; money in minor units, by currency. */
export interface Selection {
  /** By id. Loans of which nothing is left to pay are not among them. */
  readonly loanIds: readonly string[];
  readonly openCases: number;
  readonly amounts: readonly {
    readonly currency: string;
    readonly overdueMinor: number;
    readonly outstandingMinor: number;
  }[];
}

export interface SelectionScene {
  readonly today: Day;
  readonly nowMs: number;
  /** Picks those of the loans that are meant besides; all where it is not given. */
  readonly among?: (loanIds: readonly string[]) => Promise<readonly string[]>;
}

const loansAtOnce = 500;

/**
 * Finds the loans of a filter as they stand now; their buckets and amounts are computed from the facts.
 * @throws Refusal InputInvalid where the filter names nothing, NotFound for a loan that does not exist.
 */
export async function selectLoans(
  db: Queryable,
  filter: LoanFilter,
  rules: DelinquencyRules,
  { today, nowMs, among }: SelectionScene,
): Promise<Selection> {
  if (Object.values(filter).every((list) => list === undefined)) {
    throw new Refusal('InputInvalid', 'must say which loans are meant', 'filter');
  }
  const [unknown] = await unknownLoans(db, filter.loanIds ?? []);
  if (unknown !== undefined) throw new Refusal('NotFound', `no loan ${unknown}`, 'filter.loanIds');
  const loanIds: string[] = [];
  const amounts = new Map<string, { overdueMinor: number; outstandingMinor: number }>();
  let openCases = 0;
  let after = '';
  for (;;) {
    const page = await loansInFilter(db, filter, nowMs, after, loansAtOnce);
    const meant = among === undefined ? page : await among(page);
    const withCase = await loansWithOpenCase(db, meant);
    for (const loan of await loadLoanFactsOf(db, meant)) {
      if (loan.schedules.length === 0) continue;
      const { bucket, overdueMinor, outstandingMinor } = delinquencyAsOf(loan, today, rules);
      if (outstandingMinor === 0 || filter.buckets?.includes(bucket) === false) continue;
      loanIds.push(loan.loanId);
      if (withCase.has(loan.loanId)) openCases += 1;
      const sum = amounts.get(loan.currency) ?? { overdueMinor: 0, outstandingMinor: 0 };
      amounts.set(loan.currency, {
        overdueMinor: sum.overdueMinor + overdueMinor,
        outstandingMinor: sum.outstandingMinor + outstandingMinor,
      });
    }
    const last = page.at(-1);
    if (last === undefined || page.length < loansAtOnce) break;
    after = last;
  }
  return { loanIds, openCases, amounts: [...amounts].map(([currency, sums]) => ({ currency, ...sums })) };
}
