import type { AccountRules } from '../account/account';
import type { Day } from '../day';
import type { ArrangementPolicy } from './arrangement-policy';
import type { ArrangementTerms } from './terms';

/** An arrangement as it is on record: what was agreed on, and what people decided about it. Nothing that money decides. */
export interface AgreedArrangement {
  readonly arrangementId: string;
  readonly terms: ArrangementTerms;
  readonly proposedOn: Day;
  /** Null until it is in force. */
  readonly effectiveFrom: Day | null;
  readonly rejectedOn: Day | null;
  readonly cancelledOn: Day | null;
  /** The schedule that it made; null for a settlement, and before it is in force. */
  readonly scheduleNo: number | null;
}

export const arrangementStates = [
  'proposed',
  'rejected',
  'active',
  'breached',
  'broken',
  'completed',
  'replaced',
  'cancelled',
  'expired',
] as const;
export type ArrangementState = (typeof arrangementStates)[number];

export interface StateSince {
  readonly state: ArrangementState;
  readonly since: Day;
}

/** How an arrangement stands on a day, found from payments alone: a reversal undoes what a payment did. */
export interface JudgedArrangement {
  readonly arrangementId: string;
  readonly state: ArrangementState;
  /** Every state up to the day, the first one first. */
  readonly history: readonly StateSince[];
  /** While it is active: the day up to which it is kept whatever happens. While it is breached: the last day to cure it. */
  readonly lastDay: Day | null;
}

export interface ArrangementRules extends AccountRules {
  readonly kept: ArrangementPolicy['kept'];
  readonly observationMonths: number;
}

export type Found = Omit<JudgedArrangement, 'arrangementId'>;

export function stateOf(history: readonly StateSince[]): Pick<Found, 'state' | 'history'> {
  const last = history.at(-1);
  if (last === undefined) throw new RangeError('an arrangement has a state');
  return { state: last.state, history };
}
