import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { allocate, type AllocationOrder, netPaidMinor, sumAmounts } from '../../src/domain/allocation';
import { type Amounts, components, type Instalment, noAmounts, totalMinor, undoingKinds } from '../../src/domain/loan';
import { anyDay, anyInstalments, anyOrder, anyPaidMinor, anyPayments, payment, undo } from './loan-arbitraries';

const byInstalment: AllocationOrder = { by: 'instalment', components: ['penalty', 'fee', 'interest', 'principal'] };
const byComponent: AllocationOrder = { ...byInstalment, by: 'component' };

const march: Instalment = { no: 1, dueDay: '2026-03-01', due: { penalty: 10, fee: 0, interest: 40, principal: 100 } };
const april: Instalment = { no: 2, dueDay: '2026-04-01', due: { penalty: 0, fee: 5, interest: 30, principal: 100 } };

function unpaidAfter(paidMinor: number, order: AllocationOrder, instalments = [april, march]): [number, Amounts][] {
  return allocate(instalments, paidMinor, order).unpaid.map(({ instalment, unpaid }) => [instalment.no, unpaid]);
}

describe('money by instalment', () => {
  it.each<[string, number, [number, Amounts][]]>([
    [
      'nothing paid leaves all, oldest first',
      0,
      [
        [1, march.due],
        [2, april.due],
      ],
    ],
    [
      'settles penalty, then interest of the oldest',
      30,
      [
        [1, { penalty: 0, fee: 0, interest: 20, principal: 100 }],
        [2, april.due],
      ],
    ],
    ['settles the oldest whole', 150, [[2, april.due]]],
    ['goes on with the next', 160, [[2, { penalty: 0, fee: 0, interest: 25, principal: 100 }]]],
    ['settles all', 285, []],
  ])('%s', (_rule, paidMinor, expected) => {
    expect(unpaidAfter(paidMinor, byInstalment)).toEqual(expected);
  });

  it('of the same due day goes by number', () => {
    const twin = { ...march, no: 7 };
    expect(unpaidAfter(150, byInstalment, [twin, march])).toEqual([[7, twin.due]]);
  });

  it('settles principal first where the policy says so', () => {
    const order: AllocationOrder = { by: 'instalment', components: ['principal', 'interest', 'fee', 'penalty'] };
    expect(unpaidAfter(120, order)).toEqual([
      [1, { penalty: 10, fee: 0, interest: 20, principal: 0 }],
      [2, april.due],
    ]);
  });
});

describe('money by component', () => {
  it.each<[string, number, [number, Amounts][]]>([
    [
      'settles penalty and fee of every instalment first',
      15,
      [
        [1, { ...march.due, penalty: 0 }],
        [2, { ...april.due, fee: 0 }],
      ],
    ],
    [
      'then interest, oldest first',
      60,
      [
        [1, { ...noAmounts, principal: 100 }],
        [2, { ...noAmounts, interest: 25, principal: 100 }],
      ],
    ],
    ['principal last', 185, [[2, { ...noAmounts, principal: 100 }]]],
  ])('%s', (_rule, paidMinor, expected) => {
    expect(unpaidAfter(paidMinor, byComponent)).toEqual(expected);
  });
});

describe('an allocation', () => {
  it('keeps money beyond the schedule as credit', () => {
    expect(allocate([march, april], 300, byInstalment)).toEqual({ unpaid: [], creditMinor: 15 });
    expect(allocate([], 300, byComponent)).toEqual({ unpaid: [], creditMinor: 300 });
  });

  it.each([-1, 0.5, Number.MAX_SAFE_INTEGER + 1])('refuses %d as money', (paidMinor) => {
    expect(() => allocate([march], paidMinor, byInstalment)).toThrow(RangeError);
  });

  it('refuses an order that forgets a component or names one twice', () => {
    for (const names of [
      ['penalty', 'fee', 'interest'],
      ['penalty', 'fee', 'fee', 'principal'],
    ] as const) {
      expect(() => allocate([march], 0, { by: 'instalment', components: names })).toThrow(RangeError);
    }
  });

  const anyAllocation = fc
    .record({ instalments: anyInstalments, order: anyOrder })
    .chain((scene) => anyPaidMinor(scene.instalments).map((paidMinor) => ({ ...scene, paidMinor })));

  it('loses no money: what came in is what was settled and the credit', () => {
    fc.assert(
      fc.property(anyAllocation, ({ instalments, order, paidMinor }) => {
        const { unpaid, creditMinor } = allocate(instalments, paidMinor, order);
        const dueMinor = totalMinor(sumAmounts(instalments.map(({ due }) => due)));
        const unpaidMinor = totalMinor(sumAmounts(unpaid.map((line) => line.unpaid)));
        assert.equal(dueMinor - unpaidMinor + creditMinor, paidMinor);
        assert.equal(Math.min(unpaidMinor, creditMinor), 0);
      }),
      { numRuns: 50_000 },
    );
  });

  it('never settles more than is due, and lists instalments by due day', () => {
    fc.assert(
      fc.property(anyAllocation, ({ instalments, order, paidMinor }) => {
        const { unpaid } = allocate(instalments, paidMinor, order);
        const within = unpaid.every((line) =>
          components.every((name) => line.unpaid[name] >= 0 && line.unpaid[name] <= line.instalment.due[name]),
        );
        assert.ok(within);
        const keys = unpaid.map(({ instalment }) => `${instalment.dueDay} ${instalment.no}`);
        assert.deepEqual(keys, [...keys].sort());
      }),
      { numRuns: 5_000 },
    );
  });

  it('does not depend on the order in which instalments are read', () => {
    fc.assert(
      fc.property(anyAllocation, ({ instalments, order, paidMinor }) => {
        assert.deepEqual(
          allocate([...instalments].reverse(), paidMinor, order),
          allocate(instalments, paidMinor, order),
        );
      }),
      { numRuns: 5_000 },
    );
  });

  it('leaves the instalments that it was given as they were', () => {
    const given = structuredClone([april, march]);
    allocate(given, 60, byComponent);
    expect(given).toEqual([april, march]);
  });
});

describe('net money paid', () => {
  const first = payment('p-1', '2026-03-01', 500);
  const second = payment('p-2', '2026-03-10', 300);

  it('counts from its value day on', () => {
    expect(netPaidMinor([first, second], '2026-02-28')).toBe(0);
    expect(netPaidMinor([first, second], '2026-03-09')).toBe(500);
    expect(netPaidMinor([first, second], '2026-03-10')).toBe(800);
  });

  it.each(undoingKinds)('forgets a payment with a %s on every day, also before it came', (kind) => {
    const facts = [first, second, undo(first, kind, '2026-05-01')];
    expect(netPaidMinor(facts, '2026-03-05')).toBe(0);
    expect(netPaidMinor(facts, '2026-04-30')).toBe(300);
    expect(netPaidMinor(facts, '2026-06-01')).toBe(300);
  });

  it('is never negative: a reversal without its payment takes nothing', () => {
    expect(netPaidMinor([undo(first, 'reversal', '2026-03-02'), second], '2026-03-31')).toBe(300);
  });

  it('does not depend on the order in which payments are read', () => {
    fc.assert(
      fc.property(
        anyPayments.chain((payments) =>
          fc.tuple(fc.constant(payments), fc.shuffledSubarray(payments, { minLength: payments.length })),
        ),
        anyDay,
        ([payments, shuffled], asOf) => {
          assert.equal(netPaidMinor(shuffled, asOf), netPaidMinor(payments, asOf));
        },
      ),
      { numRuns: 50_000 },
    );
  });

  it('with a payment that is undone is what it was without it, on every day', () => {
    fc.assert(
      fc.property(
        anyPayments,
        anyDay,
        anyDay,
        anyDay,
        fc.nat(90_000),
        (payments, valueDay, undoneOn, asOf, amountMinor) => {
          const late = payment('late', valueDay, amountMinor);
          const after = netPaidMinor([...payments, late, undo(late, 'bounce', undoneOn)], asOf);
          assert.equal(after, netPaidMinor(payments, asOf));
        },
      ),
      { numRuns: 50_000 },
    );
  });
});
