import { allocate, netPaidMinor } from '../allocation';
import { addDays, addMonths, type Day } from '../day';
import type { DelinquencyRules } from '../delinquency';
import { type LoanFacts, type Schedule, type Settlement, totalMinor } from '../loan';
import type { ArrangementPolicy } from './arrangement-policy';
import { settledOn } from './settlement';
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

export interface ArrangementRules extends Pick<DelinquencyRules, 'order' | 'toleranceMinor'> {
  readonly kept: ArrangementPolicy['kept'];
  readonly observationMonths: number;
}

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

/** The arrangement that the loan is under on the day, or was last. */
export function currentArrangement<T extends JudgedArrangement>(judged: readonly T[]): T | null {
  return judged.findLast(({ state }) => state === 'active' || state === 'breached') ?? null;
}

function replaces(state: ArrangementState, { effectiveFrom }: AgreedArrangement): boolean {
  return effectiveFrom !== null && state !== 'expired' && state !== 'cancelled';
}

function judgeAlone(loan: LoanFacts, agreed: AgreedArrangement, asOf: Day, rules: ArrangementRules): JudgedArrangement {
  const { arrangementId, terms, effectiveFrom, cancelledOn } = agreed;
  if (effectiveFrom === null) return judgeProposal(agreed, asOf);
  const schedule = loan.schedules.find(({ no }) => no === agreed.scheduleNo);
  const found =
    terms.kind === 'settlement'
      ? judgeSettlement(loan, { from: effectiveFrom, until: terms.until, amountMinor: terms.amountMinor }, asOf)
      : judgeSchedule(loan, watch(schedule, terms, effectiveFrom, rules), effectiveFrom, asOf, rules);
  const judged = { arrangementId, ...found };
  return cancelledOn === null || cancelledOn > asOf ? judged : endedBy(judged, 'cancelled', cancelledOn);
}

type Found = Omit<JudgedArrangement, 'arrangementId'>;

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

/** A day on which something has to be paid, and all that falls due up to it. */
interface Check {
  readonly day: Day;
  /** The value day on which nothing of it was unpaid any more; null while something is. */
  readonly paidOn: Day | null;
}

/** The instalments that decide whether the arrangement is kept. */
interface Watched {
  readonly schedule: Schedule;
  /** What falls due later is not a matter of the arrangement any more. */
  readonly lastDay: Day;
}

/** A plan is over with its last instalment; whatever changes the rest of the loan, with the observation of it. */
function watch(
  schedule: Schedule | undefined,
  { kind }: ArrangementTerms,
  effectiveFrom: Day,
  { observationMonths }: ArrangementRules,
): Watched {
  if (schedule === undefined) throw new RangeError('an arrangement in force has the schedule that it made');
  const days = schedule.instalments
    .filter(({ due }) => totalMinor(due) > 0)
    .map(({ dueDay }) => dueDay)
    .sort();
  const first = days.find((day) => day >= effectiveFrom) ?? effectiveFrom;
  const last = days.at(-1) ?? effectiveFrom;
  if (kind === 'instalments') {
    const made = schedule.instalments.reduce((a, b) => (b.no > a.no ? b : a));
    return { schedule, lastDay: made.dueDay };
  }
  const observed = addMonths(effectiveFrom, observationMonths);
  return { schedule, lastDay: observed < first ? first : observed < last ? observed : last };
}

function judgeSchedule(
  loan: LoanFacts,
  watched: Watched,
  effectiveFrom: Day,
  asOf: Day,
  { kept: { toleranceDays, cureDays }, ...rules }: ArrangementRules,
): Found {
  const checks = checksOf(loan, watched, effectiveFrom, asOf, rules);
  const history: StateSince[] = [{ state: 'active', since: effectiveFrom }];
  for (const { day, paidOn } of checks) {
    const lastDay = addDays(day, toleranceDays);
    if (lastDay >= asOf || (paidOn !== null && paidOn <= lastDay)) continue;
    // What was missed before and is not cured yet is the same breach.
    if (history.at(-1)?.state === 'active') history.push({ state: 'breached', since: addDays(lastDay, 1) });
    const lastCureDay = addDays(lastDay, cureDays);
    if (paidOn === null || paidOn > lastCureDay) {
      if (lastCureDay >= asOf) return { ...stateOf(history), lastDay: lastCureDay };
      history.push({ state: 'broken', since: addDays(lastCureDay, 1) });
      return { ...stateOf(history), lastDay: null };
    }
    // A cure counts once nothing that was missed by then is left: the next check looks after its own.
    const others = checks.filter((other) => other.day > day && addDays(other.day, toleranceDays) < paidOn);
    if (others.every((other) => other.paidOn !== null && other.paidOn <= paidOn)) {
      history.push({ state: 'active', since: paidOn });
    }
  }
  const last = checks.at(-1);
  if (last !== undefined && last.paidOn !== null && checks.every(({ paidOn }) => paidOn !== null)) {
    history.push({ state: 'completed', since: last.paidOn });
    return { ...stateOf(history), lastDay: null };
  }
  const next = checks.find(({ paidOn }) => paidOn === null);
  return { ...stateOf(history), lastDay: next === undefined ? null : addDays(next.day, toleranceDays) };
}

function checksOf(
  { payments }: LoanFacts,
  { schedule: { instalments }, lastDay }: Watched,
  effectiveFrom: Day,
  asOf: Day,
  { order, toleranceMinor }: Pick<DelinquencyRules, 'order' | 'toleranceMinor'>,
): readonly Check[] {
  const asked = instalments.filter(({ due, dueDay }) => totalMinor(due) > 0 && dueDay <= lastDay);
  const days = [...new Set(asked.map(({ dueDay }) => (dueDay < effectiveFrom ? effectiveFrom : dueDay)))].sort();
  const since = payments.map(({ valueDay }) => valueDay).filter((day) => day > effectiveFrom && day <= asOf);
  const payDays = [...new Set([effectiveFrom, ...since])].sort();
  const unpaidOn = payDays.map((payDay) => ({
    payDay,
    unpaid: allocate(instalments, netPaidMinor(payments, payDay), order).unpaid,
  }));
  return days.map((day) => {
    const paidUp = unpaidOn.find(({ unpaid }) => {
      const open = unpaid.filter(({ instalment }) => instalment.dueDay <= day);
      return open.reduce((sum, line) => sum + totalMinor(line.unpaid), 0) <= toleranceMinor;
    });
    return { day, paidOn: paidUp?.payDay ?? null };
  });
}

function endedBy(judged: JudgedArrangement, state: 'replaced' | 'cancelled', since: Day): JudgedArrangement {
  const before = judged.history.filter((earlier) => earlier.since <= since);
  const last = before.at(-1)?.state;
  if (last === 'completed' || last === 'expired' || last === 'cancelled' || last === 'rejected') {
    return { ...judged, ...stateOf(before), lastDay: null };
  }
  return { ...judged, ...stateOf([...before, { state, since }]), lastDay: null };
}

function stateOf(history: readonly StateSince[]): Pick<Found, 'state' | 'history'> {
  const last = history.at(-1);
  if (last === undefined) throw new RangeError('an arrangement has a state');
  return { state: last.state, history };
}

/** The day from which a loan may be classed better, after the latest change of its terms; null where there was none. */
export function observationUntil(agreed: readonly AgreedArrangement[], observationMonths: number): Day | null {
  const days = agreed
    .filter(({ terms, cancelledOn }) => terms.kind !== 'settlement' && cancelledOn === null)
    .flatMap(({ effectiveFrom }) => (effectiveFrom === null ? [] : [addMonths(effectiveFrom, observationMonths)]));
  return days.sort().at(-1) ?? null;
}
