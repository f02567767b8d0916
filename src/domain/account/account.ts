import {
  allocate,
  type Allocation,
  type AllocationOrder,
  netPaidMinor,
  pour,
  standingPayments,
  type UnpaidInstalment,
} from '../allocation';
import { type AllocationRules, isOldestFirst, isTimeless, orderOn } from '../allocation-rules';
import { subtractAmounts } from '../arrangement/amounts';
import { settle as settleAgreed, settledOn } from '../arrangement/settlement';
import { type Accrual, accrue } from '../charge/accrue';
import type { Charge, ChargeRules } from '../charge/charge-rules';
import { addDays, type Day, daysBetween } from '../day';
import {
  type Amounts,
  components,
  type Instalment,
  type LoanFacts,
  type Payment,
  type Schedule,
  totalMinor,
  type Waiver,
} from '../loan';
import { daysWithoutFees, type RestRules } from '../rest/rest-rules';
import { scheduleAsOf } from '../schedule';
import { waiversInForce } from '../waiver/waivers-in-force';
import { type Entry, type Lines, pouredAnew, takenOver } from './change-schedule';
import { asAskedFor, linesOf, settle, unpaidOf, waiveCharges, waiveContract, waivedOf } from './line';

export interface AccountRules {
  readonly order: AllocationRules;
  /** Unpaid amounts up to this sum do not make a loan overdue (容差). */
  readonly toleranceMinor: number;
  /** Which pauses stop the clock, and which stop charges; without it every pause does. */
  readonly rests?: RestRules;
  /** What paying late costs; without it nothing. */
  readonly charges?: ChargeRules;
}

/** What is left to pay as of a day, with what was charged for paying late. Money in minor units of the loan's currency. */
export interface Account extends Allocation {
  /** Every instalment in force, in no order: what it asks for less what was waived of it, and what was charged on it. */
  readonly asked: readonly Instalment[];
  /** What is unpaid without charges: what a new schedule is made from. What is unpaid of charges then falls due with it. */
  readonly contract: readonly UnpaidInstalment[];
  readonly charges: readonly Charge[];
  /** What waivers took off, of charges and of the contract. */
  readonly waivedMinor: number;
  /** What a settlement that is paid gave up. */
  readonly givenUpMinor: number;
}

/**
 * How the loan's account stands at the end of a day, recomputed from its facts, day by day: what was waived on the day; its
 * money, under the order of the state in which it found the loan; its charges, and what a waiver of the day still gives up of
 * them; a new schedule, which is made of what was left. The order in which facts became known makes no difference.
 *
 * Money in = asked - unpaid - given up + credit, to the minor unit.
 * @throws RangeError when the loan has no schedule or an order is incomplete.
 */
export function accountAsOf(loan: LoanFacts, asOf: Day, rules: AccountRules): Account {
  const { waivers = [] } = loan;
  if (rules.charges !== undefined || waivers.length > 0 || !isTimeless(loan, rules.order)) {
    return accountUnder(loan, waiversOn(loan, asOf, rules), asOf, rules);
  }
  const { instalments } = scheduleAsOf(loan.schedules, asOf);
  const allocation = allocate(instalments, netPaidMinor(loan.payments, asOf), rules.order);
  const nothing = { charges: [], waivedMinor: 0, givenUpMinor: 0 };
  return settled({ ...allocation, asked: instalments, contract: allocation.unpaid, ...nothing }, loan, asOf);
}

/** The loan's waivers that count on a day: granted by then and not lapsed. */
export function waiversOn(loan: LoanFacts, asOf: Day, rules: AccountRules): readonly Waiver[] {
  return waiversInForce(loan, asOf, rules.toleranceMinor, (waivers, day) => accountUnder(loan, waivers, day, rules));
}

/** The order that the state of the loan gives to money of a day; as `accountAsOf` it looks at the loan without that money. */
export function orderAsOf(loan: LoanFacts, day: Day, rules: AccountRules): AllocationOrder {
  return orderOn(rules.order, day, loan, () => {
    const payments = loan.payments.filter(({ kind, valueDay }) => kind !== 'payment' || valueDay < day);
    return dpdOn(accountAsOf({ ...loan, payments }, day, rules).unpaid, day, rules.toleranceMinor);
  });
}

function accountUnder(loan: LoanFacts, waivers: readonly Waiver[], asOf: Day, rules: AccountRules): Account {
  return settled(shown(walk(loan, waivers, asOf, rules)), loan, asOf);
}

/** The state of a loan while its days are walked through. */
interface Walk {
  lines: Lines;
  creditMinor: number;
  readonly entries: Entry[];
}

const beforeAllDays: Day = '0000-01-01';

function walk(loan: LoanFacts, waivers: readonly Waiver[], asOf: Day, rules: AccountRules): Walk {
  const money = moneyByDay(loan.payments, asOf);
  const days = daysOfChange(loan, waivers, money, asOf);
  let schedule = scheduleAsOf(loan.schedules, days[0] ?? asOf);
  const state: Walk = { lines: linesOf(schedule), creditMinor: 0, entries: [] };
  const charge = charging(loan, asOf, rules);
  const poursAnew = isTimeless(loan, rules.order) || isOldestFirst(loan, rules.order);
  let nextDay = beforeAllDays;
  for (const day of days) {
    charge(state.lines, nextDay, addDays(day, -1));
    nextDay = addDays(day, 1);
    const orderOf = (lines: Lines): AllocationOrder =>
      orderOn(rules.order, day, loan, () => dpdOn(shownLines(lines), day, rules.toleranceMinor));
    const waivedToday = waivers.filter((waiver) => waiver.day === day);
    const stillToWaive = waivedToday.map(({ amounts }) => applyWaiver(state, amounts));
    const amountMinor = money.get(day);
    if (amountMinor !== undefined) applyMoney(state, day, orderOf(state.lines), amountMinor);
    charge(state.lines, day, day);
    for (const amounts of stillToWaive) waiveChargesOf(state.lines, amounts);
    const inForce = scheduleAsOf(loan.schedules, day);
    if (inForce === schedule) continue;
    for (const chargesOff of chargesOffBetween(loan.schedules, schedule, inForce))
      waiveChargesOf(state.lines, chargesOff);
    const { lines, creditMinor } = poursAnew
      ? pouredAnew(inForce, state, day)
      : takenOver(inForce, state, day, orderOf);
    [state.lines, state.creditMinor, schedule] = [lines, creditMinor, inForce];
  }
  charge(state.lines, nextDay, asOf);
  return state;
}

/** What disputes took off charges, up to a schedule: several may begin on one day, and each upheld dispute counts. */
function chargesOffBetween(schedules: readonly Schedule[], before: Schedule, inForce: Schedule): readonly Amounts[] {
  const passed = schedules.filter(({ no }) => no > before.no && no <= inForce.no);
  return passed.flatMap(({ chargesOff }) => (chargesOff === undefined ? [] : [chargesOff]));
}

function moneyByDay(payments: readonly Payment[], asOf: Day): ReadonlyMap<Day, number> {
  const byDay = new Map<Day, number>();
  for (const { valueDay, amountMinor } of standingPayments(payments, asOf)) {
    byDay.set(valueDay, (byDay.get(valueDay) ?? 0) + amountMinor);
  }
  return byDay;
}

function daysOfChange(
  { schedules }: LoanFacts,
  waivers: readonly Waiver[],
  money: ReadonlyMap<Day, number>,
  asOf: Day,
): readonly Day[] {
  const changes = [...schedules.map(({ effectiveFrom }) => effectiveFrom), ...waivers.map(({ day }) => day)];
  return [...new Set([...money.keys(), ...changes.filter((day) => day <= asOf)])].sort();
}

/** Charges the days from one to another, both included, up to the day before one on which a settlement was paid. */
function charging(
  loan: LoanFacts,
  asOf: Day,
  { charges, rests, toleranceMinor }: AccountRules,
): (lines: Lines, from: Day, through: Day) => void {
  if (charges === undefined) return () => undefined;
  const free = daysWithoutFees(loan.pauses, rests);
  const accrual: Accrual = { rules: charges, free, toleranceMinor, totalMinor: 0, minorByMonth: new Map() };
  const paidDays = (loan.settlements ?? []).map((agreed) => settledOn(agreed, loan.payments, asOf));
  const [settledDay] = paidDays.filter((day) => day !== null).sort();
  const lastDay = settledDay === undefined ? asOf : addDays(settledDay, -1);
  return (lines, from, through) => {
    accrue(lines, accrual, from, through < lastDay ? through : lastDay);
  };
}

function applyMoney(state: Walk, day: Day, order: AllocationOrder, amountMinor: number): void {
  let onChargesMinor = 0;
  const leftMinor = pour(state.lines, amountMinor, order, day, (line, component, mostMinor) => {
    const before = line.contract[component];
    const usedMinor = settle(line, component, mostMinor);
    onChargesMinor += usedMinor - (before - line.contract[component]);
    return usedMinor;
  });
  state.creditMinor += leftMinor;
  state.entries.push({ kind: 'money', day, order, amountMinor: amountMinor - onChargesMinor });
}

/** Gives up what was charged before the contract's own. Answers how much of the waiver is left. */
function applyWaiver(state: Walk, amounts: Amounts): Amounts {
  const afterCharges = waiveChargesOf(state.lines, amounts);
  const left = { ...afterCharges };
  for (const component of components) {
    for (const line of state.lines) left[component] -= waiveContract(line, component, left[component]);
  }
  state.entries.push({ kind: 'waived', amounts: subtractAmounts(afterCharges, left) });
  return left;
}

function waiveChargesOf(lines: Lines, amounts: Amounts): Amounts {
  const left = { ...amounts };
  for (const component of components) {
    for (const line of lines) left[component] -= waiveCharges(line, component, left[component]);
  }
  return left;
}

function dpdOn(lines: readonly UnpaidInstalment[], day: Day, toleranceMinor: number): number {
  let unpaidMinor = 0;
  for (const { instalment, unpaid } of lines) {
    if (instalment.dueDay >= day) break;
    unpaidMinor += totalMinor(unpaid);
    if (unpaidMinor > toleranceMinor) return daysBetween(instalment.dueDay, day);
  }
  return 0;
}

function shownLines(lines: Lines): UnpaidInstalment[] {
  return lines.map((line) => ({ instalment: line.instalment, unpaid: unpaidOf(line) }));
}

function shown({ lines, creditMinor }: Walk): Account {
  const asked = lines.map(asAskedFor);
  const unpaid = lines.map((line, index) => ({ instalment: asked[index] ?? line.instalment, unpaid: unpaidOf(line) }));
  const contract = lines.map(({ instalment, contract: left }) => ({ instalment, unpaid: { ...left } }));
  const isOpen = (line: UnpaidInstalment): boolean => totalMinor(line.unpaid) > 0;
  return {
    unpaid: unpaid.filter(isOpen),
    creditMinor,
    asked,
    contract: contract.filter(isOpen),
    charges: lines.flatMap(({ charges }) => charges.map((charge) => ({ ...charge }))),
    waivedMinor: lines.reduce((sum, line) => sum + waivedOf(line), 0),
    givenUpMinor: 0,
  };
}

/** The account after a settlement that is paid: nothing is left, of charges either. */
function settled(account: Account, loan: LoanFacts, asOf: Day): Account {
  const after = settleAgreed(account, loan, asOf);
  if (after === account) return account;
  const unpaidMinor = account.unpaid.reduce((sum, { unpaid }) => sum + totalMinor(unpaid), 0);
  return {
    ...account,
    ...after,
    contract: [],
    charges: account.charges.map((charge) => {
      return { ...charge, waivedMinor: charge.waivedMinor + charge.unpaidMinor, unpaidMinor: 0 };
    }),
    givenUpMinor: unpaidMinor + after.creditMinor - account.creditMinor,
  };
}
