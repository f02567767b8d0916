import type { Day } from '../day';

/** One mechanism with six kinds: what is agreed on differs, how it is judged, approved, watched and ended does not. */
export const arrangementKinds = [
  'extension',
  'instalments',
  're-age',
  're-amortise',
  'interest-reduction',
  'settlement',
] as const;
export type ArrangementKind = (typeof arrangementKinds)[number];

/** How instalments with interest are made: equal payments (等额本息) or equal parts of the principal (等额本金). */
export const amortisationMethods = ['annuity', 'equal-principal'] as const;
export type AmortisationMethod = (typeof amortisationMethods)[number];

/** Equal instalments from a day on; a down payment (首付) comes before them. */
export interface NewInstalmentTerms {
  readonly count: number;
  readonly firstDueDay: Day;
  /** 1 where it is left out. */
  readonly everyMonths?: number;
  readonly downPayment?: { readonly amountMinor: number; readonly dueDay: Day };
}

/**
 * What is agreed on. Extension (展期): due days move. Instalments (分期): what is overdue becomes new instalments. Re-age
 * (重新计龄): all that is unpaid does. Re-amortise (重新摊还): what is overdue is spread over the instalments that are left, or
 * the principal is amortised anew at a yearly rate in basis points. Interest reduction (减息): interest that is not due yet
 * falls. Settlement (结清减免): the loan is settled by less than is owed, if that is paid by a day.
 */
export type ArrangementTerms =
  | { readonly kind: 'extension'; readonly days: number }
  | ({ readonly kind: 'instalments' | 're-age' } & NewInstalmentTerms)
  | { readonly kind: 're-amortise'; readonly method: 'spread' }
  | ({
      readonly kind: 're-amortise';
      readonly method: AmortisationMethod;
      readonly yearlyRateBps: number;
    } & Omit<NewInstalmentTerms, 'downPayment'>)
  | { readonly kind: 'interest-reduction'; readonly reductionPerMille: number; readonly count?: number }
  | { readonly kind: 'settlement'; readonly amountMinor: number; readonly until: Day };
