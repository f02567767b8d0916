import fc from 'fast-check';
import type { AllocationOrder } from '../../src/domain/allocation';
import { addDays, addMonths, type Day } from '../../src/domain/day';
import {
  type Amounts,
  components,
  type Instalment,
  type Pause,
  type Payment,
  type Schedule,
  totalMinor,
  type UndoingKind,
  undoingKinds,
} from '../../src/domain/loan';

/** Day 0 of the generated loans. All generated days lie within a few hundred days of it, so that spans meet. */
export const dayZero: Day = '2026-01-15';

export const anyDay: fc.Arbitrary<Day> = fc.integer({ min: -60, max: 400 }).map((days) => addDays(dayZero, days));

const anyFigure = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 50_000 }));
export const anyAmounts: fc.Arbitrary<Amounts> = fc.record({
  penalty: anyFigure,
  fee: anyFigure,
  interest: anyFigure,
  principal: anyFigure,
});

/** Up to eight instalments, some due on the same day, some with nothing due, listed in any order. */
export const anyInstalments: fc.Arbitrary<Instalment[]> = fc
  .array(fc.record({ month: fc.integer({ min: 0, max: 7 }), due: anyAmounts }), { minLength: 1, maxLength: 8 })
  .chain((lines) =>
    fc.shuffledSubarray(
      lines.map(({ month, due }, index) => ({ no: index + 1, dueDay: addMonths(dayZero, month), due })),
      { minLength: lines.length },
    ),
  );

export const anySchedule: fc.Arbitrary<Schedule> = anyInstalments.map((instalments) => ({
  no: 1,
  effectiveFrom: '2025-12-15',
  instalments,
}));

/** A contract and up to two later schedules, agreed on any days, listed in any order. */
export const anySchedules: fc.Arbitrary<Schedule[]> = fc
  .tuple(anySchedule, fc.array(fc.record({ effectiveFrom: anyDay, instalments: anyInstalments }), { maxLength: 2 }))
  .chain(([contract, later]) =>
    fc.shuffledSubarray([contract, ...later.map((parts, index) => ({ no: index + 2, ...parts }))], {
      minLength: later.length + 1,
    }),
  );

export const anyOrder: fc.Arbitrary<AllocationOrder> = fc.record({
  by: fc.constantFrom('instalment', 'component'),
  components: fc.shuffledSubarray([...components], { minLength: components.length }),
});

export const anyPause: fc.Arbitrary<Pause> = fc
  .tuple(anyDay, fc.option(fc.integer({ min: 1, max: 90 }), { freq: 6 }))
  .map(([from, days]) => ({ from, until: days === null ? null : addDays(from, days) }));

export const anyPauses: fc.Arbitrary<Pause[]> = fc.array(anyPause, { maxLength: 5 });

/** Money as a share of all that is due, a little beyond it at most, so that no case is only "nothing paid" or "all paid". */
export function anyPaidMinor(instalments: readonly Instalment[]): fc.Arbitrary<number> {
  const dueMinor = instalments.reduce((sum, { due }) => sum + totalMinor(due), 0);
  return fc.oneof(fc.integer({ min: 0, max: dueMinor }), fc.integer({ min: 0, max: dueMinor + 1_000 }));
}

/** Payments on any days; some are undone, on a later or an earlier day. */
export const anyPayments: fc.Arbitrary<Payment[]> = fc
  .array(
    fc.record({
      valueDay: anyDay,
      amountMinor: fc.integer({ min: 1, max: 60_000 }),
      undoneOn: fc.option(anyDay, { freq: 1 }),
      undoneBy: fc.constantFrom(...undoingKinds),
    }),
    { maxLength: 6 },
  )
  .map((drafts) =>
    drafts.flatMap(({ valueDay, amountMinor, undoneOn, undoneBy }, index) => {
      const paid = payment(`p-${index}`, valueDay, amountMinor);
      return undoneOn === null ? [paid] : [paid, undo(paid, undoneBy, undoneOn)];
    }),
  );

export function payment(id: string, valueDay: Day, amountMinor: number): Payment {
  return { id, kind: 'payment', valueDay, amountMinor, reverses: null };
}

export function undo(paid: Payment, kind: UndoingKind, valueDay: Day): Payment {
  return { id: `${kind}-of-${paid.id}`, kind, valueDay, amountMinor: paid.amountMinor, reverses: paid.id };
}
