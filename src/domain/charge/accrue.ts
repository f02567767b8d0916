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
  /** Penalty interest of a day in parts of a minor unit, and how many parts make one. */
  readonly partsPerDay: bigint;
  readonly partsPerMinor: bigint;
  readonly capMinor: number;
}

/** Days from an offset to just before another one, throughout which the same lines are overdue and nothing else changes. */
interface Stretch {
  readonly from: number;
  readonly until: number;
  readonly firstDay: Day;
}

/**
 * Charges the days from `from` to `through`, both included, on lines as they stand throughout them. Of each day, what fell
 * due before it and is unpaid at its end is overdue; up to the tolerance nothing arises, and on a free day nothing counts.
 * Penalty interest is summed over the days and rounded down once, so that a day's fraction is not lost. On each day the
 * oldest line comes first, which decides where a bound over all lines cuts off.
 *
 * Days between which nothing changes are charged at once, so time grows with instalments and months, not with days.
 */
export function accrue(lines: readonly Line[], accrual: Accrual, from: Day, through: Day): void {
  const unpaid = lines.filter((line) => !isContractPaid(line));
  const firstDueDay = unpaid[0]?.instalment.dueDay;
  if (firstDueDay === undefined) return;
  const start = from > firstDueDay ? from : addDays(firstDueDay, 1);
  const days = daysBetween(start, through) + 1;
  if (days <= 0) return;
  const open = unpaid
    .filter(({ instalment }) => instalment.dueDay < through)
    .map((line) => openLine(line, accrual.rules, start));
  const free = accrual.free.map((pause) => ({
    from: daysBetween(start, pause.from),
    until: pause.until === null ? Infinity : daysBetween(start, pause.until),
  }));
  const ends = [
    ...open.map(({ dueOffset }) => dueOffset + 1),
    ...free.flatMap((span) => [span.from, span.until]),
    ...(accrual.rules.caps.perMonthMinor === undefined ? [] : monthStarts(start, through)),
    days,
  ].filter((offset) => 0 < offset && offset <= days);
  let [at, overdueLines, overdueMinor] = [0, 0, 0];
  for (const until of [...new Set(ends)].sort((a, b) => a - b)) {
    for (let next = open[overdueLines]; next !== undefined && next.dueOffset < at; next = open[overdueLines]) {
      overdueMinor += next.overdueMinor;
      overdueLines += 1;
    }
    const rests = free.some((span) => span.from <= at && at < span.until);
    if (overdueMinor > accrual.toleranceMinor && !rests) {
      chargeStretch(open.slice(0, overdueLines), accrual, { from: at, until, firstDay: addDays(start, at) });
    }
    at = until;
  }
}

/** The offset of each first of a month after `start`. */
function monthStarts(start: Day, through: Day): number[] {
  const offsets: number[] = [];
  for (let day = addMonths(`${start.slice(0, 7)}-01`, 1); day <= through; day = addMonths(day, 1)) {
    offsets.push(daysBetween(start, day));
  }
  return offsets;
}

function openLine(line: Line, { penaltyInterest, caps }: ChargeRules, start: Day): OpenLine {
  const { contract, instalment } = line;
  const baseMinor = contract.principal + (penaltyInterest?.on === 'principal-and-interest' ? contract.interest : 0);
  // Beyond a safe integer for the largest amounts.
  const ofInstalment = BigInt(totalMinor(instalment.due)) * BigInt(caps.ofInstalmentPerMille ?? 0);
  return {
    line,
    dueOffset: daysBetween(start, instalment.dueDay),
    overdueMinor: totalMinor(contract),
    partsPerDay: BigInt(baseMinor) * BigInt(penaltyInterest?.perMillePerYear ?? 0),
    // A per mille of a year's interest on one minor unit, divided into the days of the year.
    partsPerMinor: 1_000n * BigInt(penaltyInterest?.daysInYear ?? 365),
    capMinor: Math.min(
      caps.perInstalmentMinor ?? Infinity,
      caps.ofInstalmentPerMille === undefined ? Infinity : Number(ofInstalment / 1_000n),
    ),
  };
}

function chargeStretch(open: readonly OpenLine[], accrual: Accrual, { from, until, firstDay }: Stretch): void {
  const days = until - from;
  const leftMinor = leftOverAll(accrual, firstDay);
  const wanted = open.map((line) => wantedOf(line, accrual.rules, days));
  const wantedMinor = wanted.reduce((sum, { feeMinor, interestMinor }) => sum + feeMinor + interestMinor, 0);
  if (days > 1 && wantedMinor > leftMinor && leftMinor > 0) {
    // The bound over all lines is reached in between: on which day and at which line is found day by day.
    for (let day = 0; day < days; day += 1) {
      chargeStretch(open, accrual, { from: from + day, until: from + day + 1, firstDay: addDays(firstDay, day) });
    }
    return;
  }
  for (const line of open) chargeLine(line, accrual, days, firstDay);
}

/** What the bounds over all instalments still leave; the same on every day of a stretch. */
function leftOverAll({ rules: { caps }, totalMinor: chargedMinor, minorByMonth }: Accrual, day: Day): number {
  return Math.min(
    (caps.totalMinor ?? Infinity) - chargedMinor,
    (caps.perMonthMinor ?? Infinity) - (minorByMonth.get(day.slice(0, 7)) ?? 0),
  );
}

/** What arises on a line on so many more days, up to the line's own bound. The late fee comes before any interest. */
function wantedOf(
  { line, capMinor, partsPerDay, partsPerMinor }: OpenLine,
  { graceDays, lateFeeMinor }: ChargeRules,
  days: number,
): { feeMinor: number; interestMinor: number; parts: bigint; graceLeft: number } {
  const graceLeft = Math.max(0, graceDays - line.daysCharged);
  const interestDays = Math.max(0, days - graceLeft);
  const leftMinor = Math.max(0, capMinor - line.arisenMinor);
  const isFeeDue = line.daysCharged <= graceDays && interestDays > 0;
  const feeMinor = isFeeDue ? Math.min(lateFeeMinor, leftMinor) : 0;
  const parts = BigInt(line.interestParts) + BigInt(interestDays) * partsPerDay;
  return {
    feeMinor,
    interestMinor: Math.min(Number(parts / partsPerMinor), leftMinor - feeMinor),
    parts,
    graceLeft,
  };
}

function chargeLine(open: OpenLine, accrual: Accrual, days: number, firstDay: Day): void {
  const { line, partsPerDay, partsPerMinor } = open;
  const { feeMinor, interestMinor, parts, graceLeft } = wantedOf(open, accrual.rules, days);
  const carried = BigInt(line.interestParts);
  line.daysCharged += days;
  line.interestParts = Number(parts % partsPerMinor);
  const feeDay = addDays(firstDay, graceLeft);
  add(line, accrual, 'late-fee', feeMinor, feeDay, feeDay);
  const grantedMinor = Math.min(interestMinor, leftOverAll(accrual, firstDay));
  if (grantedMinor <= 0) return;
  /** The day on which the sum of the days' interest first came to so much. */
  const dayOf = (minor: number): Day => {
    const missing = BigInt(minor) * partsPerMinor - carried;
    const nth = (missing + partsPerDay - 1n) / partsPerDay;
    return addDays(feeDay, Math.max(1, Number(nth)) - 1);
  };
  add(line, accrual, 'penalty-interest', grantedMinor, dayOf(1), dayOf(grantedMinor));
}

function add(line: Line, accrual: Accrual, kind: ChargeKind, wantedMinor: number, fromDay: Day, throughDay: Day): void {
  const amountMinor = Math.min(wantedMinor, leftOverAll(accrual, fromDay));
  if (amountMinor <= 0) return;
  addCharge(line, kind, { fromDay, throughDay }, amountMinor);
  const month = fromDay.slice(0, 7);
  accrual.minorByMonth.set(month, (accrual.minorByMonth.get(month) ?? 0) + amountMinor);
  accrual.totalMinor += amountMinor;
}
