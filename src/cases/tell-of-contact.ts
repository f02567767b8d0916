import type { Contact } from '../store/contact-row';
import type { Queryable } from '../store/database';
import { casesCoveredBy, recordEvent } from '../store/timeline';

interface ContactNews {
  readonly kind: string;
  readonly actor: string;
  readonly reason: string;
  readonly atMs: number;
  readonly data?: Readonly<Record<string, unknown>>;
}

/**
 * Writes what became known of a contact into the timeline of the case for which it was made, and of those that were told that it
 * covers them: once per contact and kind, however often it is heard.
 */
export async function tellOfContact(
  tx: Queryable,
  { contactId, loanId, caseNo, channel, loanIds }: Contact,
  { kind, data, ...news }: ContactNews,
): Promise<void> {
  const covered = loanIds.length > 1 ? await casesCoveredBy(tx, contactId, loanIds) : [];
  for (const one of [{ loanId, caseNo }, ...covered]) {
    const event = { ...one, kind, ...news, data: { contactId, channel, ...data } };
    await recordEvent(tx, { ...event, eventKey: `${kind}/${contactId}` });
  }
}
