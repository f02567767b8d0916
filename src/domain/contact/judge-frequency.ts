import { addDays, addMonths, type Day } from '../day';
import { type Answer, dayMs, type Evidence, latest, startOfDayAfter, strictest, type ZoneClock } from './evidence';
import { isActive, isGivenBy } from './grants';
import type { Flag } from './flag';
import { covers, flagsOf } from './judge-person';
import type { PastContact } from './past-contact';
import type { CapExclusion, CapWindow, RuleOf } from './rule';

export function judgeFrequencyCap(rule: RuleOf<'frequencyCap'>, evidence: Evidence, atMs: number): Answer {
  if (rule.while === undefined) return judgeCap(rule, evidence, atMs);
  const freeMs = endOfCover(flagsOf(evidence, rule.while), atMs);
  if (freeMs === atMs) return atMs;
  const answer = judgeCap(rule, evidence, atMs);
  if (typeof answer === 'number') return Math.min(answer, freeMs);
  return freeMs === Infinity ? answer : freeMs;
}

/** The first instant from `atMs` on at which none of the flags is in force. */
function endOfCover(flags: readonly Flag[], atMs: number): number {
  const covering = flags.filter((flag) => covers(flag, atMs));
  if (covering.length === 0) return atMs;
  const endMs = Math.max(...covering.map(({ untilMs }) => untilMs ?? Infinity));
  return endMs === Infinity ? endMs : endOfCover(flags, endMs);
}

function judgeCap(rule: RuleOf<'frequencyCap'>, evidence: Evidence, atMs: number): Answer {
  if (rule.max === 0) return { never: 'no contact of this kind is allowed' };
  const clocks = rule.zone === undefined ? evidence.clocks : [evidence.calendars.clockOf(rule.zone)];
  if (!clocks.every((clock) => clock !== null)) return { never: `the time zone ${rule.zone ?? ''} is not known` };
  const exclusions = rule.exclusions ?? [];
  if (isExcludedNow(exclusions, evidence, clocks, atMs)) return atMs;
  const counted = evidence.ledger.filter(
    (row) =>
      row.direction === 'outbound' &&
      rule.channels.includes(row.channel) &&
      (rule.purposes === undefined || row.purpose === null || rule.purposes.includes(row.purpose)) &&
      (rule.places === undefined || row.place === undefined || rule.places.includes(row.place)) &&
      (rule.countWhat === 'attempt' || mayHaveConnected(row)) &&
      !isExcluded(row, exclusions, evidence, clocks),
  );
  const groups = groupsOf(rule.scope, counted, evidence.situation);
  return strictest(
    groups.map((rows) => afterCap(rows, rule.max, rule.window, clocks, atMs)),
    atMs,
  );
}

/** What is counted together: one group for each loan, or one in all. */
function groupsOf(
  scope: RuleOf<'frequencyCap'>['scope'],
  rows: readonly PastContact[],
  { party, loanIds, contactPoint }: Evidence['situation'],
): readonly (readonly PastContact[])[] {
  if (scope === 'contactPoint') {
    const used = contactPoint?.value ?? null;
    return [rows.filter((row) => used === null || row.contactPoint === null || row.contactPoint === used)];
  }
  const ofPerson = rows.filter((row) => row.partyId === party.partyId);
  return scope === 'lender' ? [ofPerson] : loanIds.map((loan) => ofPerson.filter((row) => row.loanIds.includes(loan)));
}

function afterCap(
  rows: readonly PastContact[],
  max: number,
  window: CapWindow,
  clocks: readonly ZoneClock[],
  atMs: number,
): number {
  const byCalendar = latest(atMs, clocks, (clock) => {
    const { first, end, lengthDays } = spanOf(window, clock.dayOf(atMs));
    const days = rows.map((row) => clock.dayOf(row.atMs)).filter((day) => day >= first && day < end);
    if (days.length < max) return atMs;
    // So many of the oldest have to leave the window before there is room.
    const last = days.sort()[days.length - max] ?? first;
    return clock.startOfDayMs(lengthDays === null ? end : addDays(last, lengthDays));
  });
  if (typeof window === 'string') return byCalendar;
  return Math.max(byCalendar, afterRolling(rows, max, window.rollingDays * dayMs, atMs));
}

interface Span {
  /** The window's first day. */
  readonly first: Day;
  /** The day after its last. */
  readonly end: Day;
  /** Null for one that does not roll: it is over at its end. */
  readonly lengthDays: number | null;
}

function spanOf(window: CapWindow, today: Day): Span {
  if (window === 'calendarMonth') {
    const first = `${today.slice(0, 8)}01`;
    return { first, end: addMonths(first, 1), lengthDays: null };
  }
  const lengthDays = window === 'calendarDay' ? 1 : window.rollingDays;
  return { first: addDays(today, 1 - lengthDays), end: addDays(today, 1), lengthDays };
}

/** The same cap over so many times 24 hours: the instant at which enough of the oldest contacts have left the window. */
function afterRolling(rows: readonly PastContact[], max: number, lengthMs: number, atMs: number): number {
  const inWindow = rows.map((row) => row.atMs).filter((madeMs) => madeMs <= atMs && madeMs > atMs - lengthMs);
  if (inWindow.length < max) return atMs;
  return (inWindow.sort((a, b) => a - b)[inWindow.length - max] ?? atMs) + lengthMs;
}

/** The day of the conversation is the first day without a call, so the n-th day after it is the first with one. */
export function judgeCooldown(rule: RuleOf<'cooldown'>, evidence: Evidence, atMs: number): Answer {
  const { situation, clocks, ledger } = evidence;
  const exclusions = rule.exclusions ?? [];
  if (isExcludedNow(exclusions, evidence, clocks, atMs)) return atMs;
  const talks = ledger.filter(
    (row) =>
      rule.channels.includes(row.channel) &&
      row.atMs <= atMs &&
      row.partyId === situation.party.partyId &&
      row.loanIds.some((loan) => situation.loanIds.includes(loan)) &&
      (row.connection === null || row.connection === 'conversation') &&
      !isExcluded(row, exclusions, evidence, clocks),
  );
  return Math.max(atMs, ...talks.map((row) => startOfDayAfter(row.atMs, rule.days, clocks)));
}

function mayHaveConnected({ connection }: PastContact): boolean {
  return connection === null || connection === 'answered' || connection === 'conversation';
}

function isExcluded(
  row: PastContact,
  exclusions: readonly CapExclusion[],
  evidence: Evidence,
  clocks: readonly ZoneClock[],
): boolean {
  return exclusions.some((exclusion) => {
    if (exclusion === 'not-connected') return row.connection === 'none';
    if (exclusion === 'connected') return row.connection === 'answered' || row.connection === 'conversation';
    if (exclusion === 'attorney') return row.partyRole === 'attorney';
    return isGranted(exclusion, row, evidence, clocks);
  });
}

/** Whether the contact that is to be made would not count itself. */
function isExcludedNow(
  exclusions: readonly CapExclusion[],
  evidence: Evidence,
  clocks: readonly ZoneClock[],
  atMs: number,
): boolean {
  const { party, channel, contactPoint } = evidence.situation;
  const now = { atMs, channel, contactPoint: contactPoint?.value ?? null, partyId: party.partyId };
  return exclusions.some((exclusion) => {
    if (exclusion === 'attorney') return party.role === 'attorney';
    return typeof exclusion === 'object' && isGranted(exclusion, now, evidence, clocks);
  });
}

function isGranted(
  { grant, days }: Extract<CapExclusion, object>,
  { atMs, channel, contactPoint, partyId }: Pick<PastContact, 'atMs' | 'channel' | 'contactPoint' | 'partyId'>,
  { situation }: Evidence,
  clocks: readonly ZoneClock[],
): boolean {
  return situation.grants.some(
    (one) =>
      one.grant === grant &&
      isGivenBy(one, partyId) &&
      (one.channel === null || one.channel === channel) &&
      (one.contactPoint === null || one.contactPoint === contactPoint) &&
      isActive(one, atMs) &&
      clocks.every((clock) => clock.dayOf(atMs) < addDays(clock.dayOf(one.atMs), days)),
  );
}
