import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import type { ClassificationRules } from '../../src/domain/classification/classification-rules';
import { type Classification, classify } from '../../src/domain/classification/classify';
import { addDays, type Day, daysBetween } from '../../src/domain/day';
import { delinquencyAsOf, type DelinquencyRules, standardBuckets } from '../../src/domain/delinquency';
import type { LoanFacts } from '../../src/domain/loan';
import { euDefault, fiveTiers, rulesOf, writtenFiveTiers } from './classification-samples';
import { anyDay, anyOrder, anyPayments, anySchedules, dayZero, payment, undo } from './loan-arbitraries';
import { naiveClasses } from './naive-classes';

const anyLoan: fc.Arbitrary<LoanFacts> = fc.record({
  currency: fc.constant('CNY'),
  schedules: anySchedules,
  payments: anyPayments,
  pauses: fc.constant([]),
});
const anyRules: fc.Arbitrary<DelinquencyRules> = fc.record({
  order: anyOrder.map((order) => ({ ...order, by: 'instalment' as const })),
  toleranceMinor: fc.constantFrom(0, 1_000, 30_000),
  buckets: fc.constant(standardBuckets),
});
// Thresholds within reach of the generated loans, whose days lie within 400 of one another.
const quick = rulesOf({
  ...writtenFiveTiers,
  classes: {
    normal: { provisionPerMille: 10 },
    'special-mention': { overDpd: 10, provisionPerMille: 20 },
    substandard: { overDpd: 40, provisionPerMille: 250, nonPerforming: true },
    loss: { overDpd: 120, provisionPerMille: 1000, nonPerforming: true },
  },
  cureMonths: 1,
  restructured: { atLeast: 'special-mention', observeMonths: 3 },
  customer: { atLeast: 'special-mention', cureMonths: 2 },
});
const anySetting = fc.constantFrom(fiveTiers, euDefault, quick);

function classOf(
  facts: LoanFacts,
  asOf: Day,
  rules: DelinquencyRules,
  setting: ClassificationRules,
  others: readonly LoanFacts[] = [],
): Classification {
  return classify({ facts, outstandingPrincipalMinor: 0, others }, asOf, rules, setting);
}

function onDay({ history }: Classification, day: Day, setting: ClassificationRules): string | undefined {
  return history.findLast(({ fromDay }) => fromDay <= day)?.class ?? setting.classes[0]?.name;
}

function rankOf(name: string | undefined, { classes }: ClassificationRules): number {
  return classes.findIndex((one) => one.name === name);
}

describe('the history of classes', () => {
  it('is on every day what looking at every single day gives', () => {
    fc.assert(
      fc.property(anyLoan, anyRules, anySetting, (loan, rules, setting) => {
        const asOf = addDays(dayZero, 400);
        const history = classOf(loan, asOf, rules, setting);
        const firstDay = addDays(dayZero, -61);
        const naive = naiveClasses(loan, firstDay, asOf, rules, setting);
        for (const [index, name] of naive.entries()) {
          assert.equal(onDay(history, addDays(firstDay, index), setting), name, addDays(firstDay, index));
        }
      }),
      { numRuns: 400 },
    );
  });

  it('is never better than the days past due of the day, and goes up only on a day without arrears', () => {
    fc.assert(
      fc.property(anyLoan, anyRules, anySetting, anyDay, (loan, rules, setting, asOf) => {
        const { history } = classOf(loan, asOf, rules, setting);
        const { rawDpd } = delinquencyAsOf(loan, asOf, rules);
        const asked = setting.classes.findLastIndex(({ overDpd }) => overDpd !== null && rawDpd > overDpd);
        assert.ok(rankOf(history.at(-1)?.class, setting) >= asked);
        for (const [index, entry] of history.entries()) {
          const before = history[index - 1];
          if (before === undefined || rankOf(entry.class, setting) > rankOf(before.class, setting)) continue;
          assert.equal(delinquencyAsOf(loan, entry.fromDay, rules).rawDpd, 0);
        }
      }),
      { numRuns: 50_000 },
    );
  });

  it('up to a day does not depend on what comes after', () => {
    fc.assert(
      fc.property(anyLoan, anyRules, anySetting, anyDay, fc.nat(200), (loan, rules, setting, day, further) => {
        const later = classOf(loan, addDays(day, further), rules, setting);
        assert.equal(onDay(later, day, setting), classOf(loan, day, rules, setting).class);
      }),
      { numRuns: 10_000 },
    );
  });

  it('is the same in whatever order facts are read, and after a payment that was undone', () => {
    fc.assert(
      fc.property(anyLoan, anyRules, anySetting, anyDay, anyDay, (loan, rules, setting, asOf, valueDay) => {
        const late = payment('late', valueDay, 54_321);
        const payments = [undo(late, 'bounce', asOf), ...loan.payments.toReversed(), late];
        const turned = { ...loan, schedules: loan.schedules.toReversed(), payments };
        assert.deepEqual(classOf(turned, asOf, rules, setting), classOf(loan, asOf, rules, setting));
      }),
      { numRuns: 10_000 },
    );
  });
});

it('a customer’s other loans only ever make a loan worse, and exactly while one of them is a bad debt or was of late', () => {
  fc.assert(
    fc.property(anyLoan, fc.array(anyLoan, { maxLength: 2 }), anyRules, anyDay, (loan, others, rules, asOf) => {
      const { customer } = quick;
      assert.ok(customer !== null);
      const alone = rankOf(classOf(loan, asOf, rules, quick).class, quick);
      const together = rankOf(classOf(loan, asOf, rules, quick, others).class, quick);
      // The two months of cure, looked at day by day.
      const isHeld = others.some((other) => {
        const history = classOf(other, asOf, rules, quick);
        return [...Array(63).keys()]
          .map((days) => addDays(asOf, -days))
          .some((day, days) => {
            const isBad = quick.classes[rankOf(onDay(history, day, quick), quick)]?.nonPerforming === true;
            return isBad && (days === 0 || asOf < monthsAfter(addDays(day, 1), customer.cureMonths));
          });
      });
      assert.equal(together, isHeld ? Math.max(alone, customer.atLeast) : alone);
    }),
    { numRuns: 4_000 },
  );
});

/** As `addMonths` has it, with the arithmetic of days: no generated day is beyond the 28th by mistake. */
function monthsAfter(day: Day, months: number): Day {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const first = new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10);
  const next = new Date(Date.UTC(year, month + months, 1)).toISOString().slice(0, 10);
  return addDays(first, Math.min(date, daysBetween(first, next)) - 1);
}
