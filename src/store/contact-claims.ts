import type { Channel } from '../domain/case';
import { type Contact, contactColumns, contactRow, madeStates } from './contact-row';
import type { Queryable } from './database';
import { instant, maybeOne, one } from './rows';

export async function contactByKey(db: Queryable, contactKey: string): Promise<Contact | null> {
  return maybeOne(db, contactRow, `select ${contactColumns} from contact t where contact_key = $1`, [contactKey]);
}

/** Reserves a released contact once more: its first attempt certainly reached nobody. */
export async function reserveAgain(db: Queryable, contactId: string, atMs: number, verdict: unknown): Promise<Contact> {
  const text = `update contact t set state = 'reserved', at = $2, verdict = $3, recorded_at = now(),
      provider_id = null, outcome = null
    where contact_id = $1 and state = 'released' returning ${contactColumns}`;
  return one(db, contactRow, text, [contactId, instant(atMs), JSON.stringify(verdict)]);
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
