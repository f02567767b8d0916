import type { Channel } from '../case';

/** What a person allowed, or what gives the bank a basis to use a number or an address. A closed list. */
export const grantKinds = {
  hours: 'Agreed to contacts outside the usual hours.',
  'extra-calls': 'Agreed to more calls, directly to whoever calls.',
  'work-contact': 'Agreed to be contacted at work.',
  'direct-consent': 'Agreed to this way directly.',
  'inbound-message': 'Wrote from this number or address.',
  'given-to-creditor': 'Gave the number or address when the loan was made.',
  'creditor-notice': 'Was told by letter that this address will be used and how to say no.',
  'prior-collector-use': 'Used the address with an earlier collector.',
  'number-check': 'The number was checked against a register of reassigned numbers.',
} as const;
export type GrantKind = keyof typeof grantKinds;

export const grantCodes = Object.keys(grantKinds) as readonly GrantKind[];

export interface Grant {
  readonly grant: GrantKind;
  /** Null: every channel, or every contact point. */
  readonly channel: Channel | null;
  readonly contactPoint: string | null;
  /** Who gave it; null or missing: the borrower. It serves nobody else. */
  readonly partyId?: string | null;
  readonly atMs: number;
  /** Exclusive; null while it is not withdrawn. */
  readonly untilMs: number | null;
}

export interface OptOut {
  readonly channel: Channel;
  /** Null: every number or address of the channel. */
  readonly contactPoint: string | null;
  /** Set where somebody beside the borrower said so: it then closes the way to them alone. */
  readonly partyId?: string | null;
  readonly atMs: number;
}
