import type { ContactRule, RetentionRule } from './contact/rule';
import { addMonths, type Day } from './day';

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

/** The retention rules in force on a day. */
export function retentionRules(
  packs: readonly { readonly rules: readonly ContactRule[] }[],
  today: Day,
): readonly RetentionRule[] {
  return packs
    .flatMap(({ rules }) => rules)
    .filter((rule) => rule.kind === 'retention')
    .filter(({ from = today, until }) => from <= today && (until === undefined || today < until));
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
