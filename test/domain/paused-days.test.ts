import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { addDays, type Day, daysBetween } from '../../src/domain/day';
import type { Pause } from '../../src/domain/loan';
import { dayOfEffective, isPausedOn, pausedDaysWithin, pauseEndAfter } from '../../src/domain/paused-days';
import { anyDay, anyPauses } from './loan-arbitraries';

const tenDays: Pause = { from: '2026-03-10', until: '2026-03-20' };

/** Paused days counted one by one. */
function countedDays(pauses: readonly Pause[], afterDay: Day, throughDay: Day): number {
  const covered = new Set<Day>();
  for (let day = addDays(afterDay, 1); day <= throughDay; day = addDays(day, 1)) {
    if (pauses.some(({ from, until }) => from <= day && (until === null || day < until))) covered.add(day);
  }
  return covered.size;
}

describe('paused days', () => {
  it.each<[string, Pause[], Day, Day, number]>([
    ['no pause', [], '2026-03-01', '2026-03-31', 0],
    ['a pause covers its first day and not its last', [tenDays], '2026-03-01', '2026-03-31', 10],
    ['the day after which is counted does not count', [tenDays], '2026-03-10', '2026-03-31', 9],
    ['the day through which is counted does', [tenDays], '2026-03-01', '2026-03-10', 1],
    ['a pause before', [tenDays], '2026-03-20', '2026-03-31', 0],
    ['a pause after', [tenDays], '2026-03-01', '2026-03-09', 0],
    ['a pause around', [tenDays], '2026-03-12', '2026-03-15', 3],
    ['the same pause twice', [tenDays, tenDays], '2026-03-01', '2026-03-31', 10],
    ['the same start', [tenDays, { from: '2026-03-10', until: '2026-03-12' }], '2026-03-01', '2026-03-31', 10],
    ['one encloses the other', [{ from: '2026-03-05', until: '2026-03-25' }, tenDays], '2026-03-01', '2026-03-31', 20],
    ['an overlap', [tenDays, { from: '2026-03-15', until: '2026-03-25' }], '2026-03-01', '2026-03-31', 15],
    [
      'one ends where the next starts',
      [tenDays, { from: '2026-03-20', until: '2026-03-22' }],
      '2026-03-01',
      '2026-03-31',
      12,
    ],
    ['no end', [{ from: '2026-03-10', until: null }], '2026-03-01', '2026-03-31', 22],
    ['no end around an end', [{ from: '2026-03-10', until: null }, tenDays], '2026-03-01', '2026-03-31', 22],
    ['a pause without days', [{ from: '2026-03-10', until: '2026-03-10' }], '2026-03-01', '2026-03-31', 0],
    ['an empty range', [tenDays], '2026-03-15', '2026-03-15', 0],
    ['a range that runs backwards', [tenDays], '2026-03-18', '2026-03-12', 0],
  ])('%s', (_rule, pauses, afterDay, throughDay, expected) => {
    expect(pausedDaysWithin(pauses, afterDay, throughDay)).toBe(expected);
  });

  it('are the union of the days of all pauses, however they overlap', () => {
    fc.assert(
      fc.property(anyPauses, anyDay, anyDay, (pauses, afterDay, throughDay) => {
        assert.equal(pausedDaysWithin(pauses, afterDay, throughDay), countedDays(pauses, afterDay, throughDay));
      }),
      { numRuns: 50_000 },
    );
  });

  it('of a single day say whether it is paused', () => {
    fc.assert(
      fc.property(anyPauses, anyDay, (pauses, day) => {
        assert.equal(isPausedOn(pauses, day), pausedDaysWithin(pauses, addDays(day, -1), day) === 1);
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('the end of a pause', () => {
  it.each<[string, Pause[], Day, Day | null]>([
    ['a free day ends at once', [tenDays], '2026-03-09', '2026-03-09'],
    ['the day until which is paused is free', [tenDays], '2026-03-20', '2026-03-20'],
    ['a paused day ends with its pause', [tenDays], '2026-03-10', '2026-03-20'],
    [
      'pauses that meet end together',
      [tenDays, { from: '2026-03-20', until: '2026-03-22' }],
      '2026-03-11',
      '2026-03-22',
    ],
    [
      'pauses that overlap end with the later one',
      [{ from: '2026-03-01', until: '2026-04-01' }, tenDays],
      '2026-03-11',
      '2026-04-01',
    ],
    ['a pause without end has none', [tenDays, { from: '2026-03-20', until: null }], '2026-03-11', null],
    [
      'a later pause without end does not matter',
      [tenDays, { from: '2026-03-21', until: null }],
      '2026-03-11',
      '2026-03-20',
    ],
  ])('%s', (_rule, pauses, day, expected) => {
    expect(pauseEndAfter(pauses, day)).toBe(expected);
  });

  it('is the first free day from the asked one on', () => {
    fc.assert(
      fc.property(anyPauses, anyDay, (pauses, day) => {
        const end = pauseEndAfter(pauses, day);
        if (end === null) {
          assert.ok(pauses.some(({ until }) => until === null));
          assert.ok(isPausedOn(pauses, addDays(day, 5_000)));
          assert.equal(countedDays(pauses, addDays(day, -1), addDays(day, 600)), 601);
        } else {
          assert.equal(isPausedOn(pauses, end), false);
          assert.equal(countedDays(pauses, addDays(day, -1), end), daysBetween(day, end));
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('the day of an effective day past due', () => {
  it.each<[string, Pause[], number, Day | null]>([
    ['without a pause is the calendar day', [], 7, '2026-03-08'],
    ['day 0 is the due day, paused or not', [{ from: '2026-02-01', until: null }], 0, '2026-03-01'],
    ['before the due day a pause moves nothing', [{ from: '2026-02-01', until: null }], -3, '2026-02-26'],
    ['a pause before the due day moves nothing', [{ from: '2026-02-01', until: '2026-03-01' }], 5, '2026-03-06'],
    ['a pause of the due day alone moves nothing', [{ from: '2026-03-01', until: '2026-03-02' }], 5, '2026-03-06'],
    [
      'a pause over the due day counts from the day after',
      [{ from: '2026-02-20', until: '2026-03-04' }],
      1,
      '2026-03-04',
    ],
    ['the last free day before a pause stands', [tenDays], 8, '2026-03-09'],
    ['the next one waits for its end', [tenDays], 9, '2026-03-20'],
    ['two pauses add up', [tenDays, { from: '2026-03-25', until: '2026-03-30' }], 14, '2026-03-30'],
    ['a pause without end before it: never', [{ from: '2026-03-05', until: null }], 4, null],
    ['a pause without end after it does not matter', [{ from: '2026-03-05', until: null }], 3, '2026-03-04'],
  ])('%s', (_rule, pauses, effectiveDay, expected) => {
    expect(dayOfEffective(pauses, '2026-03-01', effectiveDay)).toBe(expected);
  });

  it('agrees with counting day by day', () => {
    fc.assert(
      fc.property(anyPauses, anyDay, fc.integer({ min: 1, max: 120 }), (pauses, dueDay, effectiveDay) => {
        let free = 0;
        let counted: Day | null = null;
        // Five pauses of at most 90 days: after 120 + 450 days there is nothing left to wait for.
        for (let day = addDays(dueDay, 1), n = 0; n < 1_200 && counted === null; day = addDays(day, 1), n += 1) {
          if (!isPausedOn(pauses, day)) free += 1;
          if (free === effectiveDay) counted = day;
        }
        assert.equal(dayOfEffective(pauses, dueDay, effectiveDay), counted);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is the first on which the days past due less the paused ones reach it', () => {
    fc.assert(
      fc.property(anyPauses, anyDay, fc.integer({ min: 1, max: 5_000 }), (pauses, dueDay, effectiveDay) => {
        const day = dayOfEffective(pauses, dueDay, effectiveDay);
        fc.pre(day !== null);
        const effectiveOn = (asOf: Day) => daysBetween(dueDay, asOf) - pausedDaysWithin(pauses, dueDay, asOf);
        assert.equal(effectiveOn(day), effectiveDay);
        assert.equal(effectiveOn(addDays(day, -1)), effectiveDay - 1);
      }),
      { numRuns: 10_000 },
    );
  });
});
