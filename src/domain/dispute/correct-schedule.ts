import { allocate, type Allocation, type AllocationOrder } from '../allocation';
import type { Day } from '../day';
import { type Amounts, components, type Instalment, noAmounts, type Schedule } from '../loan';

/**
 * The schedule that asks for `creditMinor` less from a day on: an upheld dispute says that it was never owed. It is taken
 * off what is unpaid in the order in which money would have paid it, so what is left is as if it had been paid, yet no
 * money is booked. At most what is unpaid can be taken off; minor units.
 * @throws RangeError when more is to be taken off than is unpaid.
 */
export function correctSchedule(
  { instalments }: Schedule,
  scheduleNo: number,
  paidMinor: number,
  creditMinor: number,
  order: AllocationOrder,
  effectiveFrom: Day,
): Schedule {
  const before = unpaidByNo(allocate(instalments, paidMinor, order));
  const left = allocate(instalments, paidMinor + creditMinor, order);
  if (left.creditMinor > 0 && creditMinor > 0) throw new RangeError('more is taken off than is unpaid');
  const after = unpaidByNo(left);
  return { no: scheduleNo, effectiveFrom, instalments: instalments.map((line) => lower(line, before, after)) };
}

type Unpaid = ReadonlyMap<number, Amounts>;

function unpaidByNo({ unpaid }: Allocation): Unpaid {
  return new Map(unpaid.map((line) => [line.instalment.no, line.unpaid]));
}

function lower(line: Instalment, before: Unpaid, after: Unpaid): Instalment {
  const [was, is] = [before.get(line.no) ?? noAmounts, after.get(line.no) ?? noAmounts];
  const due = { ...line.due };
  for (const component of components) due[component] -= was[component] - is[component];
  return { ...line, due };
}
