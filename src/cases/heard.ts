import type { Language } from '../domain/policy';
import type { Meaning } from '../domain/reply';
import type { StoredCase } from '../store/case-row';
import type { Contact } from '../store/contact-row';

/** A message as one of those hears it whose number it came from. */
export interface Heard {
  readonly inboundId: string;
  readonly channel: 'sms' | 'email';
  readonly from: string;
  readonly customerId: string;
  readonly language: Language;
  /** The latest case of each loan, open ones first. */
  readonly cases: readonly StoredCase[];
  /** Whether the number or address is nobody else's. */
  readonly alone: boolean;
  readonly meaning: Meaning;
}

/** What a message brought about for one customer. */
export interface Followed {
  /** For the timeline. */
  readonly kind: string;
  readonly reason: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly taskId: string | null;
  /** By when a person must have acted; null where nobody must. */
  readonly dueAtMs: number | null;
  readonly held: boolean;
  /** Loans whose cases look at their facts again. */
  readonly wake: readonly string[];
  readonly answer: Contact | null;
}

export const nothingFollows = {
  ...{ data: {}, taskId: null, dueAtMs: null, held: false, wake: [], answer: null },
} as const;

export function openLoans({ cases }: Pick<Heard, 'cases'>): readonly string[] {
  return cases.filter(({ status }) => status === 'open').map(({ loanId }) => loanId);
}
