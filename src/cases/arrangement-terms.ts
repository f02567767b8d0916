import { z } from 'zod';
import { amortisationMethods } from '../domain/arrangement/terms';
import { isDay } from '../domain/day';

const day = z
  .string()
  .refine(isDay, 'is not a day of the calendar, YYYY-MM-DD')
  .meta({ format: 'date', examples: ['2026-11-23'] });
const newInstalments = { count: z.int(), firstDueDay: day, everyMonths: z.int().exactOptional() };

/**
 * The terms of an arrangement as they come from the API, the Temporal UI or its command line, and as they are stored. How
 * far figures may go is said by the rules of each kind and by the policy.
 */
export const arrangementTerms = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('extension'), days: z.int() }),
  z.strictObject({
    kind: z.enum(['instalments', 're-age']),
    ...newInstalments,
    downPayment: z.strictObject({ amountMinor: z.int(), dueDay: day }).exactOptional(),
  }),
  z.discriminatedUnion('method', [
    z.strictObject({ kind: z.literal('re-amortise'), method: z.literal('spread') }),
    z.strictObject({
      kind: z.literal('re-amortise'),
      method: z.enum(amortisationMethods),
      /** 387.5 is 3.875 % a year. */
      yearlyRateBps: z.number(),
      ...newInstalments,
    }),
  ]),
  z.strictObject({
    kind: z.literal('interest-reduction'),
    reductionPerMille: z.int(),
    /** For so many instalments; for all that are left if it is not named. */
    count: z.int().exactOptional(),
  }),
  z.strictObject({ kind: z.literal('settlement'), amountMinor: z.int(), until: day }),
]);
