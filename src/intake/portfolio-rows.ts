import type { Day } from '../domain/day';
import type { RiskTier } from '../domain/loan';

/** Rows as a file brings them, under the names of its columns. */
export interface CustomerRow {
  readonly customer_id: string;
  readonly name: string;
  readonly language: 'zh' | 'en';
  readonly timezone: string;
  readonly phone: string | null;
  readonly email: string | null;
}

export interface LoanRow {
  readonly loan_id: string;
  readonly customer_id: string;
  readonly product: string;
  readonly currency: string;
  readonly principal_minor: number;
  readonly disbursed_on: Day;
  readonly risk_tier: RiskTier;
  readonly branch: string;
}

export interface InstalmentRow {
  readonly loan_id: string;
  readonly instalment_no: number;
  readonly due_on: Day;
  readonly principal_minor: number;
  readonly interest_minor: number;
  readonly fee_minor: number;
  readonly penalty_minor: number;
}

export interface PaymentRow {
  readonly payment_id: string;
  readonly loan_id: string;
  readonly kind: 'payment' | 'reversal' | 'bounce';
  readonly amount_minor: number;
  readonly currency: string;
  readonly value_on: Day;
  readonly reverses: string | null;
}
