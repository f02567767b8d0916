import type { Channel } from '../domain/case';
import { lookbackOf } from '../domain/contact/lookback';
import { contactPointKindOf } from '../domain/contact/contact-point-kind';
import { owesByContract, type Party, theBorrower } from '../domain/contact/party';
import type { KeptContact } from '../domain/contact/covering';
import { connectionOf, type ContactState, type PastContact } from '../domain/contact/past-contact';
import { isPurpose, type Purpose } from '../domain/contact/purpose';
import type { Situation } from '../domain/contact/situation';
import { firstContacts, readSituation, type StoredSituation } from '../store/contact-situation';
import type { Contact } from '../store/contact-row';
import type { Queryable } from '../store/database';
import type { PacksInForce } from '../policy/packs-in-force';
import type { NumberZones } from './number-zones';

/** By which rules a contact is judged, and where a number is at home. */
export interface Rules {
  readonly inForce: PacksInForce;
  readonly zonesOfNumber: NumberZones;
}

/** The contact that is asked about. */
export interface Asked {
  /** Of this contact itself, which is not counted against it; null where none exists yet. */
  readonly contactKey: string | null;
  readonly customerId: string;
  readonly loanIds: readonly string[];
  readonly channel: Channel;
  readonly purpose: Purpose;
  readonly contactPoint: string | null;
}

/** The question whether this contact, which exists already, may be made. */
export function askedAbout(contact: Contact): Asked {
  const { contactKey, customerId, loanIds, channel, contactPoint } = contact;
  const purpose = isPurpose(contact.purpose) ? contact.purpose : 'follow-up';
  return { contactKey, customerId, loanIds, channel, purpose, contactPoint };
}

const dayMs = 86_400_000;
/** How far the clocks of two processes may differ. */
export const skewMs = 60_000;

export interface Reading {
  readonly situation: Situation;
  /** Of the borrower's address. */
  readonly timezone: string;
  /** Of the contact that was claimed under the asked key before; null where there is none. */
  readonly earlierState: ContactState | null;
  /** The same ledger as the situation's, with the names of the contacts. */
  readonly ledger: readonly KeptContact[];
}

/** Reads all that the rules in force may look at. Run it with the customer locked, when the answer is to hold. */
export async function situationOf(
  db: Queryable,
  rules: Rules,
  asked: Asked,
  atMs: number,
  aheadMs = skewMs,
): Promise<Reading> {
  const { actor, packs } = rules.inForce;
  const lookback = lookbackOf(packs);
  const { customerId, channel, loanIds, purpose } = asked;
  const sinceMs = atMs - lookback.days * dayMs;
  const { contactKey, contactPoint } = asked;
  const kind = contactPointKindOf[channel];
  const query = { customerId, kind, contactPoint, contactKey, sinceMs, wordsUntilMs: atMs + aheadMs };
  const stored = await readSituation(db, query);
  const first = lookback.firstContact ? await firstContacts(db, customerId, loanIds) : new Map<string, number>();
  const begun = [...first].map(
    ([loanId, firstMs]) => ({ event: 'initial-communication', loanId, atMs: firstMs }) as const,
  );
  const party = partyOf(stored);
  const ledger = stored.ledger.filter((row) => row.contactKey !== contactKey);
  const situation: Situation = {
    ...{ atMs, actor, channel, purpose, loanIds, party, visit: null },
    ...(stored.soldLoanIds.length > 0 && { soldLoanIds: stored.soldLoanIds }),
    contactPoint: pointOf(stored, asked.contactPoint),
    // Only what is asked of other people leaves the debt out.
    disclosesDebt: purpose !== 'location-info',
    zones: zonesOf(stored, contactPoint, rules),
    ledger: ledger.map(toPast),
    ...{ flags: stored.flags, grants: stored.grants, optOuts: stored.optOuts, inconvenient: stored.inconvenient },
    events: [...stored.events, ...begun],
  };
  const kept = ledger.map((row) => ({ ...toPast(row), contactId: row.contactId, loanId: row.loanId }));
  return { situation, timezone: stored.timezone, earlierState: stored.earlierState, ledger: kept };
}

/** Whoever the number or address belongs to; one that is not on record is taken for the borrower's. */
function partyOf({ point, partyLoanIds }: StoredSituation): Party {
  if (point === null) return theBorrower;
  const { partyId, partyRole: role } = point;
  return { partyId, role, ...(owesByContract(role) && { loanIds: partyLoanIds }) };
}

function pointOf({ point }: StoredSituation, value: string | null): Situation['contactPoint'] {
  if (value === null) return null;
  if (point === null) return { value, place: 'unknown', employerAllows: null, state: 'unverified' };
  const { place, employerAllows, state, takesSms } = point;
  return { value, place, employerAllows, state, takesSms };
}

/**
 * Address, what the borrower told, and where their numbers are at home: the hours must hold in all of them. Of somebody else
 * there are only numbers, all that they have; beside those the borrower's address stands for the place that nobody knows.
 */
function zonesOf(
  { timezone, toldZones, numbers, point }: StoredSituation,
  contactPoint: string | null,
  { zonesOfNumber }: Rules,
): readonly string[] {
  const whose = point?.partyId ?? null;
  const theirs = numbers.filter(({ partyId }) => partyId === whose).map(({ value }) => value);
  const asked = contactPoint === null ? [] : [contactPoint];
  const ofNumbers = [...theirs, ...asked].flatMap((number) => zonesOfNumber(number));
  return [...new Set([timezone, ...(whose === null ? toldZones : []), ...ofNumbers])];
}

/** What rules look at: which contact it was says nothing, and the evidence of a judgement is kept as short as it can be. */
function toPast(row: StoredSituation['ledger'][number]): PastContact {
  const { channel, atMs, state, handedOver, direction, loanIds, contactPoint, partyId, partyRole } = row;
  return {
    ...{ channel, atMs, state, handedOver, direction, loanIds, contactPoint, partyId, partyRole },
    purpose: isPurpose(row.purpose) ? row.purpose : null,
    connection: row.connection ?? connectionOf(row.outcome),
    ...(row.place !== null && { place: row.place }),
  };
}
