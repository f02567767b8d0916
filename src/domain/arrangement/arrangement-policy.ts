import type { Measures } from './measures';
import type { ArrangementKind } from './terms';

/** What a policy says of arrangements (`arrangements`). Shares in per mille, money in minor units. */
export interface ArrangementPolicy {
  /** A kind that is not here is not offered. */
  readonly offers: Readonly<Partial<Record<ArrangementKind, OfferRules>>>;
  /** An instalment is missed so many days after its due day; whoever pays within so many days more goes on. */
  readonly kept: { readonly toleranceDays: number; readonly cureDays: number };
  /** How long a restructured loan is observed before it may be classed better. */
  readonly observationMonths: number;
  readonly perLoan: LoanLimits;
  /** Null: no limit. */
  readonly quota: ArrangementQuota | null;
  /** The share of what is left a month that must stay free. */
  readonly affordabilityMarginPerMille: number;
}

export interface OfferRules {
  /** Null: every product. */
  readonly products: readonly string[] | null;
  /** Nobody may go beyond. */
  readonly most: Measures;
  /** Beyond this a second person with the role `approval` has to agree. */
  readonly alone: Measures;
  readonly approval: string | null;
  /** Of what is overdue, to be paid before the instalments. */
  readonly downPaymentPerMille: number;
  readonly affordabilityRequired: boolean;
}

/** The share of a branch's open cases that may be under an arrangement, once there are more than a few. */
export interface ArrangementQuota {
  readonly perMille: number;
  readonly freeUpTo: number;
}

export interface LoanLimits {
  /** Null: no limit. */
  readonly lifetimeMax: number | null;
  readonly within: { readonly months: number; readonly atMost: number } | null;
  /** So many days between the beginnings of two. */
  readonly coolingOffDays: number;
}

/** What held before policies spoke of arrangements, and holds for those that do not. */
export function usualArrangements(limits: {
  readonly extensionDaysMax: number;
  readonly instalmentsMax: number;
}): ArrangementPolicy {
  const free = { products: null, alone: {}, approval: null, downPaymentPerMille: 0, affordabilityRequired: false };
  return {
    offers: {
      extension: { ...free, most: { days: limits.extensionDaysMax } },
      instalments: { ...free, most: { instalments: limits.instalmentsMax } },
    },
    kept: { toleranceDays: 0, cureDays: 0 },
    observationMonths: 12,
    perLoan: { lifetimeMax: null, within: null, coolingOffDays: 0 },
    quota: null,
    affordabilityMarginPerMille: 0,
  };
}
