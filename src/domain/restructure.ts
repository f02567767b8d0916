import { type Allocation, sumAmounts, type UnpaidInstalment } from './allocation';
import { addDays, addMonths, type Day, isDay } from './day';
import {
  type Amounts,
  type Component,
  components,
  type Instalment,
  noAmounts,
  type Schedule,
  totalMinor,
} from './loan';
import { splitMinor } from './money';
import { Refusal } from './refusal';

/** Extension (展期): due days move. Instalments (分期): the overdue amount becomes new instalments. */
export type RestructureTerms =
  | { readonly kind: 'extension'; readonly days: number }
  | { readonly kind: 'instalments'; readonly count: number; readonly firstDueDay: Day; readonly everyMonths?: number };

/** How far a restructure may go; the policy's figures. */
export interface RestructureLimits {
  readonly daysMax: number;
  readonly countMax: number;
}

const everyMonthsMax = 12;

/**
 * The schedule that follows from a restructure. The total of every component stays the same to the minor unit.
 *
 * `allocation` is the money received up to `effectiveFrom` set against `schedule`. Setting the same money against the new
 * schedule in the same order gives the same unpaid total, and after `instalments` nothing is overdue on `effectiveFrom`.
 * This cannot hold for another order: a loan restructured by instalment and then judged by component may show old
 * instalments as unpaid again. Nor does it hold once a payment made before is reversed: then the old due day speaks again.
 * @throws Refusal `RestructureInvalid` with the field that is wrong.
 */
export function restructure(
  schedule: Schedule,
  allocation: Allocation,
  terms: RestructureTerms,
  effectiveFrom: Day,
  limits: RestructureLimits,
): Schedule {
  if (!isDay(effectiveFrom)) refuse('is not a day of the calendar (YYYY-MM-DD)', 'effectiveFrom');
  if (effectiveFrom < schedule.effectiveFrom) refuse('lies before the schedule that it changes', 'effectiveFrom');
  const instalments =
    terms.kind === 'extension'
      ? extend(schedule, allocation, terms.days, limits.daysMax)
      : spreadOverInstalments(schedule, allocation, terms, effectiveFrom, limits.countMax);
  return { no: schedule.no + 1, effectiveFrom, instalments };
}

/** Moves every instalment that has something unpaid; the order among them, and so what the money settles, stays. */
function extend(schedule: Schedule, { unpaid }: Allocation, days: number, daysMax: number): Instalment[] {
  requireCount(days, daysMax, 'terms.days');
  if (unpaid.length === 0) refuse('nothing is unpaid');
  const open = new Set(unpaid.map(({ instalment }) => instalment.no));
  return schedule.instalments.map((instalment) =>
    open.has(instalment.no) ? { ...instalment, dueDay: addDays(instalment.dueDay, days) } : instalment,
  );
}

/** Leaves overdue instalments with what was paid on them and puts the rest into new ones, component by component. */
function spreadOverInstalments(
  schedule: Schedule,
  { unpaid }: Allocation,
  terms: Extract<RestructureTerms, { kind: 'instalments' }>,
  effectiveFrom: Day,
  countMax: number,
): Instalment[] {
  const overdue = unpaid.filter(({ instalment }) => instalment.dueDay < effectiveFrom);
  const overdueAmounts = sumAmounts(overdue.map((line) => line.unpaid));
  requireCount(terms.count, countMax, 'terms.count');
  requireCount(terms.everyMonths ?? 1, everyMonthsMax, 'terms.everyMonths');
  if (!isDay(terms.firstDueDay)) refuse('is not a day of the calendar (YYYY-MM-DD)', 'terms.firstDueDay');
  if (terms.firstDueDay <= effectiveFrom) refuse('must lie after the day of the restructure', 'terms.firstDueDay');
  if (overdue.length === 0) refuse('nothing is overdue');
  if (totalMinor(overdueAmounts) < terms.count) refuse('is more than there are minor units overdue', 'terms.count');
  return [...keepPaidPart(schedule.instalments, overdue), ...newInstalments(schedule, overdueAmounts, terms)];
}

function keepPaidPart(instalments: readonly Instalment[], overdue: readonly UnpaidInstalment[]): Instalment[] {
  const unpaidByNo = new Map(overdue.map(({ instalment, unpaid }) => [instalment.no, unpaid]));
  return instalments.map((instalment) => {
    const unpaid = unpaidByNo.get(instalment.no) ?? noAmounts;
    return { ...instalment, due: amountsOf((component) => instalment.due[component] - unpaid[component]) };
  });
}

function newInstalments(
  { instalments }: Schedule,
  overdueAmounts: Amounts,
  { count, firstDueDay, everyMonths = 1 }: Extract<RestructureTerms, { kind: 'instalments' }>,
): Instalment[] {
  const highestNo = instalments.reduce((highest, { no }) => Math.max(highest, no), 0);
  const parts = splitAmounts(overdueAmounts, count);
  return Array.from({ length: count }, (_, index) => ({
    no: highestNo + 1 + index,
    // Counted from the first day, so that a 31st comes back after a February.
    dueDay: addMonths(firstDueDay, index * everyMonths),
    due: amountsOf((component) => parts[component][index] ?? 0),
  }));
}

/** Each component's odd minor units go on where the last one's ended, so that the instalments' totals too differ by at most one. */
function splitAmounts(amounts: Amounts, count: number): Record<Component, readonly number[]> {
  const parts: Record<Component, readonly number[]> = { penalty: [], fee: [], interest: [], principal: [] };
  let start = 0;
  for (const component of components) {
    const split = splitMinor(amounts[component], count);
    parts[component] = [...split.slice(count - start), ...split.slice(0, count - start)];
    start = (start + (amounts[component] % count)) % count;
  }
  return parts;
}

function amountsOf(figure: (component: Component) => number): Amounts {
  return {
    penalty: figure('penalty'),
    fee: figure('fee'),
    interest: figure('interest'),
    principal: figure('principal'),
  };
}

function requireCount(value: number, max: number, field: string): void {
  if (!Number.isSafeInteger(value) || value < 1 || value > max)
    refuse(`must be a whole number from 1 to ${max}`, field);
}

function refuse(reason: string, field?: string): never {
  throw new Refusal('RestructureInvalid', reason, field);
}
