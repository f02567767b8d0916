import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { allocate, sumAmounts } from '../../src/domain/allocation';
import { rearrange, type Rearranged } from '../../src/domain/arrangement/rearrange';
import type { ArrangementTerms } from '../../src/domain/arrangement/terms';
import { addDays, type Day, daysBetween } from '../../src/domain/day';
import { type Delinquency, delinquencyAsOf, standardBuckets } from '../../src/domain/delinquency';
import { type Amounts, components, type Instalment, type Schedule, totalMinor } from '../../src/domain/loan';
import { Refusal } from '../../src/domain/refusal';
import { anyDay, anyOrder, anyPaidMinor, anySchedule, payment } from './loan-arbitraries';

const newInstalments = {
  count: fc.integer({ min: 1, max: 24 }),
  firstDueInDays: fc.integer({ min: 1, max: 90 }),
  everyMonths: fc.integer({ min: 1, max: 3 }),
};
const anyExtension = fc.record({ kind: fc.constant('extension' as const), days: fc.integer({ min: 1, max: 200 }) });
const anySpread = fc.record({ kind: fc.constantFrom('instalments' as const, 're-age' as const), ...newInstalments });
const anyWithDownPayment = fc.record({
  kind: fc.constantFrom('instalments' as const, 're-age' as const),
  ...newInstalments,
  downMinor: fc.integer({ min: 1, max: 5_000 }),
});
const anyNewPrice = fc.oneof(
  fc.constant({ kind: 're-amortise' as const, method: 'spread' as const }),
  fc.record({
    kind: fc.constant('re-amortise' as const),
    method: fc.constantFrom('annuity' as const, 'equal-principal' as const),
    yearlyRateBps: fc.integer({ min: 0, max: 3_600 }),
    ...newInstalments,
  }),
  fc.record({
    kind: fc.constant('interest-reduction' as const),
    reductionPerMille: fc.integer({ min: 1, max: 1_000 }),
  }),
);
const anyDraft = fc.oneof(anyExtension, anySpread, anyWithDownPayment, anyNewPrice);
type Draft = typeof anyDraft extends fc.Arbitrary<infer Generated> ? Generated : never;

function termsOf(draft: Draft, day: Day): ArrangementTerms {
  if (!('firstDueInDays' in draft)) return draft;
  const { firstDueInDays, ...terms } = draft;
  const firstDueDay = addDays(day, firstDueInDays);
  if (!('downMinor' in terms)) return { ...terms, firstDueDay };
  const { downMinor, ...rest } = terms;
  return { ...rest, firstDueDay, downPayment: { amountMinor: downMinor, dueDay: addDays(day, 1) } };
}

const anyArrangement = (drafts: fc.Arbitrary<Draft>) =>
  fc
    .record({ schedule: anySchedule, order: anyOrder, day: anyDay, draft: drafts })
    .chain((scene) => anyPaidMinor(scene.schedule.instalments).map((paidMinor) => ({ ...scene, paidMinor })))
    .map(({ schedule, order, day, draft, paidMinor }) => {
      const before = allocate(schedule.instalments, paidMinor, order);
      const terms: ArrangementTerms = termsOf(draft, day);
      const made = attempted(() => rearrange({ schedule, allocation: before, order }, terms, day));
      return { schedule, order, day, terms, paidMinor, before, made, after: made?.schedule ?? null };
    })
    .filter((scene): scene is typeof scene & { made: Rearranged; after: Schedule } => scene.after !== null);

const anyRestructure = anyArrangement(anyDraft);
type Scene = typeof anyRestructure extends fc.Arbitrary<infer Generated> ? Generated : never;

/** A lawful refusal is no case for these rules; every other error is a failure of them. */
function attempted<T>(make: () => T): T | null {
  try {
    return make();
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

function dueOf(instalments: readonly Instalment[]): Amounts {
  return sumAmounts(instalments.map(({ due }) => due));
}

describe('every arrangement that makes a schedule', () => {
  it('adds up to the minor unit: due after is due before, less what is waived, with what is added', () => {
    fc.assert(
      fc.property(anyRestructure, ({ schedule, after, made: { waived, added } }) => {
        const [before, now] = [dueOf(schedule.instalments), dueOf(after.instalments)];
        for (const component of components) {
          assert.equal(now[component], before[component] - waived[component] + added[component]);
          assert.ok(waived[component] >= 0 && added[component] >= 0);
        }
        for (const { due } of after.instalments) assert.ok(components.every((component) => due[component] >= 0));
      }),
      { numRuns: 50_000 },
    );
  });

  it('keeps the money: the same money settles the same total, but for what is waived and added', () => {
    fc.assert(
      fc.property(anyRestructure, ({ after, before, order, paidMinor, made: { waived, added } }) => {
        const again = allocate(after.instalments, paidMinor, order);
        const unpaidOf = ({ unpaid }: typeof before) => totalMinor(sumAmounts(unpaid.map((line) => line.unpaid)));
        assert.equal(unpaidOf(again), unpaidOf(before) - totalMinor(waived) + totalMinor(added));
        assert.equal(again.creditMinor, before.creditMinor);
      }),
      { numRuns: 4_000 },
    );
  });

  it('that gives up nothing keeps what is unpaid of every component', () => {
    fc.assert(
      fc.property(anyArrangement(fc.oneof(anyExtension, anySpread)), ({ after, before, order, paidMinor }) => {
        const again = allocate(after.instalments, paidMinor, order);
        const unpaidOf = ({ unpaid }: typeof before) => sumAmounts(unpaid.map((line) => line.unpaid));
        assert.deepEqual(unpaidOf(again), unpaidOf(before));
        assert.equal(again.creditMinor, before.creditMinor);
      }),
      { numRuns: 2_000 },
    );
  });

  it('numbers each instalment once, the old ones as before', () => {
    fc.assert(
      fc.property(anyRestructure, ({ schedule, after }) => {
        const numbers = after.instalments.map(({ no }) => no);
        assert.equal(new Set(numbers).size, numbers.length);
        assert.deepEqual(
          numbers.slice(0, schedule.instalments.length),
          schedule.instalments.map(({ no }) => no),
        );
      }),
      { numRuns: 2_000 },
    );
  });
});

function standings({ schedule, after, order, day, paidMinor }: Scene): [Delinquency, Delinquency] {
  const facts = {
    currency: 'CNY',
    payments: paidMinor > 0 ? [payment('p-1', '2026-01-01', paidMinor)] : [],
    pauses: [],
  };
  const rules = { order, toleranceMinor: 0, buckets: standardBuckets };
  return [
    delinquencyAsOf({ ...facts, schedules: [schedule] }, day, rules),
    delinquencyAsOf({ ...facts, schedules: [schedule, after] }, day, rules),
  ];
}

describe('after instalments or re-ageing', () => {
  const spread = anyArrangement(anySpread);

  it('nothing is overdue on the day, in whatever order money settles what is due', () => {
    fc.assert(
      fc.property(spread, (scene) => {
        const [before, after] = standings(scene);
        assert.ok(before.rawDpd > 0);
        assert.deepEqual([after.rawDpd, after.overdueMinor], [0, 0]);
        assert.equal(after.outstandingMinor, before.outstandingMinor);
      }),
      { numRuns: 2_000 },
    );
  });

  it('each new instalment asks for something, and none for more than one minor unit above another', () => {
    fc.assert(
      fc.property(spread, ({ schedule, after }) => {
        const totals = after.instalments.slice(schedule.instalments.length).map(({ due }) => totalMinor(due));
        assert.ok(Math.min(...totals) > 0);
        assert.ok(Math.max(...totals) - Math.min(...totals) <= 1);
      }),
      { numRuns: 2_000 },
    );
  });
});

it('an extension by n days lowers days past due by n, and no further than to zero', () => {
  fc.assert(
    fc.property(anyArrangement(anyExtension), (scene) => {
      const { terms } = scene;
      assert.ok(terms.kind === 'extension');
      const [before, after] = standings(scene);
      assert.equal(after.rawDpd, Math.max(0, before.rawDpd - terms.days));
      assert.equal(after.outstandingMinor, before.outstandingMinor);
      if (after.oldestUnpaidDueDay !== null) {
        assert.equal(daysBetween(before.oldestUnpaidDueDay!, after.oldestUnpaidDueDay), terms.days);
      }
    }),
    { numRuns: 2_000 },
  );
});
