import fc from 'fast-check';
import type { AccountRules } from '../../src/domain/account/account';
import type { AllocationOrder } from '../../src/domain/allocation';
import type { AllocationRules } from '../../src/domain/allocation-rules';
import type { ChargeRules } from '../../src/domain/charge/charge-rules';
import { addDays } from '../../src/domain/day';
import { type LoanFacts, noAmounts, type Schedule, type Settlement, type Waiver } from '../../src/domain/loan';
import { anyDay, anyInstalments, anyOrder, anyPauses, anyPayments, dayZero } from './loan-arbitraries';

export const usual: AllocationOrder = { by: 'instalment', components: ['penalty', 'fee', 'interest', 'principal'] };

const option = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const anyScoped: fc.Arbitrary<AllocationOrder> = fc
  .tuple(anyOrder, fc.boolean())
  .map(([order, dueFirst]) => (dueFirst ? { ...order, by: 'component', scope: 'due-first' } : order));

export const anyAllocationRules: fc.Arbitrary<AllocationRules> = fc
  .record({
    normal: anyScoped,
    nonPerforming: option(fc.tuple(anyScoped, fc.integer({ min: 1, max: 120 }))),
    settlement: option(anyScoped),
    writtenOff: option(anyScoped),
  })
  .map(({ normal, nonPerforming, settlement, writtenOff }) => ({
    ...normal,
    ...(nonPerforming !== undefined && { nonPerforming: { ...nonPerforming[0], fromDpd: nonPerforming[1] } }),
    ...(settlement !== undefined && { settlement }),
    ...(writtenOff !== undefined && { writtenOff }),
  }));

export const anyChargeRules: fc.Arbitrary<ChargeRules> = fc
  .record({
    graceDays: fc.integer({ min: 0, max: 10 }),
    lateFeeMinor: fc.integer({ min: 0, max: 3_000 }),
    penaltyInterest: fc.option(
      fc.record({
        perMillePerYear: fc.integer({ min: 1, max: 400 }),
        daysInYear: fc.constantFrom(360 as const, 365 as const),
        on: fc.constantFrom('principal' as const, 'principal-and-interest' as const),
      }),
    ),
    perInstalmentMinor: option(fc.integer({ min: 0, max: 4_000 })),
    ofInstalmentPerMille: option(fc.integer({ min: 0, max: 200 })),
    perMonthMinor: option(fc.integer({ min: 0, max: 2_000 })),
    totalMinor: option(fc.integer({ min: 0, max: 9_000 })),
  })
  .map(({ graceDays, lateFeeMinor, penaltyInterest, ...caps }) => ({
    ...{ graceDays, lateFeeMinor, penaltyInterest },
    caps: Object.fromEntries(Object.entries(caps).filter(([, cap]) => cap !== undefined)),
  }));

const anyWaiver: fc.Arbitrary<Waiver> = fc
  .record({
    id: fc.uuid(),
    day: anyDay,
    penalty: fc.nat(2_000),
    fee: fc.nat(2_000),
    interest: fc.nat(2_000),
    payWithin: fc.option(fc.nat(60)),
  })
  .map(({ id, day, penalty, fee, interest, payWithin }) => ({
    ...{ id, day, amounts: { ...noAmounts, penalty, fee, interest } },
    payBy: payWithin === null ? null : addDays(day, payWithin),
  }));

const anySettlement: fc.Arbitrary<Settlement> = fc
  .tuple(anyDay, fc.nat(90), fc.integer({ min: 1, max: 90_000 }))
  .map(([from, days, amountMinor]) => ({ from, until: addDays(from, days), amountMinor }));

/** One schedule, and sometimes another from a later day. */
const anySchedules: fc.Arbitrary<Schedule[]> = fc
  .tuple(anyInstalments, fc.option(fc.tuple(anyInstalments, fc.integer({ min: 0, max: 300 }))))
  .map(([instalments, later]) => [
    { no: 1, effectiveFrom: '2025-12-15', instalments },
    ...(later === null ? [] : [{ no: 2, effectiveFrom: addDays(dayZero, later[1]), instalments: later[0] }]),
  ]);

export const anyLoanFacts: fc.Arbitrary<LoanFacts> = fc.record({
  currency: fc.constant('CNY'),
  schedules: anySchedules,
  payments: anyPayments,
  pauses: anyPauses,
  waivers: fc.array(anyWaiver, { maxLength: 2 }),
  settlements: fc.array(anySettlement, { maxLength: 2 }),
  writtenOffOn: fc.option(anyDay, { freq: 1, nil: null }),
});

/** Schedules, payments and states alone: quick to make and to walk. */
export const anyPaidLoan: fc.Arbitrary<LoanFacts> = fc.record({
  currency: fc.constant('CNY'),
  schedules: anySchedules,
  payments: anyPayments,
  pauses: fc.constant([]),
  settlements: fc.array(anySettlement, { maxLength: 1 }),
  writtenOffOn: fc.option(anyDay, { freq: 1, nil: null }),
});

export const anyAccountRules: fc.Arbitrary<AccountRules> = fc
  .record({ order: anyAllocationRules, toleranceMinor: fc.constantFrom(0, 1_000), charges: option(anyChargeRules) })
  .map(({ order, toleranceMinor, charges }) => ({ order, toleranceMinor, ...(charges !== undefined && { charges }) }));

/** Orders that differ by state and within an instalment, and pay the oldest instalment first in every state. */
export const anyOldestFirst: fc.Arbitrary<AllocationRules> = anyAllocationRules.map((rules) => {
  const oldestFirst = ({ components }: AllocationOrder): AllocationOrder => ({ by: 'instalment', components });
  const { nonPerforming, settlement, writtenOff } = rules;
  return {
    ...oldestFirst(rules),
    ...(nonPerforming !== undefined && {
      nonPerforming: { ...oldestFirst(nonPerforming), fromDpd: nonPerforming.fromDpd },
    }),
    ...(settlement !== undefined && { settlement: oldestFirst(settlement) }),
    ...(writtenOff !== undefined && { writtenOff: oldestFirst(writtenOff) }),
  };
});
