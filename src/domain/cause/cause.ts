import { connectionOf } from '../contact/past-contact';
import type { Day } from '../day';
import { Refusal } from '../refusal';

/** Why the borrower is behind (逾期原因), a closed list. Fed back to those who grant credit. */
export const causes = [
  'job-loss',
  'income-reduction',
  'temporary-cash-shortage',
  'business-failure',
  'over-indebtedness',
  'illness',
  'bereavement',
  'divorce',
  'disaster',
  'dispute',
  'fraud',
  'payment-failure',
  'forgot',
  'unwilling',
  'moved',
  'other',
] as const;
export type Cause = (typeof causes)[number];

/** What a collector may answer to the question: `unknown` says that it was asked and not told. */
export const causeAnswers = [...causes, 'unknown'] as const;
export type CauseAnswer = (typeof causeAnswers)[number];

/** From whom the bank has it: a task's talk, a contact made elsewhere, a request for relief, a message, or another system. */
export const causeSources = ['task', 'contact', 'plan', 'sms', 'api'] as const;
export type CauseSource = (typeof causeSources)[number];

/** A talk with the borrower about a task that asks for the cause does not end without an answer. */
export function mustNameCause(asks: readonly string[], outcome: string): boolean {
  return asks.includes('cause') && connectionOf(outcome) === 'conversation';
}

/** Why a cause cannot run from this day, or end on that one, as seen on `today`; null when it can. */
export function causeProblem(fromDay: Day, endedDay: Day | null, today: Day): Refusal | null {
  if (fromDay > today) return new Refusal('InputInvalid', `must not lie after today, ${today}`, 'fromDay');
  if (endedDay === null) return null;
  if (endedDay > today) return new Refusal('InputInvalid', `must not lie after today, ${today}`, 'endedDay');
  if (endedDay < fromDay) return new Refusal('InputInvalid', `must not lie before ${fromDay}`, 'endedDay');
  return null;
}
