import { type Charge, type ChargeKind, componentOf } from '../charge/charge-rules';
import {
  type Amounts,
  type Component,
  components,
  type Instalment,
  noAmounts,
  type Schedule,
  totalMinor,
} from '../loan';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type MutableAmounts = Record<Component, number>;

/** An instalment while money is set against it: what is left of the contract, and what was charged on top. */
export interface Line {
  readonly instalment: Instalment;
  readonly scheduleNo: number;
  /** What is unpaid of the contract's own amounts. */
  readonly contract: MutableAmounts;
  readonly waived: MutableAmounts;
  /** With those that a new schedule made due here. */
  readonly charges: Mutable<Charge>[];
  /** Overdue days that counted for charges so far. */
  daysCharged: number;
  /** What is left over of penalty interest, in parts of a minor unit; see `accrue.ts`. */
  interestParts: number;
  /** What was charged here, paid, waived or neither. */
  arisenMinor: number;
}

export function linesOf({ no, instalments }: Schedule): Line[] {
  return instalments.toSorted(byDueDay).map((instalment) => ({
    instalment,
    scheduleNo: no,
    contract: { ...instalment.due },
    waived: { ...noAmounts },
    charges: [],
    daysCharged: 0,
    interestParts: 0,
    arisenMinor: 0,
  }));
}

/** Settles up to `leftMinor` of one component, the contract's own before what was charged; answers how much it used. */
export function settle(line: Line, component: Component, leftMinor: number): number {
  const contractMinor = settleContract(line, component, leftMinor);
  return contractMinor + settleCharges(line, component, leftMinor - contractMinor);
}

export function settleContract({ contract }: Line, component: Component, leftMinor: number): number {
  const usedMinor = Math.min(leftMinor, contract[component]);
  contract[component] -= usedMinor;
  return usedMinor;
}

function settleCharges({ charges }: Line, component: Component, leftMinor: number): number {
  let usedMinor = 0;
  for (const charge of charges) {
    if (componentOf[charge.kind] !== component) continue;
    const partMinor = Math.min(leftMinor - usedMinor, charge.unpaidMinor);
    charge.unpaidMinor -= partMinor;
    usedMinor += partMinor;
  }
  return usedMinor;
}

/** Gives up to `leftMinor` of what was charged of a component up; answers how much there was. */
export function waiveCharges({ charges }: Line, component: Component, leftMinor: number): number {
  let usedMinor = 0;
  for (const charge of charges) {
    if (componentOf[charge.kind] !== component) continue;
    const partMinor = Math.min(leftMinor - usedMinor, charge.unpaidMinor);
    charge.unpaidMinor -= partMinor;
    charge.waivedMinor += partMinor;
    usedMinor += partMinor;
  }
  return usedMinor;
}

/** The same of the contract's own. */
export function waiveContract(line: Line, component: Component, leftMinor: number): number {
  const contractMinor = settleContract(line, component, leftMinor);
  line.waived[component] += contractMinor;
  return contractMinor;
}

export function addCharge(
  line: Line,
  kind: ChargeKind,
  { fromDay, throughDay }: Pick<Charge, 'fromDay' | 'throughDay'>,
  amountMinor: number,
): void {
  const { scheduleNo, instalment, charges } = line;
  line.arisenMinor += amountMinor;
  const same = charges.find(
    (charge) => charge.kind === kind && charge.scheduleNo === scheduleNo && charge.instalmentNo === instalment.no,
  );
  if (same === undefined) {
    const arisen = { amountMinor, waivedMinor: 0, unpaidMinor: amountMinor };
    charges.push({ kind, scheduleNo, instalmentNo: instalment.no, fromDay, throughDay, ...arisen });
    return;
  }
  same.amountMinor += amountMinor;
  same.unpaidMinor += amountMinor;
  same.throughDay = throughDay;
}

export function unpaidOf({ contract, charges }: Line): Amounts {
  const unpaid = { ...contract };
  for (const { kind, unpaidMinor } of charges) unpaid[componentOf[kind]] += unpaidMinor;
  return unpaid;
}

/** The instalment with what is asked for now: what was waived is taken off, what was charged is added. */
export function asAskedFor({ instalment, waived, charges }: Line): Instalment {
  const due: MutableAmounts = { ...instalment.due };
  for (const component of components) due[component] -= waived[component];
  for (const { kind, amountMinor, waivedMinor } of charges) due[componentOf[kind]] += amountMinor - waivedMinor;
  return { ...instalment, due };
}

export function isContractPaid({ contract }: Line): boolean {
  return totalMinor(contract) === 0;
}

function byDueDay(a: Instalment, b: Instalment): number {
  if (a.dueDay === b.dueDay) return a.no - b.no;
  return a.dueDay < b.dueDay ? -1 : 1;
}

/** What was waived on the line, of its charges and of the contract's own; minor units. */
export function waivedOf({ waived, charges }: Line): number {
  return charges.reduce((sum, { waivedMinor }) => sum + waivedMinor, totalMinor(waived));
}
