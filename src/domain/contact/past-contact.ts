import type { Channel } from '../case';
import type { ContactOutcome } from '../task-outcome';
import { type PartyRole, partyRoles } from './party';
import type { Purpose } from './purpose';

/** States of a contact, as the ledger keeps them. */
export const contactStates = ['reserved', 'placed', 'delivered', 'failed', 'unknown', 'released', 'denied'] as const;
export type ContactState = (typeof contactStates)[number];

/** How far a call or a visit came: not put through (busy, no such number), rang, somebody answered, the person talked. */
export const connections = ['none', 'rang', 'answered', 'conversation'] as const;
export type Connection = (typeof connections)[number];

/** A row of the ledger. */
export interface PastContact {
  readonly channel: Channel;
  readonly atMs: number;
  readonly state: ContactState;
  /** The provider took it before it failed. A contact that failed unsent reached nobody and does not count. */
  readonly handedOver: boolean;
  /** Who began it. */
  readonly direction: 'outbound' | 'inbound';
  readonly loanIds: readonly string[];
  /** Null where it is not known; it then counts for every number and address. */
  readonly contactPoint: string | null;
  /** Where the number or address is; missing where that is not known: it then counts for every place. */
  readonly place?: 'home' | 'work' | undefined;
  /** Null: the borrower. */
  readonly partyId: string | null;
  readonly partyRole: PartyRole;
  readonly purpose: Purpose | null;
  /** Null where nobody knows: it then counts as what is stricter. */
  readonly connection: Connection | null;
}

/** An attempt whose end is not known counts as made. */
export function counts({ state, handedOver }: PastContact): boolean {
  if (state === 'failed') return handedOver;
  return state !== 'released' && state !== 'denied';
}

/** What the outcome of a call or a visit says about how far it came; null for what is not such an outcome. */
export function connectionOf(outcome: string | null): Connection | null {
  return outcome !== null && Object.hasOwn(byOutcome, outcome) ? byOutcome[outcome as ContactOutcome] : null;
}

/** Who may be told of a debt as somebody who owes it or stands for who does; a first communication is one with them. */
export const consumerRoles: readonly PartyRole[] = partyRoles.filter(
  (role) => role !== 'contact' && role !== 'attorney',
);

const byOutcome: Readonly<Record<ContactOutcome, Connection>> = {
  promised: 'conversation',
  paid: 'conversation',
  refused: 'conversation',
  hardship: 'conversation',
  disputed: 'conversation',
  'arrangement-asked': 'conversation',
  'spoken-to': 'conversation',
  'call-back': 'conversation',
  'opted-out': 'conversation',
  'no-answer': 'rang',
  voicemail: 'rang',
  busy: 'none',
  'other-language': 'answered',
  'other-person': 'answered',
  'wrong-number': 'answered',
  deceased: 'answered',
};

/** Outcomes of calls and visits in which nobody was spoken with. */
export const outcomesWithoutTalk: readonly string[] = Object.entries(byOutcome).flatMap(([outcome, connection]) =>
  connection === 'conversation' ? [] : [outcome],
);
