import { type Contact, contactColumns, contactRow } from './contact-row';
import type { Queryable } from './database';
import { many, maybeInstant } from './rows';

export interface Page {
  readonly after: Pick<Contact, 'recordedAtMs' | 'contactId'> | null;
  readonly limit: number;
}

/** Messages whose end is not on record, and that were begun so long ago by the machine's clock, the oldest first. */
export async function openAttempts(db: Queryable, olderThanMs: number, { after, limit }: Page): Promise<Contact[]> {
  const text = `select ${contactColumns} from contact t
    where state in ('reserved', 'unknown') and channel in ('sms', 'email')
      and recorded_at < clock_timestamp() - $1 * interval '1 millisecond'
      -- Nobody can be asked about an e-mail: its report comes or it does not.
      and not (channel = 'email' and state = 'unknown')
      and ($3::timestamptz is null or (date_trunc('milliseconds', recorded_at), contact_id) > ($3, $4::uuid))
    order by date_trunc('milliseconds', recorded_at), contact_id limit $2`;
  const values = [olderThanMs, limit, maybeInstant(after?.recordedAtMs ?? null), after?.contactId ?? null];
  return many(db, contactRow, text, values);
}
