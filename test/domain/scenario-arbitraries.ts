import fc from 'fast-check';
import type { RiskTier } from '../../src/domain/loan';
import { anyDay } from './loan-arbitraries';
import type { Scenario } from './simulated-case';
import type { Happening } from './simulated-world';

const anyTier = fc.constantFrom<RiskTier>('low', 'medium', 'high');
const when = { day: fc.integer({ min: -4, max: 130 }), minute: fc.integer({ min: 0, max: 1_439 }) };

const anyHappening: fc.Arbitrary<Happening> = fc.oneof(
  { arbitrary: fc.record({ ...when, kind: fc.constant('paid-all' as const) }), weight: 1 },
  { arbitrary: fc.record({ ...when, kind: fc.constant('paid-oldest' as const) }), weight: 1 },
  { arbitrary: fc.record({ ...when, kind: fc.constant('resume' as const) }), weight: 4 },
  {
    arbitrary: fc.record({
      ...when,
      kind: fc.constant('pause' as const),
      startsIn: fc.integer({ min: -10, max: 20 }),
      days: fc.option(fc.integer({ min: 1, max: 40 }), { freq: 5 }),
    }),
    weight: 4,
  },
  {
    arbitrary: fc.record({
      ...when,
      kind: fc.constant('promise' as const),
      days: fc.integer({ min: 1, max: 14 }),
      kept: fc.boolean(),
    }),
    weight: 4,
  },
  {
    arbitrary: fc.record({ ...when, kind: fc.constant('ask-stage' as const), stage: fc.integer({ min: 0, max: 4 }) }),
    weight: 2,
  },
  {
    arbitrary: fc.record({
      ...when,
      day: fc.integer({ min: 88, max: 130 }),
      kind: fc.constant('decide-legal' as const),
      approved: fc.boolean(),
    }),
    weight: 4,
  },
  { arbitrary: fc.record({ ...when, kind: fc.constant('retier' as const), tier: anyTier }), weight: 2 },
);

/** Any case of any tier, with all that borrowers, supervisors, providers and machines may do to it. */
export const anyScenario: fc.Arbitrary<Scenario> = fc.record({
  tier: anyTier,
  dueDay: anyDay,
  opensOn: fc.integer({ min: -5, max: 60 }).filter((day) => day !== 0),
  happenings: fc.array(anyHappening, { maxLength: 10 }),
  outages: fc.array(fc.record({ from: fc.integer({ min: -3, max: 120 }), days: fc.integer({ min: 1, max: 60 }) }), {
    maxLength: 3,
  }),
  gate: fc.array(fc.oneof(fc.constant(0), fc.constant(0), fc.constant(null), fc.integer({ min: 6, max: 80 })), {
    minLength: 1,
    maxLength: 6,
  }),
  taskDays: fc.array(fc.option(fc.integer({ min: 0, max: 9 }), { freq: 5 }), { minLength: 1, maxLength: 4 }),
  keepsFacts: fc.boolean(),
});
