import { addDays, addMonths, type Day } from '../domain/day';
import type { RiskTier } from '../domain/loan';
import { splitMinor } from '../domain/money';
import type { InstalmentRow, LoanRow, PaymentRow } from './portfolio-rows';
import { type Disagreement, disagreementsOf } from './uci-disagreement';
import { termMonths } from './uci-calendar';
import { type LevelPlan, planLevels } from './uci-levels';
import type { UciRow } from './uci-row';

/** One account of the file as a loan that our rules find in the state that the file reports. */
export interface UciAccount {
  readonly loan: LoanRow;
  readonly instalments: readonly InstalmentRow[];
  readonly payments: readonly PaymentRow[];
  /** The days of the six observations, oldest first; the last is `asOf`. */
  readonly observed: readonly Day[];
  /** Months in which our bucket is not what the code says. */
  readonly disagreements: readonly Disagreement[];
}

export interface ReadAccountOptions {
  /** September 2005 becomes the month of this day, which is its observation. */
  readonly asOf: Day;
  /** Of several accounts that belong to one person; by default each has its own. */
  readonly customerId?: string;
}

/** The file is in New Taiwan dollars. */
// The bank of the demo works in yuan: the file's New Taiwan dollars are taken as they stand.
const currency = 'CNY';
const minorPerUnit = 100;
const branches = 8;

/**
 * Reads one account. The file reports months of delay and no instalments, so those are made: a loan of 24 months over the
 * highest of the six bills (at least a tenth of the limit), 1 % interest a month on what is outstanding, and a borrower who
 * pays whole instalments on the day or late, such that `delinquencyAsOf` at the six observations gives the bucket of the
 * account's code. The outcome of October 2005 has no part in it.
 */
export function readAccount(row: UciRow, { asOf, customerId }: ReadAccountOptions): UciAccount {
  const number = String(row.id).padStart(5, '0');
  const loanId = `UCI-${number}`;
  const plan = planLevels(row.codes, asOf, 1 + ((row.id * 11) % 28));
  const principalMinor = principalOf(row);
  const instalments = instalmentsOf(loanId, principalMinor, plan.dueDays);
  return {
    loan: {
      loan_id: loanId,
      customer_id: customerId ?? `C-${number}`,
      product: 'card-instalment',
      currency,
      principal_minor: principalMinor,
      disbursed_on: addMonths(plan.dueDays[0] ?? asOf, -1),
      risk_tier: riskTierOf(row),
      branch: `BR-${String(1 + (row.id % branches)).padStart(2, '0')}`,
    },
    instalments,
    payments: paymentsOf(row.id, loanId, plan, instalments),
    observed: plan.observed,
    disagreements: disagreementsOf(row.codes, plan),
  };
}

function principalOf({ billsTwd, limitTwd }: UciRow): number {
  const unitMinor = termMonths * minorPerUnit;
  return Math.ceil((Math.max(...billsTwd, limitTwd / 10) * minorPerUnit) / unitMinor) * unitMinor;
}

/** High: late in two or more of the six months. Medium: late in one of them, or a limit under 50,000. Low: all others. */
function riskTierOf({ codes, limitTwd }: UciRow): RiskTier {
  const lateMonths = codes.filter((code) => code > 0).length;
  if (lateMonths >= 2) return 'high';
  return lateMonths === 1 || limitTwd < 50_000 ? 'medium' : 'low';
}

function instalmentsOf(loanId: string, principalMinor: number, dueDays: readonly Day[]): InstalmentRow[] {
  let outstandingMinor = principalMinor;
  return splitMinor(principalMinor, dueDays.length).map((partMinor, at) => {
    const interestMinor = Math.round(outstandingMinor / 100);
    outstandingMinor -= partMinor;
    return {
      loan_id: loanId,
      instalment_no: at + 1,
      due_on: dueDays[at] ?? '',
      principal_minor: partMinor,
      interest_minor: interestMinor,
      fee_minor: 0,
      penalty_minor: 0,
    };
  });
}

function paymentsOf(id: number, loanId: string, plan: LevelPlan, instalments: readonly InstalmentRow[]): PaymentRow[] {
  const payments: PaymentRow[] = [];
  const pay = (parts: readonly InstalmentRow[], day: Day): void => {
    if (parts.length === 0) return;
    const amountMinor = parts.reduce((sum, part) => sum + part.principal_minor + part.interest_minor, 0);
    const paymentId = `${loanId}-P${String(payments.length + 1).padStart(2, '0')}`;
    payments.push({
      payment_id: paymentId,
      loan_id: loanId,
      kind: 'payment',
      amount_minor: amountMinor,
      currency,
      value_on: day,
      reverses: null,
    });
  };
  for (const [at, paidCount] of plan.paidCounts.entries()) {
    const parts = instalments.slice(plan.paidCounts[at - 1] ?? 0, paidCount);
    const before = plan.observed[at - 1];
    if (before === undefined || parts.every((part) => part.due_on > before)) {
      for (const part of parts) pay([part], part.due_on);
    } else {
      // Whoever is behind pays all at once: some days into the month, or with the instalment of that month.
      const lateDay = addDays(before, 1 + (id % 25));
      const lastDue = parts.at(-1)?.due_on ?? lateDay;
      pay(parts, lastDue > lateDay ? lastDue : lateDay);
    }
  }
  return payments;
}
