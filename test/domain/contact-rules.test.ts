import { describe, expect, it } from '@jest/globals';
import type { Channel } from '../../src/domain/case';
import {
  type ContactPack,
  type ContactRule,
  judgeContact,
  type PastContact,
  type Verdict,
} from '../../src/domain/contact-rules';
import { calendarFor, callCap, dailyCap, everyChannel, hours, made, optOut, pack } from './contact-samples';

interface Case {
  at: string;
  channel?: Channel;
  zones?: readonly string[];
  ledger?: readonly PastContact[];
  optedOut?: readonly Channel[];
  rules?: readonly ContactRule[];
}

function judge({ at, channel = 'sms', zones = ['Asia/Shanghai'], ledger = [], optedOut = [], rules }: Case): Verdict {
  const request = { channel, atMs: Date.parse(at), zones };
  const packs = [pack(...(rules ?? [hours, dailyCap, callCap, optOut]))];
  return judgeContact(request, ledger, new Set(optedOut), packs, calendarFor);
}

function answer(verdict: Verdict): string {
  return verdict.kind === 'defer' ? new Date(verdict.untilMs).toISOString() : verdict.kind;
}

describe('the hours of contact', () => {
  const newYorkAndLa = ['America/New_York', 'America/Los_Angeles'];
  it.each<[string, string, readonly string[], string]>([
    ['allow the first minute', '2026-03-02T08:00:00+08:00', ['Asia/Shanghai'], 'allow'],
    ['allow the last second', '2026-03-02T20:59:59+08:00', ['Asia/Shanghai'], 'allow'],
    ['end before their end', '2026-03-02T21:00:00+08:00', ['Asia/Shanghai'], '2026-03-03T00:00:00.000Z'],
    ['wait for the morning', '2026-03-02T07:59:59+08:00', ['Asia/Shanghai'], '2026-03-02T00:00:00.000Z'],
    ['go by the person’s zone', '2026-03-02T10:00:00+08:00', ['America/New_York'], '2026-03-02T13:00:00.000Z'],
    ['hold in every zone of the person', '2026-01-15T15:59:59Z', newYorkAndLa, '2026-01-15T16:00:00.000Z'],
    ['end with the first zone’s evening', '2026-01-16T02:00:00Z', newYorkAndLa, '2026-01-16T16:00:00.000Z'],
    ['move with summer time', '2026-07-15T14:59:00Z', newYorkAndLa, '2026-07-15T15:00:00.000Z'],
    [
      'begin by the new time on the day the clocks go forward',
      '2026-03-08T05:00:00Z',
      ['America/New_York'],
      '2026-03-08T12:00:00.000Z',
    ],
    ['end by the new time on the day the clocks go back', '2026-11-02T01:59:00Z', ['America/New_York'], 'allow'],
    ['and not a minute later', '2026-11-02T02:00:00Z', ['America/New_York'], '2026-11-02T13:00:00.000Z'],
    ['hold in half-hour zones', '2026-03-02T02:29:00Z', ['Asia/Kolkata'], '2026-03-02T02:30:00.000Z'],
    [
      'leave what three zones have in common',
      '2026-01-15T17:00:00Z',
      [...newYorkAndLa, 'Pacific/Honolulu'],
      '2026-01-15T18:00:00.000Z',
    ],
  ])('%s', (_rule, at, zones, expected) => {
    expect(answer(judge({ at, zones, rules: [hours] }))).toBe(expected);
  });

  it('deny a person whose possible zones have no hour in common', () => {
    const narrow: ContactRule = { ...hours, start: '09:00', end: '10:00' };
    const verdict = judge({
      at: '2026-03-02T09:30:00Z',
      zones: ['Asia/Shanghai', 'America/New_York'],
      rules: [narrow],
    });
    expect(verdict).toMatchObject({ kind: 'deny', rules: ['HOURS'] });
  });
});

describe('a cap on contacts', () => {
  const noon = '2026-03-02T12:00:00+08:00';
  const tomorrow = '2026-03-03T00:00:00.000Z';
  const call = (at: string): PastContact => made(at, 'call');
  it.each<[string, Case, string]>([
    ['counts nothing before the first', { at: noon }, 'allow'],
    [
      'counts both channels it names as one',
      { at: noon, ledger: [made('2026-03-02T09:00:00+08:00', 'email')] },
      tomorrow,
    ],
    ['leaves other channels alone', { at: noon, ledger: [call('2026-03-02T09:00:00+08:00')] }, 'allow'],
    ['asks nothing of other channels', { at: noon, channel: 'visit', ledger: [made(noon)] }, 'allow'],
    ['ends with the person’s day', { at: noon, ledger: [made('2026-03-01T23:59:59+08:00')] }, 'allow'],
    ['waits for hours, not for midnight', { at: noon, ledger: [made('2026-03-02T00:00:00+08:00')] }, tomorrow],
    ['counts a reservation', { at: noon, ledger: [made(noon, 'sms', 'reserved')] }, tomorrow],
    ['counts what may have been sent', { at: noon, ledger: [made(noon, 'sms', 'unknown')] }, tomorrow],
    ['counts what was delivered', { at: noon, ledger: [made(noon, 'sms', 'delivered')] }, tomorrow],
    ['counts what failed after it was handed over', { at: noon, ledger: [made(noon, 'sms', 'failed')] }, tomorrow],
    [
      'does not count what failed unsent',
      { at: noon, ledger: [{ ...made(noon, 'sms', 'failed'), handedOver: false }] },
      'allow',
    ],
    ['does not count what was released', { at: noon, ledger: [made(noon, 'sms', 'released')] }, 'allow'],
    ['does not count what was denied', { at: noon, ledger: [made(noon, 'sms', 'denied')] }, 'allow'],
  ])('%s', (_rule, asked, expected) => {
    expect(answer(judge(asked))).toBe(expected);
  });

  it('counts by the day of each zone in which the person may be', () => {
    const zones = ['Asia/Shanghai', 'America/New_York'];
    const ledger = [made('2026-03-01T23:50:00Z')]; // 2 March in Shanghai, 1 March in New York
    const asked = { at: '2026-03-02T02:00:00Z', rules: [dailyCap], ledger };
    expect(answer(judge({ ...asked, zones: ['Asia/Shanghai'] }))).toBe('2026-03-02T16:00:00.000Z');
    expect(answer(judge({ ...asked, zones: ['America/New_York'] }))).toBe('2026-03-02T05:00:00.000Z');
    expect(answer(judge({ ...asked, zones }))).toBe('2026-03-02T16:00:00.000Z');
  });

  it('of seven calls in seven days counts the day of the call as one of them', () => {
    const days = [1, 1, 2, 3, 4, 5, 6];
    const ledger = days.map((day, index) => call(`2026-03-0${day}T0${index + 1}:00:00Z`));
    const asked = { channel: 'call', ledger, rules: [callCap] } as const;
    expect(answer(judge({ ...asked, at: '2026-03-07T09:00:00Z' }))).toBe('2026-03-08T01:00:00.000Z');
    expect(answer(judge({ ...asked, at: '2026-03-08T09:00:00Z' }))).toBe('allow');
    const eighth = [...ledger, call('2026-03-08T09:00:00Z')];
    expect(answer(judge({ ...asked, at: '2026-03-08T10:00:00Z', ledger: eighth }))).toBe('allow');
    const ninth = [...eighth, call('2026-03-08T10:00:00Z')];
    expect(answer(judge({ ...asked, at: '2026-03-08T11:00:00Z', ledger: ninth }))).toBe('2026-03-09T03:00:00.000Z');
  });

  it('in rolling days is the stricter of days and hours', () => {
    const one: ContactRule = { ...callCap, max: 1, window: { rollingDays: 2 } };
    const ledger = [call('2026-03-02T15:00:00+08:00')];
    const asked = { channel: 'call', ledger, rules: [one] } as const;
    // Two days on by the calendar, but not yet 48 hours.
    expect(answer(judge({ ...asked, at: '2026-03-04T14:00:00+08:00' }))).toBe('2026-03-04T07:00:00.000Z');
    // 48 hours on, and the calendar's second day over too.
    expect(answer(judge({ ...asked, at: '2026-03-04T15:00:00+08:00' }))).toBe('allow');
  });

  it('of none denies', () => {
    const verdict = judge({ at: noon, rules: [{ ...dailyCap, max: 0 }] });
    expect(verdict).toMatchObject({ kind: 'deny', rules: ['DAILY'] });
  });
});

describe('an opt-out', () => {
  it('closes its channel for good and no other', () => {
    const asked = { at: '2026-03-02T12:00:00+08:00', optedOut: ['sms'] as const };
    expect(judge(asked)).toMatchObject({ kind: 'deny', rules: ['OPT-OUT'] });
    expect(judge({ ...asked, channel: 'email' }).kind).toBe('allow');
  });

  it('denies also at night, when other rules would only defer', () => {
    expect(judge({ at: '2026-03-02T23:00:00+08:00', optedOut: ['sms'] }).kind).toBe('deny');
  });
});

describe('the gate', () => {
  const noon = { channel: 'sms', atMs: Date.parse('2026-03-02T12:00:00+08:00'), zones: ['Asia/Shanghai'] } as const;
  const free = new Set<Channel>();

  it('names the rules that it applied, or those that spoke against', () => {
    expect(judge({ at: '2026-03-02T12:00:00+08:00' })).toEqual({ kind: 'allow', rules: ['HOURS', 'DAILY', 'OPT-OUT'] });
    const atNight = judge({ at: '2026-03-02T22:00:00+08:00', ledger: [made('2026-03-02T12:00:00+08:00')] });
    expect(atNight).toMatchObject({ kind: 'defer', rules: ['HOURS', 'DAILY'] });
  });

  it('applies every pack, so that the strictest rule wins', () => {
    const later: ContactRule = { ...hours, id: 'LATER', start: '13:00' };
    const verdict = judgeContact(noon, [], free, [pack(hours), pack(later)], calendarFor);
    expect(verdict).toMatchObject({
      kind: 'defer',
      rules: ['LATER'],
      untilMs: Date.parse('2026-03-02T13:00:00+08:00'),
    });
  });

  it('denies what it does not know: no pack, no rule for the channel, no zone, a zone or a kind of rule of no name', () => {
    const kinds = (packs: readonly ContactPack[], zones: readonly string[] = noon.zones) =>
      judgeContact({ ...noon, zones }, [], free, packs, calendarFor).kind;
    expect(kinds([pack(hours)])).toBe('allow');
    expect(kinds([])).toBe('deny');
    expect(kinds([pack(callCap)])).toBe('deny');
    expect(kinds([pack(hours)], [])).toBe('deny');
    expect(kinds([pack(hours)], ['Asia/Shanghai', 'Mars/Olympus'])).toBe('deny');
    for (const kind of ['moonPhase', 'toString', '__proto__']) {
      const unknown = { id: 'NEW', kind, channels: everyChannel } as unknown as ContactRule;
      const verdict = judgeContact(noon, [], free, [pack(hours, unknown)], calendarFor);
      expect(verdict).toMatchObject({ kind: 'deny', rules: ['NEW'] });
    }
  });
});
