import { addDays, addMonths, type Day } from '../day';
import type { LoanFacts, Settlement } from '../loan';
import { judgeSchedule } from './kept-schedule';
import { settledOn } from './settlement';
import {
  type AgreedArrangement,
  type ArrangementRules,
  type ArrangementState,
  type Found,
  type JudgedArrangement,
  type StateSince,
  stateOf,
} from './state';

/**
 * How each arrangement of a loan stands at the end of a day. A later one replaces those before it; a settlement that expired
 * replaced nothing.
 */
export function judgeArrangements<T extends AgreedArrangement>(
  loan: LoanFacts,
  agreed: readonly T[],
  asOf: Day,
  rules: ArrangementRules,
): readonly (T & JudgedArrangement)[] {
  const judged = agreed.map((one) => ({ one, alone: judgeAlone(loan, one, asOf, rules) }));
  return judged.map(({ one, alone }, index) => {
    const later = judged.slice(index + 1).find((other) => replaces(other.alone.state, other.one));
    const replacedOn = later?.one.effectiveFrom ?? null;
    return { ...one, ...(replacedOn === null ? alone : endedBy(alone, 'replaced', replacedOn)) };
  });
}

/** The arrangement that the loan is under; null where none is kept or could still be made good. */
export function currentArrangement<T extends JudgedArrangement>(judged: readonly T[]): T | null {
  return judged.findLast(({ state }) => state === 'active' || state === 'breached') ?? null;
}

function replaces(state: ArrangementState, { effectiveFrom }: AgreedArrangement): boolean {
  return effectiveFrom !== null && state !== 'expired' && state !== 'cancelled';
}

function judgeAlone(loan: LoanFacts, agreed: AgreedArrangement, asOf: Day, rules: ArrangementRules): JudgedArrangement {
  const { arrangementId, terms, effectiveFrom, cancelledOn } = agreed;
  if (effectiveFrom === null) return judgeProposal(agreed, asOf);
  const found =
    terms.kind === 'settlement'
      ? judgeSettlement(loan, { from: effectiveFrom, until: terms.until, amountMinor: terms.amountMinor }, asOf)
      : judgeSchedule(loan, agreed, effectiveFrom, asOf, rules);
  const judged = { arrangementId, ...found };
  return cancelledOn === null || cancelledOn > asOf ? judged : endedBy(judged, 'cancelled', cancelledOn);
}

function judgeProposal({ arrangementId, terms, proposedOn, rejectedOn, cancelledOn }: AgreedArrangement, asOf: Day) {
  const history: StateSince[] = [{ state: 'proposed', since: proposedOn }];
  const overAfter = terms.kind === 'settlement' ? terms.until : null;
  if (rejectedOn !== null) history.push({ state: 'rejected', since: rejectedOn });
  else if (cancelledOn !== null) history.push({ state: 'cancelled', since: cancelledOn });
  else if (overAfter !== null && overAfter < asOf) history.push({ state: 'expired', since: addDays(overAfter, 1) });
  return { arrangementId, ...stateOf(history), lastDay: null };
}

function judgeSettlement({ payments }: LoanFacts, settlement: Settlement, asOf: Day): Found {
  const history: StateSince[] = [{ state: 'active', since: settlement.from }];
  const paidOn = settledOn(settlement, payments, asOf);
  if (paidOn !== null) history.push({ state: 'completed', since: paidOn });
  else if (settlement.until < asOf) history.push({ state: 'expired', since: addDays(settlement.until, 1) });
  return { ...stateOf(history), lastDay: history.length === 1 ? settlement.until : null };
}

function endedBy(judged: JudgedArrangement, state: 'replaced' | 'cancelled', since: Day): JudgedArrangement {
  const before = judged.history.filter((earlier) => earlier.since <= since);
  const last = before.at(-1)?.state;
  if (last === 'completed' || last === 'expired' || last === 'cancelled' || last === 'rejected') {
    return { ...judged, ...stateOf(before), lastDay: null };
  }
  return { ...judged, ...stateOf([...before, { state, since }]), lastDay: null };
}

/** The day from which a loan may be classed better, after the latest change of its terms; null where there was none. */
export function observationUntil(
  agreed: readonly Pick<AgreedArrangement, 'terms' | 'effectiveFrom' | 'cancelledOn'>[],
  observationMonths: number,
): Day | null {
  const days = agreed
    .filter(({ terms, cancelledOn }) => terms.kind !== 'settlement' && cancelledOn === null)
    .flatMap(({ effectiveFrom }) => (effectiveFrom === null ? [] : [addMonths(effectiveFrom, observationMonths)]));
  return days.sort().at(-1) ?? null;
}
