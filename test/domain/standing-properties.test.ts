import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { addDays, type Day, dayNumber, dayOfNumber } from '../../src/domain/day';
import { delinquencyAsOf, type DelinquencyRules, standardBuckets } from '../../src/domain/delinquency';
import type { LoanFacts } from '../../src/domain/loan';
import { instalmentsAsOf } from '../../src/domain/standing/instalment-figures';
import { arrearsHistory, bucketHistory } from '../../src/domain/standing/standing-history';
import { anyAccountRules, anyChargeRules, anyLoanFacts, anyOldestFirst } from './account-samples';
import { anyDay, anyOrder, anyPayments, anySchedules, payment, undo } from './loan-arbitraries';

const anyLoan: fc.Arbitrary<LoanFacts> = fc.record({
  currency: fc.constant('CNY'),
  schedules: anySchedules,
  payments: anyPayments,
  pauses: fc.constant([]),
});
const anySettlement = fc
  .record({ from: anyDay, days: fc.integer({ min: 0, max: 120 }), amountMinor: fc.integer({ min: 1, max: 50_000 }) })
  .map(({ from, days, amountMinor }) => ({ from, until: addDays(from, days), amountMinor }));
const anySettledLoan = fc
  .tuple(anyLoan, anySettlement)
  .map(([loan, settlement]): LoanFacts => ({ ...loan, settlements: [settlement] }));
const anyRules: fc.Arbitrary<DelinquencyRules> = fc.record({
  order: anyOrder,
  toleranceMinor: fc.constantFrom(0, 3, 1_000, 100_000),
  buckets: fc.constant(standardBuckets),
});
/** The order in which most loans are paid, and the only one with a fast way through their days. */
const oldestFirst = anyRules.map((rules) => ({ ...rules, order: { ...rules.order, by: 'instalment' as const } }));

const anyWrittenOffLoan = fc
  .tuple(anyLoan, fc.option(anyDay))
  .map(([loan, writtenOffOn]): LoanFacts => ({ ...loan, writtenOffOn }));
const oldestFirstByState = fc
  .tuple(anyRules, anyOldestFirst)
  .map(([rules, order]): DelinquencyRules => ({ ...rules, order }));
const chargedOldestFirst = fc
  .tuple(oldestFirstByState, anyChargeRules)
  .map(([rules, charges]): DelinquencyRules => ({ ...rules, charges }));
const anyMoneyRules = anyAccountRules.map((rules): DelinquencyRules => ({ ...rules, buckets: standardBuckets }));

describe('the history of arrears', () => {
  it.each([
    ['whatever the order of payment', anyLoan, anyRules, 4_000],
    ['with a settlement that may be paid', anySettledLoan, anyRules, 4_000],
    ['oldest instalment first', anyLoan, oldestFirst, 50_000],
    ['oldest instalment first, in another order by state', anyWrittenOffLoan, oldestFirstByState, 20_000],
    ['oldest instalment first, with late fees and penalty interest', anyWrittenOffLoan, chargedOldestFirst, 1_000],
    ['with charges, waivers, settlements and any order by state', anyLoanFacts, anyMoneyRules, 1_000],
  ] as const)('says of any day what the standing of that day says: %s', (_case, loanOf, rulesOf, numRuns) => {
    fc.assert(
      fc.property(loanOf, rulesOf, anyDay, anyDay, (loan, rules, asOf, other) => {
        const spans = arrearsHistory(loan, asOf, rules);
        const day = other < asOf ? other : asOf;
        const anchorDay = spans.findLast(({ fromDay }) => fromDay <= dayNumber(day))?.anchorDay ?? null;
        const { oldestUnpaidDueDay } = delinquencyAsOf(loan, day, rules);
        assert.equal(anchorDay === null ? null : dayOfNumber(anchorDay), oldestUnpaidDueDay);
      }),
      { numRuns },
    );
  });

  it('is written of changes alone, in the order of days, and ends with the day that is asked about', () => {
    fc.assert(
      fc.property(anyLoan, anyRules, anyDay, (loan, rules, asOf) => {
        const spans = arrearsHistory(loan, asOf, rules);
        for (const [index, span] of spans.entries()) {
          const before = spans[index - 1];
          if (before === undefined) continue;
          assert.ok(before.fromDay < span.fromDay && span.fromDay <= dayNumber(asOf));
          assert.notEqual(before.anchorDay, span.anchorDay);
        }
      }),
      { numRuns: 4_000 },
    );
  });

  it('lets days past due fall only on the day of a payment or of another schedule', () => {
    fc.assert(
      fc.property(anyLoan, oldestFirst, anyDay, (loan, rules, asOf) => {
        const causes = new Set<Day>([
          ...loan.payments.map(({ valueDay }) => valueDay),
          ...loan.schedules.map(({ effectiveFrom }) => effectiveFrom),
        ]);
        const spans = arrearsHistory(loan, asOf, rules);
        for (const [index, { fromDay, anchorDay }] of spans.entries()) {
          const before = spans[index - 1]?.anchorDay ?? null;
          if (before === null || (anchorDay !== null && anchorDay <= before)) continue;
          assert.ok(causes.has(dayOfNumber(fromDay)));
        }
      }),
      { numRuns: 50_000 },
    );
  });

  it('is the same in whatever order its facts are read', () => {
    fc.assert(
      fc.property(anyLoan, anyRules, anyDay, (loan, rules, asOf) => {
        const turned = { ...loan, schedules: loan.schedules.toReversed(), payments: loan.payments.toReversed() };
        assert.deepEqual(arrearsHistory(turned, asOf, rules), arrearsHistory(loan, asOf, rules));
      }),
      { numRuns: 10_000 },
    );
  });

  it('after a payment was undone is what it was before', () => {
    fc.assert(
      fc.property(anyLoan, anyRules, anyDay, anyDay, anyDay, (loan, rules, asOf, valueDay, undoneOn) => {
        const late = payment('late', valueDay, 54_321);
        const undone = { ...loan, payments: [...loan.payments, late, undo(late, 'reversal', undoneOn)] };
        assert.deepEqual(bucketHistory(undone, asOf, rules), bucketHistory(loan, asOf, rules));
      }),
      { numRuns: 10_000 },
    );
  });
});

it('the bucket history says of any day what the standing of that day says, and its stays follow one another', () => {
  fc.assert(
    fc.property(anyLoan, anyRules, anyDay, anyDay, (loan, rules, asOf, other) => {
      const stays = bucketHistory(loan, asOf, rules);
      const day = other < asOf ? other : asOf;
      const stay = stays.find(({ enteredOn, leftOn }) => enteredOn <= day && (leftOn === null || day < leftOn));
      assert.equal(stay?.bucket ?? 'M0', delinquencyAsOf(loan, day, rules).bucket);
      for (const [index, { leftOn, bucket }] of stays.entries()) {
        assert.equal(leftOn, stays[index + 1]?.enteredOn ?? null);
        assert.notEqual(bucket, stays[index + 1]?.bucket);
      }
    }),
    { numRuns: 10_000 },
  );
});

it.each([
  ['without charges', anyLoan, anyRules, 10_000],
  ['with charges, waivers, settlements and orders by state', anyLoanFacts, anyMoneyRules, 1_500],
] as const)(
  'what instalments say adds up to what the loan says, to the minor unit: %s',
  (_case, loanOf, rulesOf, numRuns) => {
    fc.assert(
      fc.property(loanOf, rulesOf, anyDay, (loan, rules, asOf) => {
        const lines = instalmentsAsOf(loan, asOf, rules);
        const { overdueMinor, outstandingMinor, rawDpd } = delinquencyAsOf(loan, asOf, rules);
        const sum = (figures: readonly number[]): number => figures.reduce((a, b) => a + b, 0);
        assert.equal(sum(lines.map(({ unpaidMinor }) => unpaidMinor)), outstandingMinor);
        assert.equal(sum(lines.filter(({ dpd }) => dpd > 0).map(({ unpaidMinor }) => unpaidMinor)), overdueMinor);
        for (const { dueMinor, paidMinor, unpaidMinor } of lines) assert.equal(paidMinor + unpaidMinor, dueMinor);
        assert.ok(rawDpd <= Math.max(0, ...lines.map(({ dpd }) => dpd)));
      }),
      { numRuns },
    );
  },
);
