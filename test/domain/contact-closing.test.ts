import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { closingOf, judgeInTime, validitySeconds } from '../../src/domain/contact/closing';
import { judgeContact } from '../../src/domain/contact/judge';
import type { ContactRule } from '../../src/domain/contact/rule';
import type { InconvenientTime } from '../../src/domain/contact/situation';
import { calendars, clocks, dailyCap, everyChannel, grant, hours, pack, situation } from './contact-samples';

const why = 'A sample.';
const preference: ContactRule = { id: 'WISHES', kind: 'preference', channels: everyChannel, why };
const afternoonOff: InconvenientTime = { weekdays: null, start: '14:00', end: '15:00', channel: null };

interface Asked {
  readonly at: string;
  readonly rules?: readonly ContactRule[];
  readonly zones?: readonly string[];
  readonly more?: object;
}

function closes({ at, rules = [hours], zones = ['America/New_York'], more = {} }: Asked): string | null {
  const asked = situation({ atMs: Date.parse(at), zones, ...more });
  const closing = closingOf(asked, [pack(...rules)], calendars, 14 * 3_600_000);
  return closing === null ? null : new Date(closing.atMs).toISOString();
}

describe('the hours in which a message may arrive', () => {
  it.each<[string, Asked, string | null]>([
    ['end at nine in the evening', { at: '2026-01-15T20:00:00Z' }, '2026-01-16T02:00:00.000Z'],
    ['end an hour earlier once the clocks went forward', { at: '2026-03-08T14:00:00Z' }, '2026-03-09T01:00:00.000Z'],
    ['end an hour later once the clocks went back', { at: '2026-11-01T14:00:00Z' }, '2026-11-02T02:00:00.000Z'],
    [
      'end with the first of several zones',
      { at: '2026-01-15T18:00:00Z', zones: ['America/New_York', 'America/Los_Angeles'] },
      '2026-01-16T02:00:00.000Z',
    ],
    [
      'end with the strictest of several rules',
      { at: '2026-01-15T20:00:00Z', rules: [hours, { ...hours, id: 'EARLY', end: '19:00' }] },
      '2026-01-16T00:00:00.000Z',
    ],
    [
      'end where a time that the person called inconvenient begins',
      { at: '2026-01-15T16:00:00Z', rules: [hours, preference], more: { inconvenient: [afternoonOff] } },
      '2026-01-15T19:00:00.000Z',
    ],
    [
      'end with the day before a quiet one',
      {
        at: '2026-01-17T18:00:00Z',
        rules: [{ id: 'Q', kind: 'quietDays', channels: everyChannel, days: ['sun'], why }],
      },
      '2026-01-18T05:00:00.000Z',
    ],
    [
      'end with the agreement to other hours',
      {
        at: '2026-01-16T03:00:00Z',
        rules: [{ ...hours, exceptions: [{ grant: 'hours' }] }],
        more: { grants: [grant('hours', '2026-01-01T00:00:00Z', { untilMs: Date.parse('2026-01-16T04:30:00Z') })] },
      },
      '2026-01-16T04:30:00.000Z',
    ],
    ['do not end by a cap', { at: '2026-01-15T20:00:00Z', rules: [dailyCap] }, null],
  ])('%s', (_what, asked, expected) => {
    expect(closes(asked)).toBe(expected);
  });

  it('end where a search minute by minute finds the first no', () => {
    const time = fc.integer({ min: 0, max: 47 }).map((half) => {
      return `${String(Math.floor(half / 2)).padStart(2, '0')}:${half % 2 === 0 ? '00' : '30'}`;
    });
    const window = fc
      .tuple(time, time)
      .filter(([start, end]) => start < end)
      .map(([start, end], index = 0): ContactRule => ({ ...hours, id: `W${index}`, start, end }));
    const wish = fc
      .tuple(time, time)
      .map(([start, end]): InconvenientTime => ({ weekdays: null, start, end, channel: null }));
    // Around the nights on which clocks change.
    const nights = ['2026-03-07T00:00Z', '2026-10-31T00:00Z', '2026-03-28T00:00Z', '2026-04-04T00:00Z'].map(Date.parse);
    const instant = fc
      .tuple(fc.constantFrom(...nights), fc.integer({ min: 0, max: 72 * 60 }))
      .map(([nightMs, minutes]) => nightMs + minutes * 60_000);
    const some = fc.record({
      atMs: instant,
      zones: fc.uniqueArray(fc.constantFrom(...clocks.keys()), { minLength: 1, maxLength: 3 }),
      windows: fc.array(window, { minLength: 1, maxLength: 2 }),
      inconvenient: fc.array(wish, { maxLength: 2 }),
    });
    let closed = 0;
    fc.assert(
      fc.property(some, ({ atMs, zones, windows, inconvenient }) => {
        const asked = situation({ atMs, zones, inconvenient });
        const packs = [pack(...windows, preference)];
        fc.pre(judgeContact(asked, packs, calendars).kind === 'allow');
        const withinMs = 4 * 3_600_000;
        let found: number | null = null;
        for (let ms = atMs + 60_000; found === null && ms <= atMs + withinMs; ms += 60_000) {
          if (judgeContact({ ...asked, atMs: ms }, packs, calendars).kind !== 'allow') found = ms;
        }
        if (found !== null) closed += 1;
        expect(closingOf(asked, packs, calendars, withinMs)?.atMs ?? null).toBe(found);
      }),
      { numRuns: 400 },
    );
    expect(closed).toBeGreaterThan(50);
  });
});

describe('the validity of an SMS', () => {
  const second = 1_000;
  it.each<[string, number | null, number]>([
    ['is four hours where the hours do not end before', null, 14_400],
    ['is four hours where they end much later', 8 * 3_600 * second, 14_400],
    ['ends two minutes before the hours do', 3_600 * second, 3_480],
    ['is whole seconds, and never longer than what is left', 600 * second + 999, 480],
  ])('%s', (_what, closesAtMs, seconds) => {
    expect(validitySeconds(closesAtMs, 0)).toBe(seconds);
  });
});

describe('a message for which too little of the hours is left', () => {
  function at(time: string, channel: 'sms' | 'email' | 'call') {
    const asked = situation({ atMs: Date.parse(time), channel });
    return judgeInTime(asked, [pack(hours)], calendars);
  }
  const morning = Date.parse('2026-01-16T00:00:00Z');

  it.each<[string, 'sms' | 'email' | 'call', string]>([
    ['2026-01-15T12:57:00Z', 'sms', 'allow'],
    ['2026-01-15T12:57:01Z', 'sms', 'defer'],
    ['2026-01-15T12:55:00Z', 'email', 'allow'],
    ['2026-01-15T12:55:01Z', 'email', 'defer'],
    ['2026-01-15T12:59:59Z', 'call', 'allow'],
  ])('at %s waits for the next morning, by %s: %s', (time, channel, kind) => {
    const { verdict } = at(time, channel);
    expect(verdict).toMatchObject(kind === 'defer' ? { kind, untilMs: morning, rules: ['HOURS'] } : { kind });
  });

  it('is told until when it may arrive', () => {
    expect(at('2026-01-15T12:00:00Z', 'sms').closesAtMs).toBe(Date.parse('2026-01-15T13:00:00Z'));
    expect(at('2026-01-15T02:00:00Z', 'sms').closesAtMs).toBeNull();
  });
});
