import type { BankCalendar } from '../bank-calendar';
import type { HandoffGap } from '../case';
import type { Flag, FlagName } from '../contact/flag';
import type { ContactPack, HandoffRule } from '../contact/rule';
import { rulesOn } from '../contact/rules-on-day';
import type { CaseEvent } from '../contact/situation';
import { addDays, type Day } from '../day';
import { flagsAgainst, type HandoffEvent, type HandoffRequirement, handoffStates } from './requirement';

/** What is on record of a loan that the rules about a handoff look at. */
export interface HandoffFile {
  /** About the borrower and this loan, whether they are in force or not. */
  readonly flags: readonly Pick<Flag, 'flag' | 'fromMs' | 'untilMs'>[];
  readonly events: readonly Pick<CaseEvent, 'event' | 'atMs'>[];
  /** From this day on nothing was paid that is still owed: a demand from before was about something else. */
  readonly overdueSince: Day | null;
  /** Whether anything was offered that makes it easier to pay. */
  readonly offered: boolean;
  /** Flags whose block goes on after their end, and for how many days, by the strictest rule. */
  readonly daysAfterEnd?: ReadonlyMap<FlagName, number>;
  /** Rules by which the claim's limitation is over, as far as the records go. */
  readonly timeBarred?: readonly { readonly rule: string; readonly lastDay: Day }[];
}

interface Answer {
  readonly what: string;
  readonly untilMs: number | null;
}

/** What stops contacts after a flag's end stops a handoff too: the thirty days after a mental-health crisis. */
export function daysAfterEnd(packs: readonly Pick<ContactPack, 'rules'>[], today: Day): ReadonlyMap<FlagName, number> {
  const longest = new Map<FlagName, number>();
  for (const { flags, afterEndDays } of rulesOn(packs, 'block', today)) {
    if (afterEndDays === undefined) continue;
    for (const flag of flags) longest.set(flag, Math.max(afterEndDays, longest.get(flag) ?? 0));
  }
  return longest;
}

/**
 * What the rules still ask for, each once with all rules that ask for it, in the order of the rules: every one of them
 * must be content. `untilMs` is the instant at which it is there by the passing of time alone; null where something must
 * happen first.
 */
export function handoffGaps(
  rules: readonly HandoffRule[],
  file: HandoffFile,
  calendar: Pick<BankCalendar, 'dayOf' | 'startOfDayMs'>,
  nowMs: number,
): readonly HandoffGap[] {
  const found = new Map<string, Answer & { readonly ids: string[] }>();
  for (const { id, requires } of rules) {
    for (const requirement of requires) {
      const gap = gapOf(requirement, file, calendar, nowMs);
      if (gap === null) continue;
      const known = found.get(gap.what);
      if (known === undefined) found.set(gap.what, { ...gap, ids: [id] });
      else known.ids.push(id);
    }
  }
  return [...found.values()].map(({ what, untilMs, ids }) => ({ what: `${what} (${ids.join(', ')})`, untilMs }));
}

function gapOf(
  requirement: HandoffRequirement,
  file: HandoffFile,
  calendar: Pick<BankCalendar, 'dayOf' | 'startOfDayMs'>,
  nowMs: number,
): Answer | null {
  if (typeof requirement === 'object') return eventGap(requirement, file, calendar, nowMs);
  const ends = file.flags
    .filter(({ flag, fromMs }) => flagsAgainst[requirement].includes(flag) && fromMs <= nowMs)
    .map((flag) => endOf(flag, file, calendar))
    .filter((endMs) => endMs > nowMs);
  const [barred] = requirement === 'not-time-barred' ? (file.timeBarred ?? []) : [];
  if (barred !== undefined) {
    return { what: `${requirement}: the limitation of ${barred.rule} ended on ${barred.lastDay}`, untilMs: null };
  }
  if (ends.length === 0) return null;
  const untilMs = Math.max(...ends);
  const what = `${requirement}: ${handoffStates[requirement]}`.replace(/\.$/, '');
  return { what, untilMs: untilMs === Infinity ? null : untilMs };
}

function endOf(
  { flag, untilMs }: HandoffFile['flags'][number],
  { daysAfterEnd: days }: HandoffFile,
  { dayOf, startOfDayMs }: Pick<BankCalendar, 'dayOf' | 'startOfDayMs'>,
): number {
  if (untilMs === null) return Infinity;
  const after = days?.get(flag);
  return after === undefined ? untilMs : startOfDayMs(addDays(dayOf(untilMs), after));
}

function eventGap(
  { event, daysAgo = 0 }: HandoffEvent,
  { events, overdueSince, offered }: HandoffFile,
  { dayOf, startOfDayMs }: Pick<BankCalendar, 'dayOf' | 'startOfDayMs'>,
  nowMs: number,
): Answer | null {
  const days = events
    .filter((one) => one.event === event && one.atMs <= nowMs)
    .map(({ atMs }) => dayOf(atMs))
    .filter((day) => event !== 'demand-delivered' || overdueSince === null || day >= overdueSince)
    .sort();
  const [first] = days;
  const what = `on record: ${event}${daysAgo === 0 ? '' : ` ${daysAgo} days ago`}`;
  if (first === undefined) {
    return event === 'forbearance-offered' && offered && daysAgo === 0 ? null : { what, untilMs: null };
  }
  const fromDay = addDays(first, daysAgo);
  return dayOf(nowMs) >= fromDay ? null : { what, untilMs: startOfDayMs(fromDay) };
}
