import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { createBankCalendar } from '../../src/domain/bank-calendar';
import { addDays, type Day, daysBetween } from '../../src/domain/day';
import type { Pause, RiskTier } from '../../src/domain/loan';
import { pausedDaysWithin } from '../../src/domain/paused-days';
import { timetable } from '../../src/domain/timetable';
import { anyDay, anyPauses } from './loan-arbitraries';
import { samplePolicy } from './sample-policy';

const policy = samplePolicy();
const shanghai = createBankCalendar({ zone: 'Asia/Shanghai', workdays: 'CN' });
const newYork = createBankCalendar({ zone: 'America/New_York', workdays: 'weekdays' });
const dueDay = '2026-03-01';
const none: ReadonlySet<string> = new Set();
const anyTier = fc.constantFrom<RiskTier>('low', 'medium', 'high');

const planFor = (pauses: readonly Pause[] = [], done = none) =>
  timetable(policy, 'medium', dueDay, pauses, shanghai, done);
const iso = (atMs: number | null | undefined): string | null =>
  typeof atMs === 'number' ? new Date(atMs).toISOString() : null;

describe('the timetable of a case', () => {
  it('puts each step on its day past due, at its time in the bank’s zone', () => {
    expect(planFor().steps.map(({ key, dueAtMs, dueDay: day }) => [key, iso(dueAtMs), day])).toEqual([
      ['courtesy/3-days-before-sms', '2026-02-26T02:00:00.000Z', '2026-02-26'],
      ['reminder/day-1-sms', '2026-03-02T02:00:00.000Z', '2026-03-02'],
      ['reminder/day-4-email', '2026-03-05T06:30:00.000Z', '2026-03-05'],
      ['reminder/day-7-call', '2026-03-08T02:00:00.000Z', '2026-03-08'],
      ['team/day-30-visit', '2026-03-31T02:00:00.000Z', '2026-03-31'],
      ['team/last-visit', '2026-04-30T02:00:00.000Z', '2026-04-30'],
    ]);
  });

  it('begins a stage with its day, at midnight of the bank', () => {
    expect(planFor().stages).toEqual([
      { name: 'courtesy', fromMs: Date.parse('2026-02-25T16:00:00Z'), beforeDue: true },
      { name: 'reminder', fromMs: Date.parse('2026-03-01T16:00:00Z') },
      { name: 'team', fromMs: Date.parse('2026-03-30T16:00:00Z'), brokenPromises: 2 },
      {
        name: 'legal',
        fromMs: Date.parse('2026-05-29T16:00:00Z'),
        legal: { contacts: 4, channels: ['sms', 'call'], visits: 2, offered: ['arrangement'] },
      },
    ]);
  });

  it('keeps the local time of a step when the clocks change', () => {
    const { steps } = timetable(policy, 'low', dueDay, [], newYork, none);
    const at = (key: string) => iso(steps.find((step) => step.key === key)?.dueAtMs);
    expect(at('reminder/day-1-sms')).toBe('2026-03-02T15:00:00.000Z');
    expect(at('reminder/day-7-call')).toBe('2026-03-08T14:00:00.000Z');
  });

  it('leaves out what was done and what is for other tiers', () => {
    const keys = planFor([], new Set(['reminder/day-1-sms'])).steps.map(({ key }) => key);
    expect(keys).not.toContain('reminder/day-1-sms');
    expect(keys).toHaveLength(5);
    const low = timetable(policy, 'low', dueDay, [], shanghai, none);
    expect(low.steps[0]?.key).toBe('reminder/day-1-sms');
  });

  it('says no more of a task than its kind, because the rest is looked up when it is made', () => {
    expect(planFor().steps[3]?.action).toEqual({ kind: 'task', task: 'call' });
    expect(planFor().steps[2]).toMatchObject({
      action: { kind: 'contact', channel: 'email', template: 'first' },
      condition: { notContactedWithinMs: 172_800_000 },
    });
  });

  it('gives no instant to what lies behind a pause without end', () => {
    const { steps, stages } = planFor([{ from: '2026-03-04', until: null }]);
    expect(steps.map(({ dueAtMs }) => dueAtMs !== null)).toEqual([true, true, false, false, false, false]);
    expect(stages.map(({ fromMs }) => fromMs !== null)).toEqual([true, true, false, false]);
    expect(steps[2]?.dueDay).toBeNull();
  });

  it('never puts a later step before an earlier one, nor a step before its stage, whatever was paused', () => {
    fc.assert(
      fc.property(anyTier, anyDay, anyPauses, (tier, anchor, pauses) => {
        const { steps, stages } = timetable(policy, tier, anchor, pauses, shanghai, none);
        const times = steps.map(({ dueAtMs }) => dueAtMs ?? Infinity);
        const begins = stages.map(({ fromMs }) => fromMs ?? Infinity);
        for (const list of [times, begins])
          assert.deepEqual(
            list,
            [...list].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)),
          );
        for (const [index, { stage }] of steps.entries()) {
          const begin = begins[stages.findIndex(({ name }) => name === stage)] ?? Infinity;
          assert.ok((times[index] ?? 0) >= begin);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('moves every step behind a pause by exactly the days that were paused inside the overdue span, and no other', () => {
    fc.assert(
      fc.property(anyDay, anyPauses, (anchor, pauses) => {
        const before = timetable(policy, 'medium', anchor, [], shanghai, none).steps;
        const after = timetable(policy, 'medium', anchor, pauses, shanghai, none).steps;
        for (const [index, step] of after.entries()) {
          const planned = before[index]?.dueDay ?? '';
          const moved = step.dueDay;
          if (moved === null) {
            assert.ok(pauses.some(({ until }) => until === null));
          } else {
            const overdueFrom: Day = planned < anchor ? planned : anchor;
            assert.equal(
              daysBetween(planned, moved),
              planned <= anchor ? 0 : pausedDaysWithin(pauses, overdueFrom, moved),
            );
            assert.equal(step.dueAtMs, shanghai.instantAt(moved, index === 2 ? '14:30' : '10:00'));
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('moves by a pause’s length what lies behind it and leaves what lies before', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 80 }), fc.integer({ min: 1, max: 60 }), (start, length) => {
        const from = addDays(dueDay, start);
        const steps = planFor([{ from, until: addDays(from, length) }]).steps;
        for (const [index, step] of planFor().steps.entries()) {
          const planned = step.dueDay ?? '';
          assert.equal(steps[index]?.dueDay, planned < from ? planned : addDays(planned, length));
        }
      }),
    );
  });
});
