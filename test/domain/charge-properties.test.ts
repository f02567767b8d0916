import { it } from '@jest/globals';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { linesOf } from '../../src/domain/account/line';
import { type Accrual, accrue } from '../../src/domain/charge/accrue';
import { addDays, type Day, daysBetween } from '../../src/domain/day';
import { anyChargeRules } from './account-samples';
import { anyDay, anyPauses, anySchedule } from './loan-arbitraries';

it('charges of many days are those of each day, one after the other, whatever the bounds', () => {
  fc.assert(
    fc.property(
      anySchedule,
      anyChargeRules,
      anyPauses,
      fc.constantFrom(0, 1_000, 60_000),
      anyDay,
      fc.integer({ min: 0, max: 400 }),
      (schedule, rules, free, toleranceMinor, from, days) => {
        const start = (): Accrual => ({ rules, free, toleranceMinor, totalMinor: 0, minorByMonth: new Map() });
        const [atOnce, dayByDay] = [linesOf(schedule), linesOf(schedule)];
        const through = addDays(from, days);
        accrue(atOnce, start(), from, through);
        const accrual = start();
        for (let day: Day = from; daysBetween(day, through) >= 0; day = addDays(day, 1)) {
          accrue(dayByDay, accrual, day, day);
        }
        assert.deepEqual(atOnce, dayByDay);
      },
    ),
    { numRuns: 500 },
  );
});
