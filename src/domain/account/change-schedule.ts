import { type AllocationOrder, pour } from '../allocation';
import type { Day } from '../day';
import { type Amounts, type Component, components, type Schedule } from '../loan';
import { isContractPaid, type Line, linesOf, settleContract, waiveContract } from './line';

/** In the order in which they fall due. */
export type Lines = readonly Line[];

/** What was put into the contract's own amounts so far: money of a day under an order, or what was waived. */
export type Entry =
  | { readonly kind: 'money'; readonly day: Day; readonly order: AllocationOrder; readonly amountMinor: number }
  | { readonly kind: 'waived'; readonly amounts: Amounts };

interface Before {
  readonly lines: Lines;
  readonly creditMinor: number;
  readonly entries: readonly Entry[];
}

interface After {
  readonly lines: Line[];
  readonly creditMinor: number;
}

/**
 * The account under a new schedule where the sum alone decides what it settles: all that was paid and waived of the contract
 * is put into the new schedule, as if it had been so from the start.
 */
export function pouredAnew(schedule: Schedule, before: Before, day: Day): After {
  const lines = linesOf(schedule);
  let creditMinor = 0;
  for (const entry of before.entries) {
    if (entry.kind === 'money') {
      creditMinor += pour(lines, entry.amountMinor, entry.order, entry.day, settleContract);
    } else {
      for (const component of components) waiveOver(lines, component, entry.amounts[component]);
    }
  }
  takeChargesOver(lines, before.lines, day);
  return { lines, creditMinor };
}

/**
 * The account under a new schedule where the days decide: what was paid and waived on an instalment stays on it, as far as it
 * still asks for it. A new schedule leaves its instalments their numbers, and asks of each at least what was paid on it; so
 * only money that came to light since is left over, and is set against what is open. One that comes back when an arrangement
 * is cancelled may ask for less, and has none of the arrangement's own instalments: what was paid on these is left over too.
 */
export function takenOver(
  schedule: Schedule,
  { lines: earlier, creditMinor }: Before,
  day: Day,
  orderOf: (lines: Lines) => AllocationOrder,
): After {
  const lines = linesOf(schedule);
  const byNo = new Map(lines.map((line) => [line.instalment.no, line]));
  let leftMinor = creditMinor;
  const unwaived: [Component, number][] = [];
  for (const { instalment, contract, waived } of earlier) {
    const line = byNo.get(instalment.no);
    for (const component of components) {
      const paidMinor = instalment.due[component] - contract[component] - waived[component];
      leftMinor += paidMinor - (line === undefined ? 0 : settleContract(line, component, paidMinor));
      const keptMinor = line === undefined ? 0 : waiveContract(line, component, waived[component]);
      unwaived.push([component, waived[component] - keptMinor]);
    }
  }
  for (const [component, minor] of unwaived) waiveOver(lines, component, minor);
  takeChargesOver(lines, earlier, day);
  return { lines, creditMinor: pour(lines, leftMinor, orderOf(lines), day, settleContract) };
}

function waiveOver(lines: Lines, component: Component, minor: number): void {
  let leftMinor = minor;
  for (const line of lines) leftMinor -= waiveContract(line, component, leftMinor);
}

/**
 * What was charged stays charged. It stays with an instalment that goes on to be unpaid under its due day, and with it what it
 * was charged for so far; of any other it falls due with the first instalment that is still to come.
 */
function takeChargesOver(lines: Lines, earlier: Lines, day: Day): void {
  const next = lines.find(({ instalment }) => instalment.dueDay >= day) ?? lines.at(-1);
  for (const old of earlier) {
    const { no, dueDay } = old.instalment;
    const same = lines.find(({ instalment }) => instalment.no === no && instalment.dueDay === dueDay);
    const stays = same !== undefined && !isContractPaid(same);
    if (stays) {
      same.daysCharged = old.daysCharged;
      same.interestParts = old.interestParts;
      same.arisenMinor = old.arisenMinor;
    }
    (stays ? same : next)?.charges.push(...old.charges);
  }
}
