import { addDays, type Day, daysBetween } from './day';
import type { Pause } from './loan';

/** Covered days as numbers counted from some day 0: `[from, until)`, `until` infinite while the end is open. */
interface Span {
  readonly from: number;
  readonly until: number;
}

/**
 * How many days d with `afterDay` < d <= `throughDay` the pauses cover. A day counts once however many pauses cover it.
 * A pause that starts after, or ends before, the asked days counts nothing.
 */
export function pausedDaysWithin(pauses: readonly Pause[], afterDay: Day, throughDay: Day): number {
  const end = daysBetween(afterDay, throughDay) + 1;
  return unionFrom(afterDay, pauses).reduce(
    (days, span) => days + Math.max(0, Math.min(span.until, end) - Math.max(span.from, 1)),
    0,
  );
}

export function isPausedOn(pauses: readonly Pause[], day: Day): boolean {
  return pauses.some((pause) => pause.from <= day && (pause.until === null || day < pause.until));
}

/** The first day from `day` on that no pause covers: `day` itself when it is free, null when a pause without end runs on. */
export function pauseEndAfter(pauses: readonly Pause[], day: Day): Day | null {
  const covering = unionFrom(day, pauses).find((span) => span.from <= 0 && span.until > 0);
  if (covering === undefined) return day;
  return covering.until === Infinity ? null : addDays(day, covering.until);
}

/**
 * The day on which a loan that fell due on `dueDay` has been overdue for `effectiveDay` effective days.
 *
 * From 1 on: the first day d after `dueDay` for which the days from `dueDay` to d, less the paused ones, are
 * `effectiveDay`; null when a pause without end stands before it. From 0 down, where nothing is overdue and so nothing
 * can be paused: calendar days before `dueDay`. `effectiveDay` is a whole number.
 */
export function dayOfEffective(pauses: readonly Pause[], dueDay: Day, effectiveDay: number): Day | null {
  if (effectiveDay <= 0) return addDays(dueDay, effectiveDay);
  let reached = 0;
  let missing = effectiveDay;
  for (const span of unionFrom(dueDay, pauses)) {
    if (span.until <= 1) continue;
    const freeBefore = Math.max(0, span.from - reached - 1);
    if (missing <= freeBefore) break;
    if (span.until === Infinity) return null;
    missing -= freeBefore;
    reached = span.until - 1;
  }
  return addDays(dueDay, reached + missing);
}

/** The same days as disjoint pauses that do not touch, in order. A pause without days is left out. */
export function unitedPauses(pauses: readonly Pause[]): readonly Pause[] {
  const [first] = pauses;
  if (first === undefined) return [];
  return unionFrom(first.from, pauses).map(({ from, until }) => ({
    from: addDays(first.from, from),
    until: until === Infinity ? null : addDays(first.from, until),
  }));
}

/** The pauses as disjoint spans that do not touch, in order, counted from `dayZero`. A pause without days is left out. */
function unionFrom(dayZero: Day, pauses: readonly Pause[]): Span[] {
  const spans = pauses
    .map(({ from, until }) => ({
      from: daysBetween(dayZero, from),
      until: until === null ? Infinity : daysBetween(dayZero, until),
    }))
    .filter((span) => span.until > span.from)
    .sort((a, b) => a.from - b.from);
  const union: Span[] = [];
  for (const span of spans) {
    const last = union.at(-1);
    if (last === undefined || span.from > last.until) union.push(span);
    else if (span.until > last.until) union[union.length - 1] = { from: last.from, until: span.until };
  }
  return union;
}
