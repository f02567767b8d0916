import type { AllocationOrder } from './allocation';
import type { Day } from './day';
import type { LoanFacts } from './loan';

/**
 * Orders of payment by the state of the loan. The order itself is that of a normal loan; a state without one of its own has
 * that of a normal loan too.
 */
export interface AllocationRules extends AllocationOrder {
  /** From so many raw days past due on (不良). */
  readonly nonPerforming?: AllocationOrder & { readonly fromDpd: number };
  /** While a settlement runs. */
  readonly settlement?: AllocationOrder;
  /** From the day of a write-off on (核销后). */
  readonly writtenOff?: AllocationOrder;
}

/** What of a loan's facts says which states it may be in, besides days past due. */
type StateFacts = Pick<LoanFacts, 'settlements' | 'writtenOffOn'>;

/** Every order in which money of this loan may have to be set against it. */
function ordersFor({ settlements = [], writtenOffOn = null }: StateFacts, rules: AllocationRules): AllocationOrder[] {
  return [
    rules,
    ...(rules.nonPerforming === undefined ? [] : [rules.nonPerforming]),
    ...(rules.settlement === undefined || settlements.length === 0 ? [] : [rules.settlement]),
    ...(rules.writtenOff === undefined || writtenOffOn === null ? [] : [rules.writtenOff]),
  ];
}

/** Whether it makes no difference when the loan's money came: one order for all its states, which looks at no day. */
export function isTimeless(loan: StateFacts, rules: AllocationRules): boolean {
  return rules.scope !== 'due-first' && ordersFor(loan, rules).length === 1;
}

/** Whether every order of the loan pays the oldest instalment as a whole first; they may differ within an instalment. */
export function isOldestFirst(loan: StateFacts, rules: AllocationRules): boolean {
  return ordersFor(loan, rules).every(({ by }) => by === 'instalment');
}

/**
 * The order for money of one value day. What counts is the state in which that money found the loan: `rawDpd` at the end
 * of the day without the day's money. What was agreed with the borrower goes before what the bank did by itself, a
 * settlement before a write-off, and both before days past due.
 */
export function orderOn(
  rules: AllocationRules,
  day: Day,
  { settlements = [], writtenOffOn = null }: StateFacts,
  rawDpd: () => number,
): AllocationOrder {
  const settles = settlements.some(({ from, until }) => from <= day && day <= until);
  if (rules.settlement !== undefined && settles) return rules.settlement;
  if (rules.writtenOff !== undefined && writtenOffOn !== null && writtenOffOn <= day) return rules.writtenOff;
  if (rules.nonPerforming !== undefined && rawDpd() >= rules.nonPerforming.fromDpd) return rules.nonPerforming;
  return rules;
}
