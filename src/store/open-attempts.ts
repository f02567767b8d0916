import { type Contact, contactColumns, contactRow } from './contact-row';
import type { Queryable } from './database';
import { many } from './rows';

/** Messages whose end is not on record, and that were begun so long ago by the machine's clock, the oldest first. */
export async function openAttempts(db: Queryable, olderThanMs: number, limit: number): Promise<Contact[]> {
  const text = `select ${contactColumns} from contact t
    where state in ('reserved', 'unknown') and channel in ('sms', 'email')
      and recorded_at < clock_timestamp() - $1 * interval '1 millisecond'
      -- Nobody can be asked about an e-mail: its report comes or it does not.
      and not (channel = 'email' and state = 'unknown')
    order by recorded_at, contact_id limit $2`;
  return many(db, contactRow, text, [olderThanMs, limit]);
}
