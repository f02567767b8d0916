import type { BankCalendar } from '../bank-calendar';
import { addDays, type Day } from '../day';
import type { PastContact } from './past-contact';
import { type Situation, type Weekday, weekdays } from './situation';

export type ZoneClock = Pick<BankCalendar, 'dayOf' | 'instantAt' | 'startOfDayMs'>;

/** What the judgement asks about time; both answer null for what they do not know, and that is then not allowed. */
export interface Calendars {
  /** The clock of an IANA zone. */
  readonly clockOf: (zone: string) => ZoneClock | null;
  /** Whether a named calendar has the day as one of its own. */
  readonly isNamedDay: (calendar: string, day: Day) => boolean | null;
}

/** The day of an instant where somebody is; of a zone that nobody knows, in UTC. */
export function dayIn({ clockOf }: Calendars, zone: string, atMs: number): Day {
  return clockOf(zone)?.dayOf(atMs) ?? new Date(atMs).toISOString().slice(0, 10);
}

/** A situation as the judges of single rules see it. */
export interface Evidence {
  readonly situation: Situation;
  /** Past contacts that count as made. */
  readonly ledger: readonly PastContact[];
  readonly clocks: readonly ZoneClock[];
  readonly calendars: Calendars;
}

/**
 * An instant from which the rule may allow the contact (the asked one when it does), or why it never will. A later instant is
 * one before which the rule cannot allow it; it is asked again there.
 */
export type Answer = number | { readonly never: string };

export const dayMs = 86_400_000;

/** The latest of what each clock says, and not before `atMs`. */
export function latest(atMs: number, clocks: readonly ZoneClock[], nextMs: (clock: ZoneClock) => number): number {
  return Math.max(atMs, ...clocks.map(nextMs));
}

/** The first instant at which it is so many days after the day of `fromMs`, wherever the person may be. */
export function startOfDayAfter(fromMs: number, days: number, clocks: readonly ZoneClock[]): number {
  return Math.max(...clocks.map((clock) => clock.startOfDayMs(addDays(clock.dayOf(fromMs), days))));
}

export function weekdayOf(day: Day): Weekday {
  return weekdays[(new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7] ?? 'mon';
}

/** Of several answers the one that holds for all: never, or the latest. */
export function strictest(answers: readonly Answer[], atMs: number): Answer {
  return answers.reduce<Answer>((sum, answer) => {
    if (typeof sum !== 'number') return sum;
    return typeof answer === 'number' ? Math.max(sum, answer) : answer;
  }, atMs);
}
