import { z } from 'zod';
import type { WaiverRules } from '../waiver/waiver-rules';
import type { ChargeRules } from './charge-rules';

const minor = z.int().min(0).max(9_999_999_999_999);

/** The parts of a policy about what paying late costs, and who may give it up; both may be left out. */
export const chargeSections = {
  charges: z
    .strictObject({
      graceDays: z.int().min(0).max(90).default(0),
      lateFee: minor.default(0),
      penaltyInterest: z
        .strictObject({
          perMillePerYear: z.int().min(1).max(1_000),
          daysInYear: z.union([z.literal(360), z.literal(365)]),
          on: z.enum(['principal', 'principal-and-interest']).default('principal'),
        })
        .optional(),
      caps: z
        .strictObject({
          perInstalment: minor,
          ofInstalmentPerMille: z.int().min(0).max(1_000),
          perMonth: minor,
          total: minor,
        })
        .partial()
        .default({}),
    })
    .refine(
      ({ lateFee, penaltyInterest }) => lateFee > 0 || penaltyInterest !== undefined,
      'charges nothing; leave it out',
    )
    .optional(),
  waivers: z
    .strictObject({
      approvalOver: minor.default(0),
      approval: z
        .string()
        .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be the name of a role')
        .default('supervisor'),
      payWithinDaysMax: z.int().min(1).max(365).default(30),
    })
    .default({ approvalOver: 0, approval: 'supervisor', payWithinDaysMax: 30 }),
};
type ChargeSource = z.infer<z.ZodObject<typeof chargeSections>>;

export function toChargeRules({ charges }: Pick<ChargeSource, 'charges'>): ChargeRules | null {
  if (charges === undefined) return null;
  const { graceDays, lateFee, penaltyInterest = null, caps } = charges;
  return {
    graceDays,
    lateFeeMinor: lateFee,
    penaltyInterest,
    caps: {
      ...(caps.perInstalment !== undefined && { perInstalmentMinor: caps.perInstalment }),
      ...(caps.ofInstalmentPerMille !== undefined && { ofInstalmentPerMille: caps.ofInstalmentPerMille }),
      ...(caps.perMonth !== undefined && { perMonthMinor: caps.perMonth }),
      ...(caps.total !== undefined && { totalMinor: caps.total }),
    },
  };
}

export function toWaiverRules({ waivers }: Pick<ChargeSource, 'waivers'>): WaiverRules {
  const { approvalOver, approval, payWithinDaysMax } = waivers;
  return { approvalOverMinor: approvalOver, approval, payWithinDaysMax };
}
