import { netPaidMinor } from './allocation';
import type { Day } from './day';
import type { Payment } from './loan';

/** A promise to pay (承诺还款): an amount by a day, given on a day. */
export interface PromiseToPay {
  readonly givenDay: Day;
  readonly dueDay: Day;
  readonly amountMinor: number;
}

/**
 * What was received towards a promise by a day: net payments with a value day from the day it was given on.
 * A reversal undoes the payment, so a kept promise can become a broken one (peers.md, defect 8).
 */
export function paidTowardsMinor({ givenDay }: PromiseToPay, payments: readonly Payment[], asOf: Day): number {
  const since = payments.filter(({ kind, valueDay }) => kind !== 'payment' || valueDay >= givenDay);
  return netPaidMinor(since, asOf);
}

export function isKept(promise: PromiseToPay, payments: readonly Payment[], asOf: Day): boolean {
  return paidTowardsMinor(promise, payments, asOf) >= promise.amountMinor;
}
