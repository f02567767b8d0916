import { addDays, type Day } from '../day';
import { type Answer, dayMs, type Evidence, latest, weekdayOf, type ZoneClock } from './evidence';
import { activeGrant } from './grants';
import type { PastContact } from './past-contact';
import type { RuleOf } from './rule';
import type { InconvenientTime } from './situation';

/** `[start, end)` in every zone; allow-lists of weekdays leave other days to other rules. */
export function judgeTimeWindow(rule: RuleOf<'timeWindow'>, evidence: Evidence, atMs: number): Answer {
  return isExcepted(rule, evidence, atMs) ? atMs : opensMs(rule, evidence, atMs);
}

/** The instant itself where the hours are open in every zone, else the next one at which they may be. */
function opensMs({ start, end, days }: RuleOf<'timeWindow'>, { clocks }: Evidence, atMs: number): number {
  const governs = (day: Day): boolean => days === undefined || days.includes(weekdayOf(day));
  return latest(atMs, clocks, (clock) => {
    const day = clock.dayOf(atMs);
    if (!governs(day)) return atMs;
    const opensMs = clock.instantAt(day, start);
    if (atMs < opensMs) return opensMs;
    if (atMs < clock.instantAt(day, end)) return atMs;
    const next = addDays(day, 1);
    return governs(next) ? clock.instantAt(next, start) : clock.startOfDayMs(next);
  });
}

function isExcepted(rule: RuleOf<'timeWindow'>, evidence: Evidence, atMs: number): boolean {
  const { situation } = evidence;
  return (rule.exceptions ?? []).some((exception) => {
    if (exception === 'reply') return isReply(evidence, atMs, () => true);
    if ('grant' in exception) return activeGrant(situation, exception.grant, atMs);
    const isClosed = (row: PastContact): boolean => opensMs(rule, evidence, row.atMs) > row.atMs;
    return exception.reply.includes(situation.purpose) && isReply(evidence, atMs, isClosed);
  });
}

/** The person wrote the same way within a day, in a message that counts, and has had no answer to it yet. */
function isReply({ situation, ledger }: Evidence, atMs: number, isAsking: (row: PastContact) => boolean): boolean {
  const same = ledger.filter(
    (row) => row.channel === situation.channel && row.partyId === situation.party.partyId && row.atMs <= atMs,
  );
  const asking = same.filter((row) => row.direction === 'inbound' && isAsking(row));
  const askedMs = Math.max(...asking.map((row) => row.atMs));
  return (
    atMs < askedMs + dayMs && !same.some(({ direction, atMs: madeMs }) => direction === 'outbound' && madeMs >= askedMs)
  );
}

/** Waits for the next day that is no quiet one. A day that the calendar does not know is quiet. */
export function judgeQuietDays(
  { days = [], calendar }: RuleOf<'quietDays'>,
  { clocks, calendars }: Evidence,
  atMs: number,
): Answer {
  const isQuiet = (day: Day): boolean =>
    days.includes(weekdayOf(day)) || (calendar !== undefined && calendars.isNamedDay(calendar, day) !== false);
  return latest(atMs, clocks, (clock) => {
    const day = clock.dayOf(atMs);
    return isQuiet(day) ? clock.startOfDayMs(addDays(day, 1)) : atMs;
  });
}

/** Waits until no inconvenient time of the person covers the instant, in any zone. */
export function judgePreference(_rule: RuleOf<'preference'>, { situation, clocks }: Evidence, atMs: number): Answer {
  const wishes = situation.inconvenient.filter(({ channel }) => channel === null || channel === situation.channel);
  return latest(atMs, clocks, (clock) => Math.max(atMs, ...wishes.map((wish) => endOfWish(wish, clock, atMs))));
}

/** The end of the wish's span around the instant; the instant itself where there is none. A span may begin the day before. */
function endOfWish({ weekdays, start, end }: InconvenientTime, clock: ZoneClock, atMs: number): number {
  const today = clock.dayOf(atMs);
  const ends = [addDays(today, -1), today]
    .filter((day) => weekdays === null || weekdays.includes(weekdayOf(day)))
    .map((day) => ({
      fromMs: clock.instantAt(day, start),
      untilMs: clock.instantAt(end > start ? day : addDays(day, 1), end),
    }))
    .filter(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs)
    .map(({ untilMs }) => untilMs);
  return Math.max(atMs, ...ends);
}
