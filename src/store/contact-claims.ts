import { type Contact, contactColumns, contactRow } from './contact-row';
import type { Queryable } from './database';
import { instant, maybeInstant, maybeOne, one } from './rows';

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
): Promise<Contact | null> {
  const text = `update contact t set handed_at = clock_timestamp(), closes_at = $2
    where contact_id = $1 and state = 'reserved' and handed_at is null returning ${contactColumns}`;
  return maybeOne(db, contactRow, text, [contactId, maybeInstant(closesAtMs)]);
}
