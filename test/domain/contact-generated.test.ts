import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createBankCalendar } from '../../src/domain/bank-calendar';
import type { Calendars, ZoneClock } from '../../src/domain/contact/evidence';
import { judgeContact, type Verdict } from '../../src/domain/contact/judge';
import type { ContactRule } from '../../src/domain/contact/rule';
import type { Situation } from '../../src/domain/contact/situation';
import { isNamedDay } from '../../src/domain/holiday-calendars';
import { type HashedPack, readPacks } from '../../src/policy/contact-pack';
import { anySituation, dayMs, generatedZones, minuteMs } from './contact-arbitraries';
import { minuteOf, NaiveClock } from './naive-clock';
import { naivelyAllows, naivelyTellsOfAnothersDebt } from './naive-judge';

const seed = 20_261_124;
const sequences = 100_000;
const minuteByMinute = 300;
/** Later instants are not compared: most of the time would go into looking for what never comes. */
const horizonDays = 15;

const choices = [
  ...[['house', 'cn'], ['house'], ['cn'], ['us-regf'], ['us-ma'], ['uk'], ['in'], ['eu'], ['us-nyc']],
  ...[
    ['house', 'cn', 'us-ma'],
    ['us-regf', 'us-ma', 'us-nyc'],
    ['house', 'uk', 'eu'],
    ['in', 'uk'],
    ['house', 'cn', 'us-regf'],
  ],
];
const clocks = new Map<string, NaiveClock>(generatedZones.map((zone) => [zone, new NaiveClock(zone)]));
const naiveClock = (zone: string): NaiveClock => clocks.get(zone)!;
const zoneClocks = new Map<string, ZoneClock>(
  generatedZones.map((zone) => [zone, createBankCalendar({ zone, workdays: 'weekdays' })]),
);
const calendars: Calendars = { clockOf: (zone) => zoneClocks.get(zone) ?? null, isNamedDay };
// From the almanac, not from a calendar: New Year's Day of the Chinese calendar in the years that are asked about.
const newYears = ['2026-02-17', '2027-02-06'].map((day) => Date.parse(day));
const isFestival = (day: string): boolean =>
  newYears.some((first) => Date.parse(day) >= first - dayMs && Date.parse(day) <= first + 2 * dayMs);

let packs: ReadonlyMap<string, HashedPack>;
beforeAll(async () => {
  packs = new Map((await readPacks('policies/packs')).map((pack) => [pack.id, pack]));
});

describe('the judgement, compared with the rules as plain yes or no', () => {
  it(`gives the same answer for ${sequences} generated histories, and the first allowed instant (seed ${seed})`, () => {
    const seen = { allow: 0, deny: 0, defer: 0 };
    compare(sequences, firstAllowedByChange, seen);
    // Each answer was asked for often enough to be worth something.
    expect(Math.min(seen.allow, seen.deny, seen.defer)).toBeGreaterThan(sequences / 20);
  });

  it(`names an instant before which no single minute is allowed (${minuteByMinute} histories)`, () => {
    compare(minuteByMinute, firstAllowedByMinute, { allow: 0, deny: 0, defer: 0 });
  });
});

type Allows = (atMs: number) => boolean;

function compare(
  numRuns: number,
  firstAllowed: (asked: Situation, rules: readonly ContactRule[], allows: Allows) => number | null,
  seen: Record<Verdict['kind'], number>,
): void {
  fc.assert(
    fc.property(anySituation, fc.constantFrom(...choices), (asked, names) => {
      const inForce = names.map((name) => packs.get(name)!);
      const verdict = judgeContact(asked, inForce, calendars);
      seen[verdict.kind] += 1;
      const rules = inForce.flatMap((pack) => pack.rules);
      const isUnasked = verdict.kind === 'deny' && verdict.rules.length === 0;
      if (naivelyTellsOfAnothersDebt(asked)) return isUnasked;
      if (isUnasked) return isSilent(asked, rules);
      const expected = firstAllowed(asked, rules, naively(asked, rules));
      const said = within(asked, verdict);
      if (said !== expected) throw new Error(`said ${shown(said)}, expected ${shown(expected)} of ${names.join(', ')}`);
      return true;
    }),
    { numRuns, seed },
  );
}

/** The first allowed instant as the judgement has it; null for one beyond the days that are compared. */
function within({ atMs }: Situation, verdict: Verdict): number | null {
  if (verdict.kind === 'allow') return atMs;
  return verdict.kind === 'defer' && verdict.untilMs <= atMs + horizonDays * dayMs ? verdict.untilMs : null;
}

/** Whether no rule speaks about the channel at all, which is a no. */
function isSilent({ channel, purpose, contactPoint }: Situation, rules: readonly ContactRule[]): boolean {
  const texts = ['contentRequire', 'contentForbid', 'retention', 'handoff', 'duty'];
  return !rules.some(
    (rule) =>
      !texts.includes(rule.kind) &&
      rule.channels.includes(channel) &&
      (rule.purposes === undefined || rule.purposes.includes(purpose)) &&
      (rule.places === undefined || rule.places.includes(contactPoint?.place ?? 'unknown')),
  );
}

/** Asks first the rule that said no last: it will most often say so again. */
function naively(asked: Situation, rules: readonly ContactRule[]): Allows {
  const own = asked.zones.map(naiveClock);
  const order = [...rules];
  return (atMs) => {
    const refusing = order.findIndex((rule) => !naivelyAllows(rule, asked, atMs, own, naiveClock, isFestival));
    if (refusing > 0) order.unshift(...order.splice(refusing, 1));
    return refusing === -1;
  };
}

/** No rule begins to allow between these instants, so the first allowed one is among them. Looks at one day after another. */
function firstAllowedByChange(asked: Situation, rules: readonly ContactRule[], allows: Allows): number | null {
  if (allows(asked.atMs)) return asked.atMs;
  const single = [
    ...asked.flags.flatMap(({ untilMs }) => untilMs ?? []),
    ...asked.ledger.flatMap(({ atMs }) => rollingDays(rules).map((days) => atMs + days * dayMs)),
  ].filter((atMs) => atMs > asked.atMs);
  const minutes = new Set([
    0,
    ...rules.flatMap((rule) => (rule.kind === 'timeWindow' ? [minuteOf(rule.start)] : [])),
    ...asked.inconvenient.map(({ end }) => minuteOf(end)),
  ]);
  const zones = new Set([...asked.zones, ...rules.flatMap((rule) => ('zone' in rule ? (rule.zone ?? []) : []))]);
  for (let fromMs = asked.atMs; fromMs < asked.atMs + horizonDays * dayMs; fromMs += dayMs) {
    const points = [...single];
    for (const zone of zones) {
      const { day } = naiveClock(zone).at(fromMs);
      for (const minute of minutes) points.push(...instantsOf(zone, day, minute), ...instantsOf(zone, day + 1, minute));
    }
    const ofDay = points.filter((atMs) => atMs > fromMs && atMs <= fromMs + dayMs).sort((a, b) => a - b);
    const allowed = ofDay.find(allows);
    if (allowed !== undefined) return allowed;
  }
  return null;
}

const knownInstants = new Map<string, Map<number, readonly number[]>>();

function instantsOf(zone: string, day: number, minute: number): readonly number[] {
  const ofZone = knownInstants.get(zone) ?? new Map<number, readonly number[]>();
  knownInstants.set(zone, ofZone);
  const known = ofZone.get(day * 1440 + minute) ?? naiveClock(zone).instantsOf(day, minute);
  ofZone.set(day * 1440 + minute, known);
  return known;
}

function rollingDays(rules: readonly ContactRule[]): readonly number[] {
  const days = rules.flatMap((rule) =>
    rule.kind === 'frequencyCap' && typeof rule.window === 'object' ? [rule.window.rollingDays] : [],
  );
  return [...new Set(days)];
}

function firstAllowedByMinute(asked: Situation, _rules: readonly ContactRule[], allows: Allows): number | null {
  for (let atMs = asked.atMs; atMs <= asked.atMs + horizonDays * dayMs; atMs += minuteMs) if (allows(atMs)) return atMs;
  return null;
}

function shown(atMs: number | null): string {
  return atMs === null ? 'never' : new Date(atMs).toISOString();
}
