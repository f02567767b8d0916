import type { Day } from '../domain/day';
import { standardBuckets } from '../domain/delinquency';
import { type LoanCalendar, loanCalendar } from './uci-calendar';

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

const lastBucket = standardBuckets.length - 1;

/**
 * Whether a bucket is what the code of an observation (0 … 5) says. Before September 2005 the file reports a first month of
 * delay as 2, so there 2 stands for one month or two; the last standard bucket is open, so it stands for 7 and 8.
 */
export function codeAgrees(observation: number, code: number, bucket: number): boolean {
  if (observation < 5 && code === 2) return bucket === 1 || bucket === 2;
  return bucket === bucketOfCode(code);
}

function bucketOfCode(code: number): number {
  if (code < 0) return 0;
  return code > lastBucket ? lastBucket : code;
}

/**
 * Chooses the due day and the months in which the borrower pays so that as many observations as possible agree with the
 * codes. `preferredDay` (1 … 28) is the day of the month that is taken when it does as well as any other.
 */
export function planLevels(codes: readonly number[], asOf: Day, preferredDay: number): LevelPlan {
  let best: LevelPlan | undefined;
  for (const calendar of calendarsOf(asOf, preferredDay)) {
    const plan = bestPayments(codes, calendar);
    if (best === undefined || plan.misses.length < best.misses.length) best = plan;
    if (best.misses.length === 0) break;
  }
  if (best === undefined) throw new RangeError('no due day was tried');
  return best;
}

function* calendarsOf(asOf: Day, preferredDay: number): Generator<LoanCalendar> {
  yield loanCalendar(asOf, preferredDay);
  // An instalment that falls due on the day of an observation is not late there and up to 31 days late a month on.
  yield loanCalendar(asOf, Number(asOf.slice(8)));
  for (let dayOfMonth = 1; dayOfMonth <= 31; dayOfMonth++) yield loanCalendar(asOf, dayOfMonth);
}

/** A choice at one observation with the cheapest way that led to it. */
interface Choice {
  readonly paidCount: number;
  readonly bucket: number;
  readonly cost: number;
  readonly before: Choice | null;
}

/** Payments only ever move on through the schedule, so the cheapest way is found observation by observation. */
function bestPayments(codes: readonly number[], { observed, dueDays, buckets }: LoanCalendar): LevelPlan {
  let choices: readonly Choice[] = [{ paidCount: 0, bucket: 0, cost: 0, before: null }];
  for (const [at, bucketOf] of buckets.entries()) choices = nextChoices(choices, bucketOf, at, codes[at] ?? 0);
  const way: Choice[] = [];
  for (let last = choices.reduce(cheaper); last.before !== null; last = last.before) way.unshift(last);
  return {
    observed,
    dueDays,
    paidCounts: way.map(({ paidCount }) => paidCount),
    buckets: way.map(({ bucket }) => bucket),
    misses: way.flatMap(({ bucket }, at) => (codeAgrees(at, codes[at] ?? 0, bucket) ? [] : [at])),
  };
}

function nextChoices(choices: readonly Choice[], bucketOf: readonly number[], at: number, code: number): Choice[] {
  let before: Choice | null = null;
  return bucketOf.map((bucket, paidCount) => {
    // There is one choice per number of instalments, so a single walk finds the cheapest among those with no more.
    const reached = choices[paidCount];
    if (reached !== undefined) before = before === null ? reached : cheaper(before, reached);
    return { paidCount, bucket, before, cost: (before?.cost ?? 0) + costOf(at, code, bucket) - paidCount };
  });
}

function cheaper(one: Choice, other: Choice): Choice {
  return other.cost < one.cost ? other : one;
}

/** Agreement first, then nearness to the code; what is left is decided by paying as early as possible. */
function costOf(at: number, code: number, bucket: number): number {
  const miss = codeAgrees(at, code, bucket) ? 0 : 1_000_000;
  const distance = bucket - bucketOfCode(code);
  return miss + (distance < 0 ? -distance : distance) * 1_000;
}
