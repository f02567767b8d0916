import { describe, expect, it } from '@jest/globals';
import type { Schedule } from '../../src/domain/loan';
import { scheduleAsOf } from '../../src/domain/schedule';

const contract: Schedule = { no: 1, effectiveFrom: '2026-01-01', instalments: [] };
const extended: Schedule = { no: 2, effectiveFrom: '2026-04-01', instalments: [] };
const spread: Schedule = { no: 3, effectiveFrom: '2026-06-01', instalments: [] };

describe('the schedule in force', () => {
  it.each([
    ['2025-12-31', 1],
    ['2026-01-01', 1],
    ['2026-03-31', 1],
    ['2026-04-01', 2],
    ['2026-05-31', 2],
    ['2026-06-01', 3],
    ['2030-01-01', 3],
  ])('on %s is number %d, in whatever order they are read', (asOf, no) => {
    expect(scheduleAsOf([contract, extended, spread], asOf).no).toBe(no);
    expect(scheduleAsOf([spread, contract, extended], asOf).no).toBe(no);
  });

  it('of two agreed on the same day is the later agreement', () => {
    expect(scheduleAsOf([{ ...extended, no: 3 }, contract, extended], '2026-04-01').no).toBe(3);
  });

  it('of a loan without any is an error, not an empty schedule that looks paid', () => {
    expect(() => scheduleAsOf([], '2026-04-01')).toThrow(RangeError);
  });
});
