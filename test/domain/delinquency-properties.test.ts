import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { addDays, type Day } from '../../src/domain/day';
import { delinquencyAsOf, type DelinquencyRules, standardBuckets } from '../../src/domain/delinquency';
import { type LoanFacts, type Pause, totalMinor } from '../../src/domain/loan';
import { anyDay, anyOrder, anyPause, anyPauses, anyPayments, anySchedule, payment, undo } from './loan-arbitraries';

const anyLoan: fc.Arbitrary<LoanFacts> = fc.record({
  currency: fc.constant('CNY'),
  schedules: anySchedule.map((schedule) => [schedule]),
  payments: anyPayments,
  pauses: anyPauses,
});
const anyRules: fc.Arbitrary<DelinquencyRules> = fc.record({
  order: anyOrder,
  toleranceMinor: fc.constantFrom(0, 3, 1_000, 100_000),
  buckets: fc.constant(standardBuckets),
});

/** Says that a rule holds for generated loans, rules and days. */
function holds(rule: (loan: LoanFacts, rules: DelinquencyRules, asOf: Day) => void, numRuns = 4_000): void {
  fc.assert(fc.property(anyLoan, anyRules, anyDay, rule), { numRuns });
}

describe('raw days past due', () => {
  it('never fall from one day to the next without a payment: while overdue they rise by one', () => {
    holds((loan, rules, asOf) => {
      const tomorrow = addDays(asOf, 1);
      fc.pre(!loan.payments.some(({ valueDay }) => valueDay === tomorrow));
      const today = delinquencyAsOf(loan, asOf, rules);
      const next = delinquencyAsOf(loan, tomorrow, rules);
      assert.ok(next.rawDpd >= today.rawDpd);
      if (today.oldestUnpaidDueDay !== null) assert.equal(next.rawDpd, today.rawDpd + 1);
      assert.ok(next.overdueMinor >= today.overdueMinor);
    }, 50_000);
  });

  it('never rise because money came', () => {
    holds((loan, rules, asOf) => {
      const more = { ...loan, payments: [...loan.payments, payment('more', asOf, 12_345)] };
      assert.ok(delinquencyAsOf(more, asOf, rules).rawDpd <= delinquencyAsOf(loan, asOf, rules).rawDpd);
    });
  });

  it('are the same whatever was paused, and so are the bucket and the amounts', () => {
    holds((loan, rules, asOf) => {
      const paused = delinquencyAsOf(loan, asOf, rules);
      const never = delinquencyAsOf({ ...loan, pauses: [] }, asOf, rules);
      assert.deepEqual({ ...paused, effectiveDpd: 0, pausedDays: 0 }, { ...never, effectiveDpd: 0, pausedDays: 0 });
      assert.equal(never.effectiveDpd, never.rawDpd);
    });
  });
});

describe('effective days past due', () => {
  it('lie between zero and the raw days', () => {
    holds((loan, rules, asOf) => {
      const { rawDpd, effectiveDpd, pausedDays } = delinquencyAsOf(loan, asOf, rules);
      assert.ok(0 <= effectiveDpd && effectiveDpd <= rawDpd);
      assert.equal(effectiveDpd + pausedDays, rawDpd);
    });
  });

  it('are not lowered by a pause that was over before the loan was overdue', () => {
    fc.assert(
      fc.property(anyLoan, anyRules, anyDay, fc.integer({ min: 1, max: 90 }), (loan, rules, asOf, days) => {
        const before = delinquencyAsOf(loan, asOf, rules);
        fc.pre(before.oldestUnpaidDueDay !== null);
        const until = addDays(before.oldestUnpaidDueDay, 1);
        const early: Pause = { from: addDays(until, -days), until };
        assert.deepEqual(delinquencyAsOf({ ...loan, pauses: [...loan.pauses, early] }, asOf, rules), before);
      }),
      { numRuns: 4_000 },
    );
  });

  it('are not lowered again by a pause inside another', () => {
    fc.assert(
      fc.property(anyLoan, anyRules, anyDay, anyPause, fc.nat(40), (loan, rules, asOf, outer, offset) => {
        const from = addDays(outer.from, offset);
        fc.pre(outer.until === null || from < outer.until);
        const once = { ...loan, pauses: [...loan.pauses, outer] };
        const twice = { ...loan, pauses: [...once.pauses, { from, until: outer.until }] };
        assert.deepEqual(delinquencyAsOf(twice, asOf, rules), delinquencyAsOf(once, asOf, rules));
      }),
      { numRuns: 4_000 },
    );
  });
});

describe('payments', () => {
  it('in whatever order they are read give the same standing', () => {
    holds((loan, rules, asOf) => {
      const reversed = { ...loan, payments: [...loan.payments].reverse() };
      assert.deepEqual(delinquencyAsOf(reversed, asOf, rules), delinquencyAsOf(loan, asOf, rules));
    }, 50_000);
  });

  it('in one piece or in two on the same day give the same standing', () => {
    fc.assert(
      fc.property(
        anyLoan,
        anyRules,
        anyDay,
        anyDay,
        fc.tuple(fc.nat(40_000), fc.nat(40_000)),
        (loan, rules, asOf, day, [a, b]) => {
          const whole = { ...loan, payments: [...loan.payments, payment('whole', day, a + b)] };
          const pieces = { ...loan, payments: [...loan.payments, payment('a', day, a), payment('b', day, b)] };
          assert.deepEqual(delinquencyAsOf(pieces, asOf, rules), delinquencyAsOf(whole, asOf, rules));
        },
      ),
      { numRuns: 4_000 },
    );
  });

  it('that are undone leave exactly what was before them, on every day', () => {
    fc.assert(
      fc.property(anyLoan, anyRules, anyDay, anyDay, anyDay, (loan, rules, asOf, valueDay, undoneOn) => {
        const late = payment('late', valueDay, 54_321);
        const undone = { ...loan, payments: [...loan.payments, late, undo(late, 'bounce', undoneOn)] };
        assert.deepEqual(delinquencyAsOf(undone, asOf, rules), delinquencyAsOf(loan, asOf, rules));
      }),
      { numRuns: 50_000 },
    );
  });
});

it('amounts agree: overdue is the sum of its components and never more than what is outstanding', () => {
  holds((loan, rules, asOf) => {
    const { overdue, overdueMinor, outstandingMinor, nextDueMinor, creditMinor } = delinquencyAsOf(loan, asOf, rules);
    assert.equal(totalMinor(overdue), overdueMinor);
    assert.ok(overdueMinor + nextDueMinor <= outstandingMinor);
    assert.equal(Math.min(outstandingMinor, creditMinor), 0);
  });
});

it('days past due are counted only when more than the tolerance is overdue', () => {
  holds((loan, rules, asOf) => {
    const { rawDpd, overdueMinor, oldestUnpaidDueDay } = delinquencyAsOf(loan, asOf, rules);
    assert.equal(rawDpd > 0, overdueMinor > rules.toleranceMinor);
    assert.equal(oldestUnpaidDueDay === null, rawDpd === 0);
  });
});
