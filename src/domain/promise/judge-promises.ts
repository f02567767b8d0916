import { standingPayments } from '../allocation';
import { addDays, type Day } from '../day';
import type { Payment } from '../loan';
import type { PromisePart, PromiseState, PromiseToPay } from './promise';
import { type PromiseRules, toleranceMinor } from './promise-rules';

export interface JudgedPart extends PromisePart {
  /** Money that came for it in time; never more than the amount. */
  readonly receivedMinor: number;
  readonly state: 'open' | 'kept' | 'broken';
}

export interface JudgedPromise {
  readonly promiseId: string;
  readonly state: PromiseState;
  readonly receivedMinor: number;
  readonly parts: readonly JudgedPart[];
  /** The last day on which money is in time for what is not paid yet; null unless it is open. */
  readonly openUntilDay: Day | null;
  /** The first day after the grace of the part that was not paid; null unless it is broken. */
  readonly brokenDay: Day | null;
}

/**
 * Says how each promise stands on a day, from payments alone. The oldest promise takes money first, within it the first
 * part; no money counts twice. A payment is in time from the look-back before the promise was given until the grace after
 * the part's day. One that was undone counts as never made, so a kept promise may turn out broken, or open again (peers.md,
 * defect 8). Money that comes after a promise was broken is left to the next one, and a cancelled promise takes none.
 * The order in which promises and payments are listed makes no difference.
 */
export function judgePromises(
  promises: readonly PromiseToPay[],
  payments: readonly Payment[],
  rules: PromiseRules,
  asOf: Day,
): readonly JudgedPromise[] {
  const money = standingPayments(payments, asOf)
    .map(({ id, valueDay, amountMinor }) => ({ id, valueDay, leftMinor: amountMinor }))
    .sort((a, b) => order(a.valueDay, b.valueDay) || order(a.id, b.id));
  return [...promises].sort(byAge).map((promise) => {
    if (promise.cancelledDay !== null && promise.cancelledDay <= asOf) return cancelled(promise);
    return judge(promise, money, rules, asOf);
  });
}

interface Money {
  readonly valueDay: Day;
  leftMinor: number;
}

function judge(
  { promiseId, givenDay, parts }: PromiseToPay,
  money: readonly Money[],
  rules: PromiseRules,
  asOf: Day,
): JudgedPromise {
  const fromDay = addDays(givenDay, -rules.lookBackDays);
  const judged: JudgedPart[] = [];
  let brokenDay: Day | null = null;
  let openUntilDay: Day | null = null;
  for (const part of parts) {
    const lastDay = addDays(part.dueDay, rules.graceDays);
    const receivedMinor = brokenDay === null ? take(money, part.amountMinor, fromDay, lastDay) : 0;
    const isPaid = receivedMinor >= part.amountMinor - toleranceMinor(rules, part.amountMinor);
    const state = isPaid ? 'kept' : lastDay < asOf ? 'broken' : 'open';
    judged.push({ ...part, receivedMinor, state });
    if (state === 'broken') brokenDay ??= addDays(lastDay, 1);
    if (state === 'open') openUntilDay ??= lastDay;
  }
  const state = brokenDay !== null ? 'broken' : openUntilDay !== null ? 'open' : 'kept';
  return {
    ...{ promiseId, state, receivedMinor: sumReceived(judged), parts: judged, brokenDay },
    openUntilDay: state === 'open' ? openUntilDay : null,
  };
}

/** Takes up to the amount from money of these days, the earliest first; answers how much there was. */
function take(money: readonly Money[], amountMinor: number, fromDay: Day, lastDay: Day): number {
  let missingMinor = amountMinor;
  for (const payment of money) {
    if (payment.valueDay < fromDay || payment.valueDay > lastDay) continue;
    const takenMinor = Math.min(missingMinor, payment.leftMinor);
    payment.leftMinor -= takenMinor;
    missingMinor -= takenMinor;
  }
  return amountMinor - missingMinor;
}

function cancelled({ promiseId, parts }: PromiseToPay): JudgedPromise {
  const untaken = parts.map((part): JudgedPart => ({ ...part, receivedMinor: 0, state: 'open' }));
  return { promiseId, state: 'cancelled', receivedMinor: 0, parts: untaken, openUntilDay: null, brokenDay: null };
}

function sumReceived(parts: readonly JudgedPart[]): number {
  return parts.reduce((sum, { receivedMinor }) => sum + receivedMinor, 0);
}

function byAge(a: PromiseToPay, b: PromiseToPay): number {
  return order(a.givenDay, b.givenDay) || a.givenAtMs - b.givenAtMs || order(a.promiseId, b.promiseId);
}

function order(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
