import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { allocate, sumAmounts } from '../../src/domain/allocation';
import { addDays, daysBetween } from '../../src/domain/day';
import { type Delinquency, delinquencyAsOf, standardBuckets } from '../../src/domain/delinquency';
import { type Amounts, type Instalment, type Schedule, totalMinor } from '../../src/domain/loan';
import { Refusal } from '../../src/domain/refusal';
import { restructure, type RestructureTerms } from '../../src/domain/restructure';
import { anyDay, anyOrder, anyPaidMinor, anySchedule, payment } from './loan-arbitraries';

const limits = { daysMax: 365, countMax: 60 };

const anyTerms = fc.oneof(
  fc.record({ kind: fc.constant('extension' as const), days: fc.integer({ min: 1, max: 200 }) }),
  fc.record({
    kind: fc.constant('instalments' as const),
    count: fc.integer({ min: 1, max: 24 }),
    firstDueInDays: fc.integer({ min: 1, max: 90 }),
    everyMonths: fc.integer({ min: 1, max: 3 }),
  }),
);
const anyRestructure = fc
  .record({ schedule: anySchedule, order: anyOrder, day: anyDay, draft: anyTerms })
  .chain((scene) => anyPaidMinor(scene.schedule.instalments).map((paidMinor) => ({ ...scene, paidMinor })))
  .map(({ schedule, order, day, draft, paidMinor }) => {
    const before = allocate(schedule.instalments, paidMinor, order);
    const terms: RestructureTerms =
      draft.kind === 'extension' ? draft : { ...draft, firstDueDay: addDays(day, draft.firstDueInDays) };
    return {
      schedule,
      order,
      day,
      terms,
      paidMinor,
      before,
      after: attempted(() => restructure(schedule, before, terms, day, limits)),
    };
  })
  .filter((scene): scene is typeof scene & { after: Schedule } => scene.after !== null);

type Scene = typeof anyRestructure extends fc.Arbitrary<infer Generated> ? Generated : never;

/** A lawful refusal is no case for these rules; every other error is a failure of them. */
function attempted(make: () => Schedule): Schedule | null {
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

describe('every restructure', () => {
  it('keeps the total of every component to the minor unit', () => {
    fc.assert(
      fc.property(anyRestructure, ({ schedule, after }) => {
        assert.deepEqual(dueOf(after.instalments), dueOf(schedule.instalments));
      }),
      { numRuns: 4_000 },
    );
  });

  it('keeps what is unpaid of every component: the same money settles the same', () => {
    fc.assert(
      fc.property(anyRestructure, ({ after, before, order, paidMinor }) => {
        const again = allocate(after.instalments, paidMinor, order);
        const unpaidOf = ({ unpaid }: typeof before) => sumAmounts(unpaid.map((line) => line.unpaid));
        assert.deepEqual(unpaidOf(again), unpaidOf(before));
        assert.equal(again.creditMinor, before.creditMinor);
      }),
      { numRuns: 4_000 },
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

describe('after instalments', () => {
  const anySpread = anyRestructure.filter(({ terms }) => terms.kind === 'instalments');

  it('nothing is overdue on the day, in whatever order money settles what is due', () => {
    fc.assert(
      fc.property(anySpread, (scene) => {
        const [before, after] = standings(scene);
        assert.ok(before.rawDpd > 0);
        assert.deepEqual([after.rawDpd, after.overdueMinor], [0, 0]);
        assert.equal(after.outstandingMinor, before.outstandingMinor);
      }),
      { numRuns: 3_000 },
    );
  });

  it('each new instalment asks for something, and none for more than one minor unit above another', () => {
    fc.assert(
      fc.property(anySpread, ({ schedule, after }) => {
        const totals = after.instalments.slice(schedule.instalments.length).map(({ due }) => totalMinor(due));
        assert.ok(Math.min(...totals) > 0);
        assert.ok(Math.max(...totals) - Math.min(...totals) <= 1);
      }),
      { numRuns: 3_000 },
    );
  });
});

it('an extension by n days lowers days past due by n, and no further than to zero', () => {
  fc.assert(
    fc.property(anyRestructure, (scene) => {
      const { terms } = scene;
      fc.pre(terms.kind === 'extension');
      const [before, after] = standings(scene);
      assert.equal(after.rawDpd, Math.max(0, before.rawDpd - terms.days));
      assert.equal(after.outstandingMinor, before.outstandingMinor);
      if (after.oldestUnpaidDueDay !== null) {
        assert.equal(daysBetween(before.oldestUnpaidDueDay!, after.oldestUnpaidDueDay), terms.days);
      }
    }),
    { numRuns: 3_000 },
  );
});
