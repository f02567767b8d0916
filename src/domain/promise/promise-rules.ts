import type { TaskKind } from '../case';
import type { Policy } from '../policy';
import type { Duration } from '../policy-duration';

/** What a policy says of promises in its section of that name. */
export interface PromiseTerms {
  /** What may be missing from each part: the greater of the two. */
  readonly tolerance: { readonly minor: number; readonly perMille: number };
  /** Money counts that came so many days before the promise was given. */
  readonly lookBackDays: number;
  readonly partsMax: number;
  /** Running promises of one loan at a time. */
  readonly openMax: number | null;
  /** No new promise while so many were broken within so many days. */
  readonly noneAfter: { readonly broken: number; readonly withinDays: number } | null;
  /** What somebody does about a broken promise. */
  readonly whenBroken: { readonly task: TaskKind; readonly within: Duration } | null;
  /** A message before the day of each part; missing where nothing is sent while a promise runs. */
  readonly remind?: {
    readonly daysBefore: number;
    /** Time of day in the bank's zone, `HH:mm`. */
    readonly at: string;
    readonly channel: 'sms' | 'email';
    readonly template: string;
  };
}

/** The same with what the outcome `promised` says: days are counted from the promised one. */
export interface PromiseRules extends PromiseTerms {
  /** Whether the case rests while a promise runs. */
  readonly rests: boolean;
  /** Days after the promised one on which money is still in time. */
  readonly graceDays: number;
  /** How far ahead the last day of a promise may lie; null where the policy does not say. */
  readonly withinDaysMax: number | null;
}

/** Where a policy says nothing: one part, to the last minor unit, in any number, and nothing follows. */
export const defaultPromiseTerms: PromiseTerms = {
  tolerance: { minor: 0, perMille: 0 },
  lookBackDays: 0,
  partsMax: 1,
  openMax: null,
  noneAfter: null,
  whenBroken: null,
};

/** What holds for promises under a policy, also under one that was published before it could say so. */
export function promiseRulesOf({ promises, outcomes }: Pick<Policy, 'promises' | 'outcomes'>): PromiseRules {
  const hold = outcomes.promised?.hold;
  const terms = promises ?? defaultPromiseTerms;
  if (hold?.until !== 'promised-day') return { ...terms, rests: false, graceDays: 0, withinDaysMax: null };
  return { ...terms, rests: true, graceDays: hold.graceDays, withinDaysMax: hold.promisedWithinDaysMax };
}

/** What may be missing from a part of this amount, in minor units; rounded down, and never all of it. */
export function toleranceMinor({ tolerance }: PromiseTerms, amountMinor: number): number {
  const share = Math.floor((amountMinor * tolerance.perMille) / 1000);
  return Math.min(Math.max(tolerance.minor, share), amountMinor - 1);
}
