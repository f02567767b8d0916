import { addDays } from '../day';
import { type Calendars, dayMs, type Evidence, type ZoneClock } from './evidence';
import { answerOf, isAsked, judgeContact, type Verdict } from './judge';
import { counts } from './past-contact';
import type { ContactPack, ContactRule } from './rule';
import type { Situation } from './situation';

/** When the hours of a contact end, and by which rules. */
export interface Closing {
  readonly atMs: number;
  readonly rules: readonly string[];
}

/** Rules that open and close by the clock alone. */
const timeKinds: readonly ContactRule['kind'][] = ['timeWindow', 'quietDays', 'preference'];

/** Twilio keeps a message for four hours at most, and lets go of it two minutes before the hours end. */
const validityMaxMs = 14_400_000;
const validityMarginMs = 120_000;
const horizonMs = validityMaxMs + validityMarginMs;

/** What must be left of the hours when a message is sent. A mail server's queue takes no end with it, so e-mail needs more. */
const leftAtLeastMs = { sms: validityMarginMs + 60_000, email: 300_000 } as const;

/**
 * The first instant after the situation's own, within the horizon, at which a rule about time says no, asked of all packs
 * and in every zone of the person; null where none does.
 */
export function closingOf(
  situation: Situation,
  packs: readonly ContactPack[],
  calendars: Calendars,
  withinMs = horizonMs,
): Closing | null {
  const clocks = situation.zones.map(calendars.clockOf).filter((clock) => clock !== null);
  const rules = packs
    .flatMap((pack) => pack.rules)
    .filter((rule) => timeKinds.includes(rule.kind) && isAsked(rule, situation));
  const evidence: Evidence = { situation, ledger: situation.ledger.filter(counts), clocks, calendars };
  for (const atMs of changesOf(rules, evidence, withinMs)) {
    const against = rules.filter((rule) => answerOf(rule, evidence, atMs) !== atMs).map(({ id }) => id);
    if (against.length > 0) return { atMs, rules: against };
  }
  return null;
}

/** Instants at which a rule about time may change its answer from yes to no. */
function changesOf(
  rules: readonly ContactRule[],
  { situation, clocks }: Evidence,
  withinMs: number,
): readonly number[] {
  const { atMs: fromMs, grants, ledger, inconvenient } = situation;
  const times = [
    ...rules.flatMap((rule) => (rule.kind === 'timeWindow' ? [rule.end] : [])),
    ...inconvenient.map(({ start }) => start),
  ];
  const byClock = clocks.flatMap((clock) =>
    daysOf(clock, fromMs, withinMs).flatMap((day) => [
      clock.startOfDayMs(day),
      ...times.map((time) => clock.instantAt(day, time)),
    ]),
  );
  const exceptionsEnd = [
    ...grants.flatMap(({ untilMs }) => (untilMs === null ? [] : [untilMs])),
    // An answer to what the person wrote may be given for a day.
    ...ledger.filter(({ direction }) => direction === 'inbound').map(({ atMs }) => atMs + dayMs),
  ];
  const within = [...byClock, ...exceptionsEnd].filter((atMs) => atMs > fromMs && atMs <= fromMs + withinMs);
  return [...new Set(within)].sort((a, b) => a - b);
}

function daysOf(clock: ZoneClock, fromMs: number, withinMs: number): readonly string[] {
  const days = [clock.dayOf(fromMs)];
  for (let day = clock.dayOf(fromMs); clock.startOfDayMs(addDays(day, 1)) <= fromMs + withinMs;) {
    day = addDays(day, 1);
    days.push(day);
  }
  return days;
}

export interface TimelyVerdict {
  readonly verdict: Verdict;
  /** Null where the hours do not end within the longest validity. */
  readonly closesAtMs: number | null;
}

/** The judgement of a contact that takes time to arrive: a message for which too little of the hours is left waits. */
export function judgeInTime(situation: Situation, packs: readonly ContactPack[], calendars: Calendars): TimelyVerdict {
  const verdict = judgeContact(situation, packs, calendars);
  const { channel, atMs } = situation;
  if (verdict.kind !== 'allow' || (channel !== 'sms' && channel !== 'email')) return { verdict, closesAtMs: null };
  const closing = closingOf(situation, packs, calendars);
  if (closing === null) return { verdict, closesAtMs: null };
  if (closing.atMs - atMs >= leftAtLeastMs[channel]) return { verdict, closesAtMs: closing.atMs };
  const later = judgeContact({ ...situation, atMs: closing.atMs }, packs, calendars);
  if (later.kind === 'deny') return { verdict: later, closesAtMs: null };
  const untilMs = later.kind === 'defer' ? later.untilMs : closing.atMs;
  const reason = `too little is left of the hours of ${closing.rules.join(', ')}`;
  return { verdict: { kind: 'defer', untilMs, rules: closing.rules, reason }, closesAtMs: null };
}

/** For how long the provider may keep an SMS, in whole seconds: it must not arrive after the hours. */
export function validitySeconds(closesAtMs: number | null, atMs: number): number {
  const leftMs = closesAtMs === null ? validityMaxMs : closesAtMs - atMs - validityMarginMs;
  return Math.floor(Math.min(validityMaxMs, leftMs) / 1_000);
}
