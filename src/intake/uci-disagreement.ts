import { daysBetween } from '../domain/day';
import { standardBuckets } from '../domain/delinquency';
import { codeAgrees, type LevelPlan } from './uci-levels';
import { type UciMonth, uciMonths } from './uci-row';

/**
 * `faster-than-days`: days past due grow by one a day, and between two observations there were too few of them for what the
 * codes say, whatever the due day. `due-day-conflict`: each pair of months could be met, but by different due days.
 */
export type DisagreementCause = 'faster-than-days' | 'due-day-conflict';

export interface Disagreement {
  /** The month of the file. */
  readonly month: UciMonth;
  readonly code: number;
  /** What our rules say instead. */
  readonly bucket: string;
  readonly cause: DisagreementCause;
  readonly why: string;
}

export function disagreementsOf(codes: readonly number[], plan: LevelPlan): Disagreement[] {
  return plan.misses.map((at) => {
    const jump = jumpAround(at, codes, plan);
    return {
      month: uciMonths[at] ?? uciMonths[0],
      code: codes[at] ?? 0,
      bucket: standardBuckets[plan.buckets[at] ?? 0]?.name ?? 'M0',
      cause: jump === null ? 'due-day-conflict' : 'faster-than-days',
      why: jump ?? 'no single due day meets this month together with the others',
    };
  });
}

/** Two months, this one among or between them, whose codes lie further apart than the days between their observations. */
function jumpAround(at: number, codes: readonly number[], { observed }: LevelPlan): string | null {
  for (let from = 0; from <= at; from++) {
    for (let to = Math.max(at, from + 1); to < codes.length; to++) {
      const days = daysBetween(observed[from] ?? '', observed[to] ?? '');
      const dpdMax = lastDpd(from, codes[from] ?? 0) + days;
      const dpdMin = firstDpd(to, codes[to] ?? 0);
      if (dpdMax < dpdMin)
        return `code ${codes[from] ?? 0} in ${uciMonths[from] ?? ''} and ${codes[to] ?? 0} in ${uciMonths[to] ?? ''}: ${dpdMin} days past due cannot be reached in the ${days} days between`;
    }
  }
  return null;
}

function bucketsOf(at: number, code: number): number[] {
  return standardBuckets.flatMap((_, bucket) => (codeAgrees(at, code, bucket) ? [bucket] : []));
}

function firstDpd(at: number, code: number): number {
  return standardBuckets[bucketsOf(at, code).at(0) ?? 0]?.fromDpd ?? 0;
}

function lastDpd(at: number, code: number): number {
  const next = standardBuckets[(bucketsOf(at, code).at(-1) ?? 0) + 1];
  return next === undefined ? Infinity : next.fromDpd - 1;
}
