import type { Day } from './day';

/** Parts of an instalment. Their order of payment is the policy's to choose (冲账顺序). */
export const components = ['penalty', 'fee', 'interest', 'principal'] as const;
export type Component = (typeof components)[number];

/** One figure per component, integer minor units of the loan's currency. */
export type Amounts = Readonly<Record<Component, number>>;

export const noAmounts: Amounts = { penalty: 0, fee: 0, interest: 0, principal: 0 };

export function totalMinor(amounts: Amounts): number {
  return amounts.penalty + amounts.fee + amounts.interest + amounts.principal;
}

export interface Instalment {
  readonly no: number;
  readonly dueDay: Day;
  readonly due: Amounts;
}

/** A loan's instalments as agreed from a day on. A restructure adds a schedule; the earlier ones stay as they were. */
export interface Schedule {
  readonly no: number;
  readonly effectiveFrom: Day;
  readonly instalments: readonly Instalment[];
  /** A dispute took an amount off: what was agreed stays as it was. */
  readonly correction?: true | undefined;
  /** What the dispute took off late fees and penalty interest that were charged up to `effectiveFrom`. */
  readonly chargesOff?: Amounts | undefined;
}

/**
 * What undoes a payment. `reversal`: the bank took a booking back. `bounce`: the payer's bank did not pay. `chargeback`: the
 * payer had the money taken back. `correction`: it was booked on the wrong loan, and is a payment of another one now.
 */
export const undoingKinds = ['reversal', 'bounce', 'chargeback', 'correction'] as const;
export type UndoingKind = (typeof undoingKinds)[number];
export const paymentKinds = ['payment', ...undoingKinds] as const;
export type PaymentKind = (typeof paymentKinds)[number];

/** Money received. What undoes a payment names it; that payment then counts as never made. */
export interface Payment {
  readonly id: string;
  readonly kind: PaymentKind;
  readonly valueDay: Day;
  readonly amountMinor: number;
  readonly reverses: string | null;
}

/** Days `[from, until)` in which something about the loan rests. `until` is null while the end is open. */
export interface Pause {
  readonly from: Day;
  readonly until: Day | null;
  /** A reason for a pause, or `flag/` and the name of a flag; the policy says what rests for it. Without one all does. */
  readonly reason?: string;
}

export const riskTiers = ['low', 'medium', 'high'] as const;
export type RiskTier = (typeof riskTiers)[number];

/** All that is needed to say how a loan stands on a day. */
export interface LoanFacts {
  readonly currency: string;
  readonly schedules: readonly Schedule[];
  readonly payments: readonly Payment[];
  readonly pauses: readonly Pause[];
  /** Agreed and not cancelled; each gives up what is left once it is paid in time. */
  readonly settlements?: readonly Settlement[];
  /** Granted waivers; without them there are none. */
  readonly waivers?: readonly Waiver[];
  /** The day of the write-off that is in force; null and nothing: none is. */
  readonly writtenOffOn?: Day | null;
}

/** The loan is settled by `amountMinor` of payments with value days from `from` to `until`, both included (结清减免). */
export interface Settlement {
  readonly from: Day;
  readonly until: Day;
  readonly amountMinor: number;
}

/** What the bank gave up (减免): up to so much of each component of what was unpaid on a day. */
export interface Waiver {
  readonly id: string;
  readonly day: Day;
  readonly amounts: Amounts;
  /** It lapses unless the rest of what had fallen due by its day is paid by the end of this one; null: it does not lapse. */
  readonly payBy: Day | null;
}
