import { addCharge, isContractPaid, type Line } from '../account/line';
import { addDays, addMonths, type Day, daysBetween } from '../day';
import { type Pause, totalMinor } from '../loan';
import type { ChargeKind, ChargeRules } from './charge-rules';

/** What was charged so far, beyond the lines themselves. */
export interface Accrual {
  readonly rules: ChargeRules;
  /** Days on which nothing arises. */
  readonly free: readonly Pause[];
  readonly toleranceMinor: number;
  totalMinor: number;
  readonly minorByMonth: Map<string, number>;
}

/** A line with what does not change from `start` on, the first day that is charged; days are counted from it. */
interface OpenLine {
  readonly line: Line;
  readonly dueOffset: number;
  readonly overdueMinor: number;
  /** Penalty interest of a day: whole minor units, and what is left over in parts of a minor unit. */
  readonly wholeMinor: number;
  readonly parts: number;
  readonly capMinor: number;
}

/**
 * Charges the days from `from` to `through`, both included, on lines as they stand throughout them. Of each day, what fell
 * due before it and is unpaid at its end is overdue; up to the tolerance nothing arises, and on a free day nothing counts.
 * Penalty interest is summed over the days and rounded down once, so that a day's fraction is not lost.
 */
export function accrue(lines: readonly Line[], accrual: Accrual, from: Day, through: Day): void {
  const unpaid = lines.filter((line) => !isContractPaid(line));
  const firstDueDay = unpaid[0]?.instalment.dueDay;
  if (firstDueDay === undefined) return;
  const start = from > firstDueDay ? from : addDays(firstDueDay, 1);
  const days = daysBetween(start, through) + 1;
  if (days <= 0) return;
  const open = unpaid.map((line) => openLine(line, accrual.rules, start));
  const free = accrual.free.map((pause) => ({
    from: daysBetween(start, pause.from),
    until: pause.until === null ? Infinity : daysBetween(start, pause.until),
  }));
  let [overdueLines, overdueMinor] = [0, 0];
  let month = start.slice(0, 7);
  let nextMonth = daysToNextMonth(start, month);
  for (let offset = 0; offset < days; offset += 1) {
    if (offset >= nextMonth) {
      month = addDays(start, offset).slice(0, 7);
      nextMonth = daysToNextMonth(start, month);
    }
    for (let next = open[overdueLines]; next !== undefined && next.dueOffset < offset; next = open[overdueLines]) {
      overdueMinor += next.overdueMinor;
      overdueLines += 1;
    }
    if (overdueMinor <= accrual.toleranceMinor) continue;
    if (free.some((span) => span.from <= offset && offset < span.until)) continue;
    const day = addDays(start, offset);
    for (let at = 0; at < overdueLines; at += 1) chargeDay(open[at] as OpenLine, accrual, day, month);
  }
}

function daysToNextMonth(start: Day, month: string): number {
  return daysBetween(start, addMonths(`${month}-01`, 1));
}

function openLine(line: Line, { penaltyInterest, caps }: ChargeRules, start: Day): OpenLine {
  const { contract, instalment } = line;
  const partsInMinor = partsPerMinor(penaltyInterest?.daysInYear ?? 365);
  const baseMinor = contract.principal + (penaltyInterest?.on === 'principal-and-interest' ? contract.interest : 0);
  // Beyond a safe integer for the largest amounts.
  const perDay = BigInt(baseMinor) * BigInt(penaltyInterest?.perMillePerYear ?? 0);
  const ofInstalment = BigInt(totalMinor(instalment.due)) * BigInt(caps.ofInstalmentPerMille ?? 0);
  return {
    line,
    dueOffset: daysBetween(start, instalment.dueDay),
    overdueMinor: totalMinor(contract),
    wholeMinor: Number(perDay / BigInt(partsInMinor)),
    parts: Number(perDay % BigInt(partsInMinor)),
    capMinor: Math.min(
      caps.perInstalmentMinor ?? Infinity,
      caps.ofInstalmentPerMille === undefined ? Infinity : Number(ofInstalment / 1_000n),
    ),
  };
}

/** A per mille of a year's interest on one minor unit, divided into the days of the year. */
function partsPerMinor(daysInYear: number): number {
  return 1_000 * daysInYear;
}

function chargeDay(open: OpenLine, accrual: Accrual, day: Day, month: string): void {
  const { line } = open;
  const { graceDays, lateFeeMinor, penaltyInterest } = accrual.rules;
  line.daysCharged += 1;
  if (line.daysCharged <= graceDays) return;
  if (line.daysCharged === graceDays + 1) chargeUpTo(open, accrual, 'late-fee', day, month, lateFeeMinor);
  if (penaltyInterest === null) return;
  line.interestParts += open.parts;
  const carriedMinor = line.interestParts >= partsPerMinor(penaltyInterest.daysInYear) ? 1 : 0;
  line.interestParts -= carriedMinor * partsPerMinor(penaltyInterest.daysInYear);
  chargeUpTo(open, accrual, 'penalty-interest', day, month, open.wholeMinor + carriedMinor);
}

function chargeUpTo(
  { line, capMinor }: OpenLine,
  accrual: Accrual,
  kind: ChargeKind,
  day: Day,
  month: string,
  wantedMinor: number,
): void {
  const { caps } = accrual.rules;
  const inMonthMinor = accrual.minorByMonth.get(month) ?? 0;
  const amountMinor = Math.min(
    wantedMinor,
    capMinor - line.arisenMinor,
    (caps.perMonthMinor ?? Infinity) - inMonthMinor,
    (caps.totalMinor ?? Infinity) - accrual.totalMinor,
  );
  if (amountMinor <= 0) return;
  addCharge(line, kind, day, amountMinor);
  accrual.minorByMonth.set(month, inMonthMinor + amountMinor);
  accrual.totalMinor += amountMinor;
}
