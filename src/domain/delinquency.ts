import { accountAsOf, type AccountRules } from './account/account';
import { sumAmounts, type UnpaidInstalment } from './allocation';
import { type Day, daysBetween } from './day';
import { type Amounts, type LoanFacts, totalMinor } from './loan';
import { pausedDaysWithin } from './paused-days';
import { pausesThatStop } from './rest/rest-rules';

/** A range of raw days past due (账龄段), from `fromDpd` to just before the next bucket's. */
export interface Bucket {
  readonly name: string;
  readonly fromDpd: number;
}

export interface DelinquencyRules extends AccountRules {
  readonly buckets: readonly Bucket[];
}

/** How a loan stands at the end of a day. Money in minor units of the loan's currency. */
export interface Delinquency {
  readonly asOf: Day;
  /** Days past due; the due day is day 0. No pause lowers it. */
  readonly rawDpd: number;
  /** `rawDpd` less `pausedDays`. */
  readonly effectiveDpd: number;
  /** Days after `oldestUnpaidDueDay` up to `asOf` on which a pause stops the clock. */
  readonly pausedDays: number;
  /** What fell due before `asOf` and is unpaid, tolerated or not. */
  readonly overdue: Amounts;
  readonly overdueMinor: number;
  /** The day from which `rawDpd` counts; null while no more than the tolerance is overdue. */
  readonly oldestUnpaidDueDay: Day | null;
  /** The first day from `asOf` on on which something unpaid falls due, and how much falls due on it. */
  readonly nextDueDay: Day | null;
  readonly nextDueMinor: number;
  readonly bucket: string;
  /** All that is unpaid, due or not. */
  readonly outstanding: Amounts;
  readonly outstandingMinor: number;
  /** Money beyond everything the schedule asks for. */
  readonly creditMinor: number;
}

/** The usual buckets: M0 not overdue, M1 1-30, M2 31-60, … M6 151-180, M6+ beyond. */
export const standardBuckets: readonly Bucket[] = [
  { name: 'M0', fromDpd: 0 },
  { name: 'M1', fromDpd: 1 },
  { name: 'M2', fromDpd: 31 },
  { name: 'M3', fromDpd: 61 },
  { name: 'M4', fromDpd: 91 },
  { name: 'M5', fromDpd: 121 },
  { name: 'M6', fromDpd: 151 },
  { name: 'M6+', fromDpd: 181 },
];

/**
 * Says how a loan stands on a day, from its facts alone. Days past due count from the oldest overdue instalment at which
 * the sum of unpaid amounts, oldest first, exceeds the tolerance. The bucket goes by raw days.
 * @throws RangeError when the loan has no schedule, the rules' order is incomplete or no bucket takes the days.
 */
export function delinquencyAsOf(loan: LoanFacts, asOf: Day, rules: DelinquencyRules): Delinquency {
  const { unpaid, creditMinor } = accountAsOf(loan, asOf, rules);
  const overdueLines = unpaid.filter(({ instalment }) => instalment.dueDay < asOf);
  const overdue = sumUnpaid(overdueLines);
  const oldestUnpaidDueDay = anchorOf(overdueLines, rules.toleranceMinor);
  const rawDpd = oldestUnpaidDueDay === null ? 0 : daysBetween(oldestUnpaidDueDay, asOf);
  const clockPauses = pausesThatStop(loan.pauses, 'clock', rules.rests);
  const pausedDays = oldestUnpaidDueDay === null ? 0 : pausedDaysWithin(clockPauses, oldestUnpaidDueDay, asOf);
  const nextDueDay = unpaid.find(({ instalment }) => instalment.dueDay >= asOf)?.instalment.dueDay ?? null;
  const outstanding = sumUnpaid(unpaid);
  return {
    asOf,
    rawDpd,
    effectiveDpd: rawDpd - pausedDays,
    pausedDays,
    overdue,
    overdueMinor: totalMinor(overdue),
    oldestUnpaidDueDay,
    nextDueDay,
    nextDueMinor: totalMinor(sumUnpaid(unpaid.filter(({ instalment }) => instalment.dueDay === nextDueDay))),
    bucket: bucketOf(rawDpd, rules.buckets),
    outstanding,
    outstandingMinor: totalMinor(outstanding),
    creditMinor,
  };
}

function sumUnpaid(lines: readonly UnpaidInstalment[]): Amounts {
  return sumAmounts(lines.map(({ unpaid }) => unpaid));
}

function anchorOf(overdueLines: readonly UnpaidInstalment[], toleranceMinor: number): Day | null {
  let unpaidMinor = 0;
  for (const { instalment, unpaid } of overdueLines) {
    unpaidMinor += totalMinor(unpaid);
    if (unpaidMinor > toleranceMinor) return instalment.dueDay;
  }
  return null;
}

function bucketOf(rawDpd: number, buckets: readonly Bucket[]): string {
  const reached = buckets.filter(({ fromDpd }) => fromDpd <= rawDpd).sort((a, b) => b.fromDpd - a.fromDpd);
  const [highest] = reached;
  if (highest === undefined) throw new RangeError(`no bucket takes ${rawDpd} days past due`);
  return highest.name;
}
