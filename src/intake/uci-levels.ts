import type { Day } from '../domain/day';
import { addMonths, daysBetween } from '../domain/day';
import { standardBuckets } from '../domain/delinquency';

/** Instalments of a loan, and the one that falls due in the month of the first observation. */
export const termMonths = 24;
const firstObservedInstalment = 10;

/** How the loan's schedule lies in time and how much of it is paid at each of the six observations. */
export interface LevelPlan {
  /** Observation days, oldest first. */
  readonly observed: readonly Day[];
  readonly dueDays: readonly Day[];
  /** Instalments paid in full by the end of each observation day. */
  readonly paidCounts: readonly number[];
  /** The bucket at each observation, as an index into `standardBuckets`. */
  readonly buckets: readonly number[];
  /** Observations at which the bucket is not what the code says. */
  readonly misses: readonly number[];
}

/**
 * Whether a bucket is what the code of an observation (0 … 5) says. Before September 2005 the file reports a first month of
 * delay as 2, so there 2 stands for one month or two; the last standard bucket is open, so it stands for 7 and 8.
 */
export function codeAgrees(observation: number, code: number, bucket: number): boolean {
  if (observation < 5 && code === 2) return bucket === 1 || bucket === 2;
  return bucket === bucketOfCode(code);
}

function bucketOfCode(code: number): number {
  return Math.min(Math.max(0, code), standardBuckets.length - 1);
}

/**
 * Chooses the due day and the months in which the borrower pays so that as many observations as possible agree with the
 * codes. `preferredDay` (1 … 28) is the day of the month that is taken when it does as well as any other.
 */
export function planLevels(codes: readonly number[], asOf: Day, preferredDay: number): LevelPlan {
  const observed = codes.map((_, at) => addMonths(asOf, at - codes.length + 1));
  // An instalment that falls due on the day of an observation is not late there and up to 31 days late a month on.
  const tried = new Set([preferredDay, Number(asOf.slice(8)), ...Array.from({ length: 31 }, (_, at) => at + 1)]);
  let best: LevelPlan | undefined;
  for (const dayOfMonth of tried) {
    const plan = bestPayments(codes, observed, dueDaysOf(asOf, dayOfMonth));
    if (best === undefined || plan.misses.length < best.misses.length) best = plan;
    if (best.misses.length === 0) break;
  }
  if (best === undefined) throw new RangeError('no due day was tried');
  return best;
}

function dueDaysOf(asOf: Day, dayOfMonth: number): Day[] {
  const january = `${asOf.slice(0, 4)}-01-${String(dayOfMonth).padStart(2, '0')}`;
  const asOfMonth = Number(asOf.slice(5, 7)) - 1;
  return Array.from({ length: termMonths }, (_, no) =>
    addMonths(january, asOfMonth + no - firstObservedInstalment - 5),
  );
}

/** A choice at one observation with the cheapest way that led to it. */
interface Choice {
  readonly paidCount: number;
  readonly bucket: number;
  readonly cost: number;
  readonly before: Choice | null;
}

/** Payments only ever move on through the schedule, so the cheapest way is found observation by observation. */
function bestPayments(codes: readonly number[], observed: readonly Day[], dueDays: readonly Day[]): LevelPlan {
  let choices: Choice[] = [{ paidCount: 0, bucket: 0, cost: 0, before: null }];
  for (const [at, day] of observed.entries()) {
    const code = codes[at] ?? 0;
    choices = choicesAt(day, dueDays).map(({ paidCount, bucket }) => {
      const before = cheapest(choices.filter((choice) => choice.paidCount <= paidCount));
      return { paidCount, bucket, before, cost: (before?.cost ?? Infinity) + costOf(at, code, bucket) - paidCount };
    });
  }
  const way: Choice[] = [];
  for (let last = cheapest(choices); last?.before != null; last = last.before) way.unshift(last);
  const buckets = way.map(({ bucket }) => bucket);
  return {
    observed,
    dueDays,
    paidCounts: way.map(({ paidCount }) => paidCount),
    buckets,
    misses: buckets.flatMap((bucket, at) => (codeAgrees(at, codes[at] ?? 0, bucket) ? [] : [at])),
  };
}

/** Every number of paid instalments that is possible at the end of a day, with the bucket that it makes. */
function choicesAt(day: Day, dueDays: readonly Day[]): { paidCount: number; bucket: number }[] {
  const dueMax = dueDays.filter((dueDay) => dueDay <= day).length;
  return Array.from({ length: dueMax + 1 }, (_, paidCount) => {
    const oldest = dueDays[paidCount];
    const dpd = oldest === undefined ? 0 : Math.max(0, daysBetween(oldest, day));
    return { paidCount, bucket: standardBuckets.findLastIndex(({ fromDpd }) => fromDpd <= dpd) };
  });
}

function cheapest(choices: readonly Choice[]): Choice | null {
  return choices.reduce<Choice | null>(
    (best, choice) => (best === null || choice.cost < best.cost ? choice : best),
    null,
  );
}

/** Agreement first, then nearness to the code; what is left is decided by paying as early as possible. */
function costOf(at: number, code: number, bucket: number): number {
  const miss = codeAgrees(at, code, bucket) ? 0 : 1_000_000;
  return miss + Math.abs(bucket - bucketOfCode(code)) * 1_000;
}
