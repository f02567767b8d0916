import { z } from 'zod';
import { type ArrangementPolicy, type OfferRules, usualArrangements } from './arrangement-policy';
import { measureNames, type Measures } from './measures';
import { type ArrangementKind, arrangementKinds } from './terms';

// The section `arrangements` as an officer writes it.

const perMille = z.int().min(0).max(1_000);
const limits = z.partialRecord(z.enum(measureNames), z.int().min(0));

const offer = z
  .strictObject({
    products: z.array(z.string()).min(1).optional(),
    most: limits.default({}),
    alone: limits.optional(),
    approval: z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be the name of a role')
      .optional(),
    downPaymentPerMille: perMille.default(0),
    affordability: z.literal('required').optional(),
  })
  .superRefine(({ alone, approval }, context) => {
    if ((alone === undefined) !== (approval === undefined)) {
      context.addIssue({ code: 'custom', message: 'needs both alone and approval, or neither' });
    }
  });

const section = z.strictObject({
  offers: z.partialRecord(z.enum(arrangementKinds), offer),
  kept: z.strictObject({ toleranceDays: z.int().min(0).max(90), cureDays: z.int().min(0).max(90) }).optional(),
  observationMonths: z.int().min(0).max(120).optional(),
  perLoan: z
    .strictObject({
      lifetime: z.int().min(1).max(99).optional(),
      within: z.strictObject({ months: z.int().min(1).max(120), atMost: z.int().min(1).max(99) }).optional(),
      coolingOffDays: z.int().min(0).max(3_650).optional(),
    })
    .optional(),
  quota: z.strictObject({ perMille, freeUpTo: z.int().min(0).default(0) }).optional(),
  affordabilityMarginPerMille: perMille.optional(),
});

export const arrangementSections = { arrangements: section.optional() };

interface Sections {
  readonly limits: { readonly extensionDaysMax: number; readonly instalmentsMax: number };
  readonly arrangements?: z.infer<typeof section> | undefined;
}

/** The section with what it leaves out filled in; the older section `limits` goes on to hold beside it. */
export function toArrangementPolicy({ limits: older, arrangements }: Sections): ArrangementPolicy {
  const usual = usualArrangements(older);
  if (arrangements === undefined) return usual;
  const { offers, kept, observationMonths, perLoan, quota, affordabilityMarginPerMille } = arrangements;
  const toOffer = ([kind, written]: [string, z.infer<typeof offer>]): [string, OfferRules] => [
    kind,
    {
      products: written.products ?? null,
      most: stricter(written.most, usual.offers[kind as ArrangementKind]?.most ?? {}),
      alone: written.alone ?? {},
      approval: written.approval ?? null,
      downPaymentPerMille: written.downPaymentPerMille,
      affordabilityRequired: written.affordability === 'required',
    },
  ];
  return {
    offers: Object.fromEntries(Object.entries(offers).map(toOffer)),
    kept: kept ?? usual.kept,
    observationMonths: observationMonths ?? usual.observationMonths,
    perLoan: {
      lifetimeMax: perLoan?.lifetime ?? null,
      within: perLoan?.within ?? null,
      coolingOffDays: perLoan?.coolingOffDays ?? 0,
    },
    quota: quota ?? null,
    affordabilityMarginPerMille: affordabilityMarginPerMille ?? 0,
  };
}

function stricter(a: Measures, b: Measures): Measures {
  return Object.fromEntries(
    measureNames
      .filter((name) => a[name] !== undefined || b[name] !== undefined)
      .map((name) => [name, Math.min(a[name] ?? Infinity, b[name] ?? Infinity)]),
  );
}
