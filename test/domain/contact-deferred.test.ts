import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import type { Channel } from '../../src/domain/case';
import { type ContactState, judgeContact, type PastContact, type Verdict } from '../../src/domain/contact-rules';
import { calendarFor, clocks, dailyCap, hours, optOut, pack } from './contact-samples';

describe('a deferred contact', () => {
  const minuteMs = 60_000;
  const startMs = Date.parse('2026-03-06T00:00:00Z'); // over the weekend on which New York's clocks go forward
  const anyPast = fc.record({
    channel: fc.constantFrom<Channel>('sms', 'email', 'call'),
    atMs: fc.integer({ min: -3 * 1440, max: 0 }).map((minutes) => startMs + minutes * minuteMs),
    state: fc.constantFrom<ContactState>('placed', 'unknown', 'released', 'failed'),
    handedOver: fc.boolean(),
  });
  const anyRules = fc.tuple(
    fc.record({ from: fc.integer({ min: 0, max: 12 }), hours: fc.integer({ min: 8, max: 11 }) }),
    fc.integer({ min: 1, max: 2 }),
    fc.constantFrom<'calendarDay' | { rollingDays: number }>('calendarDay', { rollingDays: 2 }),
  );
  const twoDigits = (n: number): string => String(n).padStart(2, '0');

  it('may be made at the named instant, and at no minute before it', () => {
    fc.assert(
      fc.property(
        fc.array(anyPast, { maxLength: 6 }),
        anyRules,
        fc.uniqueArray(fc.constantFrom(...clocks.keys()), { minLength: 1, maxLength: 2 }),
        (ledger, [window, max, length], zones) => {
          const start = `${twoDigits(window.from)}:00`;
          const end = `${twoDigits(window.from + window.hours)}:00`;
          const rules = [{ ...hours, start, end }, { ...dailyCap, max, window: length }, optOut];
          const at = (atMs: number): Verdict =>
            judgeContact({ channel: 'sms', atMs, zones }, ledger, new Set(), [pack(...rules)], calendarFor);
          const verdict = at(startMs);
          const untilMs = verdict.kind === 'defer' ? verdict.untilMs : verdict.kind === 'allow' ? startMs : Infinity;
          if (untilMs !== Infinity) assert.equal(at(untilMs).kind, 'allow');
          for (let atMs = startMs; atMs < Math.min(untilMs, startMs + 3 * 1440 * minuteMs); atMs += minuteMs) {
            assert.equal(
              allowedByHand(atMs, ledger, zones, { start, end, max, length }),
              false,
              new Date(atMs).toISOString(),
            );
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  /** The same rules written a second time, without looking for a next instant. */
  function allowedByHand(
    atMs: number,
    ledger: readonly PastContact[],
    zones: readonly string[],
    rule: { start: string; end: string; max: number; length: 'calendarDay' | { rollingDays: number } },
  ): boolean {
    const counted = ledger.filter(
      ({ channel, state, handedOver }) =>
        channel !== 'call' && state !== 'released' && (state !== 'failed' || handedOver),
    );
    const days = rule.length === 'calendarDay' ? 1 : rule.length.rollingDays;
    const fits = zones.every((zone) => {
      const [today, time] = localOf(atMs, zone);
      const firstDay = new Date(Date.parse(today) - (days - 1) * 86_400_000).toISOString().slice(0, 10);
      const inDays = counted.filter((contact) => localOf(contact.atMs, zone)[0] >= firstDay).length;
      return time >= rule.start && time < rule.end && inDays < rule.max;
    });
    const inHours = counted.filter((contact) => contact.atMs > atMs - days * 86_400_000).length;
    return fits && (rule.length === 'calendarDay' || inHours < rule.max);
  }

  const formats = new Map(
    [...clocks.keys()].map((zone) => [
      zone,
      new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }),
    ]),
  );
  const known = new Map<string, readonly [string, string]>();

  function localOf(atMs: number, zone: string): readonly [string, string] {
    const key = `${zone}${atMs}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const [day = '', time = ''] = formats.get(zone)!.format(atMs).split(' ');
    known.set(key, [day, time]);
    return [day, time];
  }
});
