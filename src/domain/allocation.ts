import type { Day } from './day';
import { type Amounts, type Component, components, type Instalment, noAmounts, type Payment, totalMinor } from './loan';

/**
 * In which order money settles what is due (冲账顺序).
 *
 * `instalment`: the oldest instalment first, within it component by component. `component`: the first component of every
 * instalment, oldest first, then the next component. Its `scope` says over what: the `whole-schedule`, which is also what
 * no scope means, so that interest that is not due yet comes before principal that is overdue, and a borrower who pays just
 * the overdue amount stays overdue; or `due-first`, what fell due up to the money's value day before all that is to come.
 * `components` names each component once.
 */
export interface AllocationOrder {
  readonly by: 'instalment' | 'component';
  readonly components: readonly Component[];
  readonly scope?: 'whole-schedule' | 'due-first';
}

export interface UnpaidInstalment {
  readonly instalment: Instalment;
  readonly unpaid: Amounts;
}

/** What is left to pay after money was set against a schedule. */
export interface Allocation {
  /** Instalments with something unpaid, earliest due day first, ties by number. */
  readonly unpaid: readonly UnpaidInstalment[];
  /** Money beyond everything the schedule asks for. */
  readonly creditMinor: number;
}

/**
 * Sets money against instalments. Depends on the total alone: when and in which pieces it came makes no difference. An order
 * whose scope is `due-first` looks at `valueDay`, and at the whole schedule without one.
 * @throws RangeError when the money is negative or not a safe integer, or the order does not name each component once.
 */
export function allocate(
  instalments: readonly Instalment[],
  paidMinor: number,
  order: AllocationOrder,
  valueDay: Day | null = null,
): Allocation {
  const lines = [...instalments].sort(byDueDay).map((instalment) => ({ instalment, unpaid: { ...instalment.due } }));
  const creditMinor = pour(lines, paidMinor, order, valueDay, ({ unpaid }, component, mostMinor) => {
    const usedMinor = Math.min(mostMinor, unpaid[component]);
    unpaid[component] -= usedMinor;
    return usedMinor;
  });
  return { unpaid: lines.filter(({ unpaid }) => totalMinor(unpaid) > 0), creditMinor };
}

type Taker<Line> = (line: Line, component: Component, mostMinor: number) => number;

/**
 * Pours the money of one value day over lines that stand in the order of their due days; `take` settles one component of
 * one line and answers how much it used. Answers what is left.
 * @throws RangeError as `allocate`.
 */
export function pour<Line extends { readonly instalment: Instalment }>(
  lines: readonly Line[],
  amountMinor: number,
  order: AllocationOrder,
  day: Day | null,
  take: Taker<Line>,
): number {
  requireAllocable(amountMinor, order);
  if (order.scope !== 'due-first' || day === null) return pourOver(lines, amountMinor, order, take);
  const due = lines.filter(({ instalment }) => instalment.dueDay <= day);
  return pourOver(lines.slice(due.length), pourOver(due, amountMinor, order, take), order, take);
}

function pourOver<Line>(
  lines: readonly Line[],
  amountMinor: number,
  order: AllocationOrder,
  take: Taker<Line>,
): number {
  let leftMinor = amountMinor;
  if (order.by === 'instalment') {
    for (const line of lines) for (const component of order.components) leftMinor -= take(line, component, leftMinor);
  } else {
    for (const component of order.components) for (const line of lines) leftMinor -= take(line, component, leftMinor);
  }
  return leftMinor;
}

/**
 * Money received with a value day up to `asOf`, in minor units. A payment that a reversal, bounce,
 * chargeback or correction names counts as never made, on every day: the day of what undoes it does not matter.
 */
export function netPaidMinor(payments: readonly Payment[], asOf: Day): number {
  return standingPayments(payments, asOf).reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

/** Payments with a value day up to `asOf` that nothing has undone. */
export function standingPayments(payments: readonly Payment[], asOf: Day): readonly Payment[] {
  const undone = new Set<string | null>();
  for (const { kind, reverses } of payments) if (kind !== 'payment') undone.add(reverses);
  return payments.filter(({ kind, id, valueDay }) => kind === 'payment' && valueDay <= asOf && !undone.has(id));
}

export function sumAmounts(list: Iterable<Amounts>): Amounts {
  const sum = { ...noAmounts };
  for (const amounts of list) for (const component of components) sum[component] += amounts[component];
  return sum;
}

function byDueDay(a: Instalment, b: Instalment): number {
  if (a.dueDay === b.dueDay) return a.no - b.no;
  return a.dueDay < b.dueDay ? -1 : 1;
}

function requireAllocable(paidMinor: number, order: AllocationOrder): void {
  if (!Number.isSafeInteger(paidMinor) || paidMinor < 0) {
    throw new RangeError(`money paid must be a whole number of minor units from 0 up, not ${paidMinor}`);
  }
  // A component that the order forgot could never be paid, and its loan never leave arrears.
  if (order.components.length !== components.length || new Set(order.components).size !== components.length) {
    throw new RangeError(`order must name each of ${components.join(', ')} once`);
  }
}
