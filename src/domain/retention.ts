import type { ContactPack, RetentionRule } from './contact/rule';
import { rulesOn } from './contact/rules-on-day';
import { addMonths, type Day } from './day';
import { delinquencyAsOf, type DelinquencyRules } from './delinquency';
import type { LoanFacts } from './loan';

/** When the clocks of a case began to run; null while what starts one has not happened. */
export interface RetentionClocks {
  /** The last thing that was done or recorded in the case. */
  readonly lastActivity: Day;
  readonly settlement: Day | null;
  readonly contractEnd: Day | null;
}

export interface Keeping {
  /** The last day on which the record must be there; null while nobody can say. */
  readonly until: Day | null;
  /** The rules that ask for that day, or whose clock has not begun. */
  readonly rules: readonly string[];
}

type PacksWithRules = readonly Pick<ContactPack, 'rules'>[];

/** The rules in force on a day about the records of cases and borrowers. */
export function retentionRules(packs: PacksWithRules, today: Day): readonly RetentionRule[] {
  return rulesOn(packs, 'retention', today).filter((rule) => rule.class !== 'unknown-sender');
}

/** Where no rule says for how long messages of unknown senders are kept. */
const usualUnknownSenderYears = 1;

/** Messages of unknown senders that came before this day are not kept any longer: the longest rule, within the strictest maximum. */
export function unknownSendersKeptFrom(packs: PacksWithRules, today: Day): Day {
  const rules = rulesOn(packs, 'retention', today).filter((rule) => rule.class === 'unknown-sender');
  const longest = rules.length === 0 ? usualUnknownSenderYears : Math.max(...rules.map(({ keepYears }) => keepYears));
  const years = Math.min(longest, ...rules.map(({ keepYearsMax = Infinity }) => keepYearsMax));
  return addMonths(today, -12 * years);
}

/**
 * The longest of all rules wins, but no longer than the strictest that says for how long at most. Without a rule, or while a
 * clock has not begun, the record is kept; a legal hold keeps it whatever the rules say.
 */
export function keepUntil(rules: readonly RetentionRule[], clocks: RetentionClocks): Keeping {
  const days = rules.map((rule) => ({ id: rule.id, until: endOf(rule, clocks) }));
  const waiting = days.filter(({ until }) => until === null).map(({ id }) => id);
  if (waiting.length > 0 || days.length === 0) return { until: null, rules: waiting };
  const until = days.reduce((latest, day) => (day.until !== null && day.until > latest ? day.until : latest), '');
  const most = rules
    .map((rule) => ({ id: rule.id, until: maximumOf(rule, clocks) }))
    .filter((one): one is { readonly id: string; readonly until: Day } => one.until !== null && one.until < until);
  if (most.length === 0) return { until, rules: days.filter((day) => day.until === until).map(({ id }) => id) };
  const last = most.map((one) => one.until).reduce((a, b) => (a < b ? a : b));
  return { until: last, rules: most.filter((one) => one.until === last).map(({ id }) => id) };
}

/** So many years a record is kept at least, from whenever its clocks begin to run: the longest rule, within the strictest maximum. */
export function leastYearsKept(rules: readonly RetentionRule[]): number {
  const longest = Math.max(0, ...rules.map(({ keepYears }) => keepYears));
  const most = rules.map(({ class: of, keepYearsMax = Infinity }) => (of === 'record' ? keepYearsMax : Infinity));
  return Math.min(longest, ...most);
}

/**
 * The day from which on nothing of the loan is left to pay, however it came about: by money, a waiver, a dispute that was upheld.
 * Null while something is.
 */
export function settlementDay(loan: LoanFacts, today: Day, rules: DelinquencyRules): Day | null {
  if (loan.schedules.length === 0 || owesOn(loan, today, rules)) return null;
  const days = daysOfFacts(loan).filter((day) => day <= today);
  let settled = today;
  for (const day of days) {
    if (owesOn(loan, day, rules)) break;
    settled = day;
  }
  return settled;
}

function owesOn(loan: LoanFacts, day: Day, rules: DelinquencyRules): boolean {
  return delinquencyAsOf(loan, day, rules).outstandingMinor > 0;
}

/** The days on which what is left to pay may have become less, the last one first. */
function daysOfFacts({ schedules, payments, waivers = [], settlements = [] }: LoanFacts): readonly Day[] {
  const days = [
    ...schedules.map(({ effectiveFrom }) => effectiveFrom),
    ...payments.map(({ valueDay }) => valueDay),
    ...waivers.map(({ day }) => day),
    ...settlements.map(({ from }) => from),
  ];
  return [...new Set(days)].sort().reverse();
}

/** A maximum for recordings says nothing of the record. */
function maximumOf({ class: of, clockStart, keepYearsMax }: RetentionRule, clocks: RetentionClocks): Day | null {
  const start = of !== 'record' || keepYearsMax === undefined ? null : clockOf(clockStart, clocks);
  return start === null || keepYearsMax === undefined ? null : addMonths(start, 12 * keepYearsMax);
}

function endOf({ clockStart, keepYears }: RetentionRule, clocks: RetentionClocks): Day | null {
  const start = clockOf(clockStart, clocks);
  return start === null ? null : addMonths(start, 12 * keepYears);
}

function clockOf(start: RetentionRule['clockStart'], clocks: RetentionClocks): Day | null {
  switch (start) {
    // The records of a case go together, so the youngest counts.
    case 'made':
    case 'last-activity':
      return clocks.lastActivity;
    case 'settlement':
      return clocks.settlement;
    case 'contract-end':
      return clocks.contractEnd;
  }
}
