import { createBankCalendar } from '../../src/domain/bank-calendar';
import type { Channel } from '../../src/domain/case';
import type { GrantKind, Grant } from '../../src/domain/contact/consent';
import type { Calendars, ZoneClock } from '../../src/domain/contact/evidence';
import type { Flag, FlagName } from '../../src/domain/contact/flag';
import { judgeContact, type Verdict } from '../../src/domain/contact/judge';
import { theBorrower } from '../../src/domain/contact/party';
import type { Connection, ContactState, PastContact } from '../../src/domain/contact/past-contact';
import type { ContactPack, ContactRule, RuleOf } from '../../src/domain/contact/rule';
import type { ContactPointFacts, Situation } from '../../src/domain/contact/situation';
import { isNamedDay } from '../../src/domain/holiday-calendars';

export const everyChannel: readonly Channel[] = ['sms', 'email', 'call', 'visit', 'letter'];
const why = 'A sample.';
export const hours: RuleOf<'timeWindow'> = {
  ...{ id: 'HOURS', kind: 'timeWindow', channels: everyChannel, start: '08:00', end: '21:00', why },
};
export const dailyCap: RuleOf<'frequencyCap'> = {
  ...{ id: 'DAILY', kind: 'frequencyCap', channels: ['sms', 'email'], max: 1, why },
  ...{ scope: 'lender', window: 'calendarDay', countWhat: 'attempt' },
};
export const sevenInSeven: RuleOf<'frequencyCap'> = {
  ...{ id: 'CALLS-7', kind: 'frequencyCap', channels: ['call'], max: 7, why },
  ...{ scope: 'debt', window: { rollingDays: 7 }, countWhat: 'attempt' },
  exclusions: ['not-connected', 'attorney', { grant: 'extra-calls', days: 7 }],
};
export const optOut: RuleOf<'block'> = {
  id: 'OPT-OUT',
  kind: 'block',
  channels: everyChannel,
  flags: ['opt-out'],
  why,
};

const zones = [
  ...['Asia/Shanghai', 'America/New_York', 'America/Los_Angeles', 'Pacific/Honolulu', 'Asia/Kolkata', 'Europe/London'],
  ...['Australia/Lord_Howe', 'America/Chicago'],
];
export const clocks = new Map<string, ZoneClock>(
  zones.map((zone) => [zone, createBankCalendar({ zone, workdays: 'weekdays' })]),
);
export const calendars: Calendars = { clockOf: (zone) => clocks.get(zone) ?? null, isNamedDay };

export const pack = (...rules: readonly ContactRule[]): ContactPack => ({ id: 'sample', version: '1', rules });

export function situation(changes: Partial<Situation>): Situation {
  return {
    ...{ atMs: 0, actor: 'CREDITOR', channel: 'sms', purpose: 'demand', loanIds: ['L-1'], party: theBorrower },
    ...{ contactPoint: null, disclosesDebt: true, zones: ['Asia/Shanghai'], ledger: [], flags: [], grants: [] },
    ...{ optOuts: [], inconvenient: [], events: [], visit: null },
    ...changes,
  };
}

/** A contact with the borrower about loan L-1. */
export function made(
  at: string,
  channel: Channel = 'sms',
  state: ContactState = 'placed',
  changes: Partial<PastContact> = {},
): PastContact {
  return {
    ...{ channel, state, atMs: Date.parse(at), handedOver: true, direction: 'outbound', loanIds: ['L-1'] },
    ...{ contactPoint: null, partyId: null, partyRole: 'borrower', purpose: null, connection: null },
    ...changes,
  };
}

export const call = (at: string, connection: Connection | null = 'rang', changes: Partial<PastContact> = {}) =>
  made(at, 'call', 'placed', { connection, ...changes });

export function flag(name: FlagName, from: string, until: string | null = null, changes: Partial<Flag> = {}): Flag {
  const untilMs = until === null ? null : Date.parse(until);
  return { flag: name, loanId: null, partyId: null, fromMs: Date.parse(from), untilMs, confirmed: false, ...changes };
}

export function grant(kind: GrantKind, at: string, changes: Partial<Grant> = {}): Grant {
  return { grant: kind, channel: null, contactPoint: null, atMs: Date.parse(at), untilMs: null, ...changes };
}

export const point = (changes: Partial<ContactPointFacts> = {}): ContactPointFacts => ({
  ...{ value: '+12025550123', place: 'unknown', employerAllows: null, state: 'unverified' },
  ...changes,
});

export interface Case extends Omit<Partial<Situation>, 'atMs'> {
  readonly at: string;
  readonly rules: readonly ContactRule[];
}

export function judge({ at, rules, ...changes }: Case): Verdict {
  return judgeContact(situation({ ...changes, atMs: Date.parse(at) }), [pack(...rules)], calendars);
}

/** `allow`, `deny`, or the instant before which the contact may not be made. */
export function answer(asked: Case): string {
  const verdict = judge(asked);
  return verdict.kind === 'defer' ? new Date(verdict.untilMs).toISOString() : verdict.kind;
}
