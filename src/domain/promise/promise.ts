import type { Day } from '../day';

/** An amount by a day: all of a promise, or one instalment of it. */
export interface PromisePart {
  readonly dueDay: Day;
  readonly amountMinor: number;
}

/** A promise to pay (承诺还款), as it was given. Its state is never a part of it: payments decide. */
export interface PromiseToPay {
  readonly promiseId: string;
  readonly givenDay: Day;
  readonly givenAtMs: number;
  /** By due day, each after the one before. */
  readonly parts: readonly PromisePart[];
  /** Taken back on this day; null while it stands. */
  readonly cancelledDay: Day | null;
}

export const promiseSources = ['task', 'sms', 'api'] as const;
/** How the bank heard of it: as the outcome of a task, by keyword, or from another system. */
export type PromiseSource = (typeof promiseSources)[number];

export const promiseStates = ['open', 'kept', 'broken', 'cancelled'] as const;
export type PromiseState = (typeof promiseStates)[number];

export function promisedMinor({ parts }: Pick<PromiseToPay, 'parts'>): number {
  return parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}
