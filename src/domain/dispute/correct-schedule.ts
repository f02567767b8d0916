import type { Account } from '../account/account';
import { type AllocationOrder, pour } from '../allocation';
import { subtractAmounts } from '../arrangement/amounts';
import type { Day } from '../day';
import { type Component, noAmounts, type Schedule, totalMinor } from '../loan';

/**
 * The schedule that asks for `creditMinor` less from a day on: an upheld dispute says that it was never owed. It is taken
 * off what is unpaid in the order in which money would have paid it, of the contract and of late fees and penalty interest,
 * so what is left is as if it had been paid, yet no money is booked. At most what is unpaid can be taken off; minor units.
 * @throws RangeError when more is to be taken off than is unpaid.
 */
export function correctSchedule(
  { instalments }: Schedule,
  scheduleNo: number,
  { unpaid, contract }: Pick<Account, 'unpaid' | 'contract'>,
  creditMinor: number,
  order: AllocationOrder,
  effectiveFrom: Day,
): Schedule {
  const contractByNo = new Map(contract.map((line) => [line.instalment.no, line.unpaid]));
  const lines = unpaid.map(({ instalment, unpaid: open }) => {
    const off: Record<Component, number> = { ...noAmounts };
    return { instalment, open, ofContract: contractByNo.get(instalment.no) ?? noAmounts, off };
  });
  const chargesOff: Record<Component, number> = { ...noAmounts };
  const leftMinor = pour(lines, creditMinor, order, effectiveFrom, (line, component, mostMinor) => {
    const offMinor = Math.min(mostMinor, line.open[component]);
    line.off[component] = Math.min(offMinor, line.ofContract[component]);
    chargesOff[component] += offMinor - line.off[component];
    return offMinor;
  });
  if (leftMinor > 0) throw new RangeError('more is taken off than is unpaid');
  const offByNo = new Map(lines.map(({ instalment, off }) => [instalment.no, off]));
  const corrected = instalments.map((line) => {
    return { ...line, due: subtractAmounts(line.due, offByNo.get(line.no) ?? noAmounts) };
  });
  const schedule = { no: scheduleNo, effectiveFrom, instalments: corrected };
  return totalMinor(chargesOff) === 0 ? schedule : { ...schedule, chargesOff };
}
