import { type Contact, contactColumns, contactRow } from './contact-row';
import type { Queryable } from './database';
import { execute, instant, maybeInstant, maybeOne, one } from './rows';

export async function contactByKey(db: Queryable, contactKey: string): Promise<Contact | null> {
  const text = `select ${contactColumns} from contact t where contact_key = $1`;
  return maybeOne(db, contactRow, { name: 'contact-by-key', text }, [contactKey]);
}

/** What a reservation says anew: the borrower may owe another amount by then. */
export type Renewal = Pick<Contact, 'contactPoint' | 'partyId' | 'partyRole' | 'loanIds' | 'verdict' | 'atMs'> &
  Pick<Contact, 'template' | 'language' | 'subject' | 'body' | 'contentHash'>;

/** Reserves a released contact once more: its first attempt certainly reached nobody. */
export async function reserveAgain(db: Queryable, contactId: string, to: Renewal): Promise<Contact> {
  const text = `update contact t set state = 'reserved', at = $2, verdict = $3, contact_point = $4, loan_ids = $5,
      template = $6, language = $7, subject = $8, body = $9, content_hash = $10, recorded_at = now(),
      provider_id = null, outcome = null, handed_at = null, closes_at = null,
      party_id = $11, party_role = $12
    where contact_id = $1 and state = 'released' returning ${contactColumns}`;
  return one(db, contactRow, text, [
    ...[contactId, instant(to.atMs), JSON.stringify(to.verdict), to.contactPoint, to.loanIds, to.template, to.language],
    ...[to.subject, to.body, to.contentHash, to.partyId, to.partyRole],
  ]);
}

/**
 * Marks a reserved contact as handed to its provider. Of all who try, one gets it; null says that it is no longer there to
 * be handed over.
 */
export async function markHandedOver(
  db: Queryable,
  contactId: string,
  closesAtMs: number | null,
  look: LaterLook,
): Promise<Contact | null> {
  const text = `update contact t set handed_at = clock_timestamp(), closes_at = $2, verdict = ${withLook('$3')}
    where contact_id = $1 and state = 'reserved' and handed_at is null returning ${contactColumns}`;
  return maybeOne(db, contactRow, text, [contactId, maybeInstant(closesAtMs), JSON.stringify(look)]);
}

/** What was looked at when a reserved contact was allowed once more, as it was made. */
export interface LaterLook {
  readonly rules: readonly string[];
  readonly [evidence: string]: unknown;
}

/** Adds a later look to the judgement by which the contact was reserved. */
export async function keepLaterLook(db: Queryable, contactId: string, look: LaterLook): Promise<void> {
  const text = `update contact t set verdict = ${withLook('$2')} where contact_id = $1`;
  await execute(db, text, [contactId, JSON.stringify(look)]);
}

function withLook(look: string): string {
  return `t.verdict || jsonb_build_object('again', coalesce(t.verdict->'again', '[]') || ${look}::jsonb)`;
}
