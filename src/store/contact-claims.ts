import { type Contact, contactColumns, contactRow } from './contact-row';
import type { Queryable } from './database';
import { instant, maybeOne, one } from './rows';

export async function contactByKey(db: Queryable, contactKey: string): Promise<Contact | null> {
  const text = `select ${contactColumns} from contact t where contact_key = $1`;
  return maybeOne(db, contactRow, { name: 'contact-by-key', text }, [contactKey]);
}

/** Reserves a released contact once more: its first attempt certainly reached nobody. */
export async function reserveAgain(
  db: Queryable,
  contactKey: string,
  atMs: number,
  verdict: unknown,
): Promise<Contact> {
  const text = `update contact t set state = 'reserved', at = $2, verdict = $3, recorded_at = now(),
      provider_id = null, outcome = null
    where contact_key = $1 and state = 'released' returning ${contactColumns}`;
  return one(db, contactRow, text, [contactKey, instant(atMs), JSON.stringify(verdict)]);
}
