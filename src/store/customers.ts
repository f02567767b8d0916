import { z } from 'zod';

import { type Channel, channels } from '../domain/case';
import { contactPointKindOf } from '../domain/contact/contact-point-kind';
import { partyRoles } from '../domain/contact/party';
import { Refusal } from '../domain/refusal';
import type { Queryable } from './database';
import { putPartyLoans } from './party-loans';
import { execute, instant, maybeOne } from './rows';

const contactPointRow = z.object({
  kind: z.enum(['phone', 'email', 'address']),
  value: z.string(),
  /** Lower is tried first. */
  rank: z.int(),
  state: z.enum(['unverified', 'verified', 'invalid', 'reassigned']),
  stateReason: z.string().nullable(),
  place: z.enum(['home', 'work', 'unknown']),
  /** What the employer says to contacts at work; null while nobody knows. */
  employerAllows: z.boolean().nullable(),
  /** False where a provider has said that no SMS arrives there; it may still be called. */
  takesSms: z.boolean(),
  /** Whose it is where it is not the borrower's own. */
  partyId: z.string().nullable(),
  partyRole: z.enum(partyRoles),
});
export type ContactPoint = z.infer<typeof contactPointRow>;
/**
 * What somebody says of a number or an address. What they leave out stays as it is on record; of a new one it is: tried first,
 * unverified, the borrower's own, and nobody knows where it rings.
 */
export interface NewContactPoint {
  readonly kind: ContactPointKind;
  readonly value: string;
  readonly rank?: number | undefined;
  readonly state?: ContactPoint['state'] | undefined;
  readonly place?: ContactPoint['place'] | undefined;
  readonly employerAllows?: boolean | null | undefined;
  readonly takesSms?: boolean | undefined;
  readonly owner?: Pick<ContactPoint, 'partyId' | 'partyRole'> & {
    /** Of a co-borrower or a guarantor: what is theirs of the borrower's loans, said of the person and not of the number. */
    readonly loanIds?: readonly string[] | undefined;
  };
}
export const borrowersOwn = { partyId: null, partyRole: 'borrower' } as const;
export type ContactPointKind = ContactPoint['kind'];

export const consentRow = z.object({
  channel: z.enum(channels),
  state: z.enum(['opted-in', 'opted-out']),
  source: z.string(),
  atMs: z.int(),
  /** Who wrote it down, or whose message it was; null where an earlier release kept nobody. */
  actor: z.string().nullable(),
});
export type Consent = z.infer<typeof consentRow>;

const customerFields = {
  customerId: z.string(),
  name: z.string(),
  language: z.enum(['zh', 'en']),
  timezone: z.string(),
  /** The bank's own limits and preferences for this person, as the API took them. */
  preferences: z.record(z.string(), z.unknown()),
};
const customerRow = z.object(customerFields);
export type Customer = z.infer<typeof customerRow>;

const customerRecordRow = z.object({
  ...customerFields,
  contactPoints: z.array(contactPointRow),
  /** By the id of a person beside the borrower, which of the loans are theirs too, where somebody said it. */
  loansOfParties: z.record(z.string(), z.array(z.string())),
  /** The one in force for each channel that has any. */
  consents: z.array(consentRow),
});
export type CustomerRecord = z.infer<typeof customerRecordRow>;

/** Adds the customer or replaces what is known of them; preferences that are not given stay. */
export async function putCustomer(
  db: Queryable,
  customer: Omit<Customer, 'preferences'> & { readonly preferences?: Customer['preferences'] | undefined },
): Promise<void> {
  const { customerId, name, language, timezone, preferences } = customer;
  await execute(
    db,
    `insert into customer (customer_id, name, language, timezone, preferences) values ($1, $2, $3, $4, coalesce($5, '{}'::jsonb))
     on conflict (customer_id) do update set
       name = excluded.name, language = excluded.language,
       timezone = excluded.timezone, preferences = coalesce($5, customer.preferences), purged_at = null`,
    [customerId, name, language, timezone, preferences === undefined ? null : JSON.stringify(preferences)],
  );
}

export async function getCustomer(db: Queryable, customerId: string): Promise<CustomerRecord | null> {
  return maybeOne(
    db,
    customerRecordRow,
    `select customer_id as "customerId", name, language, timezone, preferences,
       (select coalesce(json_agg(json_build_object('kind', kind, 'value', value, 'rank', rank, 'state', state,
          'stateReason', state_reason, 'place', place, 'employerAllows', employer_allows, 'takesSms', takes_sms, 'partyId', party_id,
          'partyRole', party_role) order by kind, rank, value), '[]')
        from contact_point p where p.customer_id = c.customer_id) as "contactPoints",
       (select coalesce(json_object_agg(party_id, loan_ids), '{}')
        from (select party_id, json_agg(loan_id order by loan_id) as loan_ids from party_loan l
              where l.customer_id = c.customer_id group by party_id) said) as "loansOfParties",
       (select coalesce(json_agg(json_build_object('channel', channel, 'state', state, 'source', source,
          'actor', actor, 'atMs', floor(extract(epoch from at) * 1000)::bigint) order by channel), '[]')
        from (select distinct on (channel) * from consent n where n.customer_id = c.customer_id and n.party_id is null
              order by channel, at desc, consent_id desc) in_force) as consents
     from customer c where customer_id = $1`,
    [customerId],
  );
}

/**
 * Holds the customer until the transaction ends: whoever wants to contact the same person waits. Rows that merely refer
 * to the customer can still be written, because only other holders are kept out.
 */
export async function lockCustomer(db: Queryable, customerId: string): Promise<Customer> {
  const text = `select customer_id as "customerId", name, language, timezone, preferences
    from customer where customer_id = $1 for no key update`;
  const customer = await maybeOne(db, customerRow, { name: 'lock-customer', text }, [customerId]);
  if (customer === null) throw noCustomer();
  return customer;
}

const keptPoint = contactPointRow.pick({ kind: true, state: true, partyRole: true });
/** `loanIds`: what is its owner's of the loans, where that was said. */
type KeptPoint = z.infer<typeof keptPoint> & { readonly loanIds?: readonly string[] };

/**
 * Adds a phone number, mail address or postal address, or changes what is said of it. One that was found to be invalid, or to
 * be somebody else's by now, is used again only when a state is given. Which loans are its owner's holds for all that they own.
 * @returns What is on record now.
 */
export async function putContactPoint(
  db: Queryable,
  customerId: string,
  { kind, value, rank, state, place, employerAllows, takesSms, owner }: NewContactPoint,
): Promise<KeptPoint> {
  const { partyId, partyRole } = owner ?? borrowersOwn;
  const kept = await maybeOne(
    db,
    keptPoint,
    `insert into contact_point as p (customer_id, kind, value, rank, state, place, employer_allows, party_id, party_role,
       takes_sms, verified_at)
     select customer_id, $2, $3, coalesce($4, 1), coalesce($5, 'unverified'), coalesce($6, 'unknown'), $7, $9, $10,
       coalesce($12, true), case when $5 = 'verified' then now() end
     from customer where customer_id = $1
     on conflict (customer_id, kind, value) do update set
       rank = coalesce($4, p.rank), state = coalesce($5, p.state), place = coalesce($6, p.place),
       employer_allows = case when $8 then $7 else p.employer_allows end,
       party_id = case when $11 then $9 else p.party_id end, party_role = case when $11 then $10 else p.party_role end,
       takes_sms = coalesce($12, p.takes_sms), verified_at = coalesce(excluded.verified_at, p.verified_at),
       state_reason = case when coalesce($5, p.state) = p.state then p.state_reason end
     returning kind, state, party_role as "partyRole"`,
    [
      ...[customerId, kind, value, rank ?? null, state ?? null, place ?? null],
      ...[employerAllows ?? null, employerAllows !== undefined, partyId, partyRole, owner !== undefined],
      takesSms ?? null,
    ],
  );
  if (kept === null) throw noCustomer();
  if (owner?.loanIds === undefined || owner.partyId === null) return kept;
  await putPartyLoans(db, customerId, owner.partyId, owner.loanIds);
  return { ...kept, loanIds: owner.loanIds };
}

/** Answers whether there was such a contact point. */
export async function markContactPointInvalid(
  db: Queryable,
  customerId: string,
  kind: ContactPointKind,
  value: string,
  reason: string,
): Promise<boolean> {
  const text = `update contact_point set state = 'invalid', state_reason = $4
    where customer_id = $1 and kind = $2 and value = $3`;
  return (await execute(db, text, [customerId, kind, value, reason])) > 0;
}

/** The number is good for calls, or whatever else it was good for. */
export async function markNotForSms(db: Queryable, customerId: string, phone: string): Promise<void> {
  const text = `update contact_point set takes_sms = false where customer_id = $1 and kind = 'phone' and value = $2`;
  await execute(db, text, [customerId, phone]);
}

/**
 * The contact point that is tried first of those that can be used for a contact about these loans: the borrower's own, or after their
 * death that of a co-borrower who owes all of them, or else of whoever winds up the estate. The dead are not written to.
 *
 * One at work without the employer's leave comes after all others, whatever its rank: rules may forbid it for good, and the
 * step would be done without the others having been tried. The rank comes before the verification, because it is the bank's
 * own wish about this person, and new points share one; among these a verified one reaches somebody more surely.
 */
export async function bestContactPoint(
  db: Queryable,
  customerId: string,
  channel: Channel,
  loanIds: readonly string[],
  atMs: number,
): Promise<ContactPoint | null> {
  const dead = (party: string): string => `exists (select from contact_flag f
    where f.customer_id = p.customer_id and f.flag = 'deceased' and ${party}
      and f.from_at <= $3 and (f.until_at is null or f.until_at > $3))`;
  const owesThem = `$5::text[] <@ array(select l.loan_id from party_loan l
    where l.customer_id = p.customer_id and l.party_id = p.party_id)`;
  return maybeOne(
    db,
    contactPointRow,
    `select kind, value, rank, state, state_reason as "stateReason", place, employer_allows as "employerAllows",
       takes_sms as "takesSms", party_id as "partyId", party_role as "partyRole" from contact_point p
     where customer_id = $1 and kind = $2 and state in ('unverified', 'verified')
       and case when ${dead('f.party_id is null')}
         then (party_role = 'executor' or party_role = 'co-borrower' and ${owesThem}) and not ${dead('f.party_id = p.party_id')}
         else party_id is null end
       and (takes_sms or $4 <> 'sms')
     order by party_role, place = 'work' and employer_allows is not true, rank, state = 'unverified', value limit 1`,
    [customerId, contactPointKindOf[channel], instant(atMs), channel, loanIds],
  );
}

/** Whose number or address it is: null for the borrower, and for one that is not on record. */
export async function partyOfPoint(
  db: Queryable,
  customerId: string,
  channel: Channel,
  value: string,
): Promise<string | null> {
  const text = `select party_id as "partyId" from contact_point
    where customer_id = $1 and kind = $2 and lower(value) = lower($3) order by party_id nulls first limit 1`;
  const row = z.object({ partyId: z.string().nullable() });
  return (await maybeOne(db, row, text, [customerId, contactPointKindOf[channel], value]))?.partyId ?? null;
}

function noCustomer(): Refusal {
  return new Refusal('NotFound', 'no such customer', 'customerId');
}
