import { z } from 'zod';

import { type ContactState, contactStates } from '../domain/contact/past-contact';
import { Refusal } from '../domain/refusal';
import { type Contact, contactColumns, contactRow } from './contact-row';
import type { Queryable } from './database';
import { execute, instant, many, maybeOne, one } from './rows';

export type NewContact = Omit<Contact, 'providerId' | 'outcome' | 'recordedAtMs' | 'handedAtMs' | 'closesAtMs'> & {
  /** Known already where a person reports a contact that was made by hand. */
  readonly outcome?: string;
};

// Made once: a schema costs more to make than a row to parse.
const claimedRow = contactRow.pick({ recordedAtMs: true });

/** Takes the contact's key: of all who claim it, one gets `claimed`, the others get that one's row. */
export async function claimContact(db: Queryable, row: NewContact): Promise<{ contact: Contact; claimed: boolean }> {
  const text = `insert into contact as t (contact_id, contact_key, customer_id, loan_id, case_no, loan_ids, channel,
      purpose, template, language, contact_point, state, at, subject, body, content_hash, verdict, offers, made_by,
      outcome, party_id, party_role)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
    on conflict (contact_key) do nothing returning t.recorded_at as "recordedAtMs"`;
  const outcome = row.outcome ?? null;
  const claimed = await maybeOne(db, claimedRow, { name: 'claim-contact', text }, [
    ...[row.contactId, row.contactKey, row.customerId, row.loanId, row.caseNo, row.loanIds, row.channel, row.purpose],
    ...[row.template, row.language, row.contactPoint, row.state, instant(row.atMs), row.subject, row.body],
    ...[row.contentHash, JSON.stringify(row.verdict), row.offers, row.madeBy, outcome],
    ...[row.partyId, row.partyRole],
  ]);
  const untouched = { providerId: null, handedAtMs: null, closesAtMs: null };
  if (claimed !== null) return { contact: { ...row, ...claimed, outcome, ...untouched }, claimed: true };
  const select = `select ${contactColumns} from contact t where contact_key = $1`;
  return { contact: await one(db, contactRow, select, [row.contactKey]), claimed: false };
}

// From which states each may be reached. What providers send back comes late and in any order.
const before: Readonly<Record<ContactState, readonly ContactState[]>> = {
  reserved: [],
  // Something came in between the reservation and the provider.
  denied: ['reserved'],
  unknown: ['reserved'],
  released: ['reserved', 'unknown'],
  placed: ['reserved', 'unknown'],
  delivered: ['reserved', 'unknown', 'placed'],
  failed: ['reserved', 'unknown', 'placed'],
};

export interface ContactChange {
  readonly state: ContactState;
  readonly providerId?: string | undefined;
  readonly outcome?: string | undefined;
  /** The provider itself names it: then what was given back, because the provider did not show it, was made after all. */
  readonly reported?: true;
}

const changeRow = z.object({ state: z.enum(contactStates), moved: z.boolean() });

/** Given back after it was handed over, with no word of the provider on it: only there may a report still say otherwise. */
export const givenBackUnheard = `(state = 'released' and handed_at is not null and provider_id is null)`;

/**
 * Moves the contact on, never back; answers the state in which it is then. The provider's id is kept even when the
 * report that it was delivered came before the answer that it was placed.
 * @throws Refusal NotFound.
 */
export async function setContactState(
  db: Queryable,
  contactId: string,
  change: ContactChange,
): Promise<z.infer<typeof changeRow>> {
  const text = `
    with found as (select contact_id, state = any($3::text[]) or ($6 and ${givenBackUnheard}) as moves
      from contact where contact_id = $1 for update)
    update contact t set
      state = case when f.moves then $2 else t.state end,
      outcome = case when f.moves then coalesce($5, t.outcome) else t.outcome end,
      provider_id = coalesce(t.provider_id, $4)
    from found f where t.contact_id = f.contact_id returning t.state, f.moves as moved`;
  const values = [
    contactId,
    change.state,
    before[change.state],
    change.providerId,
    change.outcome,
    change.reported === true,
  ];
  const changed = await maybeOne(db, changeRow, text, values);
  if (changed === null) throw new Refusal('NotFound', 'no such contact', 'contactId');
  return changed;
}

/** When it was made, where that is another instant than that of its reservation. */
export async function setContactTime(db: Queryable, contactId: string, atMs: number): Promise<void> {
  await execute(db, 'update contact set at = $2 where contact_id = $1', [contactId, instant(atMs)]);
}

export async function getContact(db: Queryable, contactId: string): Promise<Contact | null> {
  return maybeOne(db, contactRow, `select ${contactColumns} from contact t where contact_id = $1`, [contactId]);
}

/** Of these ids of a provider, those that another contact holds already. */
export async function idsOfOthers(db: Queryable, contactId: string, providerIds: readonly string[]): Promise<string[]> {
  const text = `select distinct provider_id as "providerId" from contact
    where provider_id = any($2::text[]) and contact_id <> $1`;
  return (await many(db, z.object({ providerId: z.string() }), text, [contactId, providerIds])).map(
    (row) => row.providerId,
  );
}

/** The contact that the provider knows under its own id. */
export async function findByProviderId(db: Queryable, providerId: string): Promise<Contact | null> {
  const text = `select ${contactColumns} from contact t where provider_id = $1 order by recorded_at desc limit 1`;
  return maybeOne(db, contactRow, text, [providerId]);
}
