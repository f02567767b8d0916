import type { Channel } from '../domain/case';
import { type Contact, contactColumns, contactRow, madeStates } from './contact-row';
import type { Queryable } from './database';
import { instant, maybeInstant, maybeOne, one } from './rows';

export async function contactByKey(db: Queryable, contactKey: string): Promise<Contact | null> {
  return maybeOne(db, contactRow, `select ${contactColumns} from contact t where contact_key = $1`, [contactKey]);
}

/** What a reservation says anew: the borrower may owe another amount by then. */
export type Renewal = Pick<
  Contact,
  'contactPoint' | 'loanIds' | 'template' | 'language' | 'subject' | 'body' | 'contentHash' | 'verdict' | 'atMs'
>;

/** Reserves a released contact once more: its first attempt certainly reached nobody. */
export async function reserveAgain(db: Queryable, contactId: string, to: Renewal): Promise<Contact> {
  const text = `update contact t set state = 'reserved', at = $2, verdict = $3, contact_point = $4, loan_ids = $5,
      template = $6, language = $7, subject = $8, body = $9, content_hash = $10, recorded_at = now(),
      provider_id = null, outcome = null, handed_at = null, closes_at = null
    where contact_id = $1 and state = 'released' returning ${contactColumns}`;
  return one(db, contactRow, text, [
    ...[contactId, instant(to.atMs), JSON.stringify(to.verdict), to.contactPoint, to.loanIds, to.template, to.language],
    ...[to.subject, to.body, to.contentHash],
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

export interface Covering {
  readonly loanId: string;
  readonly customerId: string;
  readonly purpose: string;
  readonly channels: readonly Channel[];
  readonly sinceMs: number;
}

/**
 * The newest message since then, made for another case of the borrower, that names this loan too and serves the same
 * purpose. One that is only reserved counts: it is on its way. Null where there is none.
 */
export async function coveringContact(db: Queryable, covering: Covering): Promise<Contact | null> {
  const text = `select ${contactColumns} from contact t
    where customer_id = $1 and loan_id <> $2 and $2 = any(loan_ids) and purpose = $3 and channel = any($4::text[])
      and at >= $5 and (state = 'reserved' or state in ${madeStates})
    order by at desc, contact_id limit 1`;
  const { customerId, loanId, purpose, channels, sinceMs } = covering;
  return maybeOne(db, contactRow, text, [customerId, loanId, purpose, channels, instant(sinceMs)]);
}
