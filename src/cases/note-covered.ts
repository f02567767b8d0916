import { oneBy } from '../domain/contact/channel-name';
import { openCasesOfCustomer } from '../store/case-lists';
import type { Contact } from '../store/contact-row';
import type { Queryable } from '../store/database';
import { recordEvent } from '../store/timeline';

/** Who wrote a contact down, and what was unlawful about it. */
interface Noted {
  readonly actor: string;
  readonly nowMs: number;
  readonly breach?: { readonly rules: readonly string[]; readonly reason: string } | null;
}

/**
 * Tells the borrower's other open cases of a contact that was made and was about their loans too: it counts for them. Answers
 * their loans.
 */
export async function noteCovered(
  tx: Queryable,
  {
    contactId,
    customerId,
    channel,
    loanId,
    loanIds,
  }: Pick<Contact, 'contactId' | 'customerId' | 'channel' | 'loanId' | 'loanIds'>,
  { actor, nowMs, breach = null }: Noted,
): Promise<readonly string[]> {
  if (loanIds.length < 2) return [];
  const cases = await openCasesOfCustomer(tx, customerId);
  const others = cases.filter((one) => one.loanId !== loanId && loanIds.includes(one.loanId));
  for (const { loanId: covered, caseNo } of others) {
    const event = { loanId: covered, caseNo, atMs: nowMs, actor };
    const reason = `${oneBy[channel]} of another case of the borrower was about this loan too`;
    const key = (kind: string): string => `${kind}/${contactId}`;
    const data = { contactId, channel };
    await recordEvent(tx, { ...event, kind: 'contact-covered', reason, data, eventKey: key('contact-covered') });
    if (breach === null) continue;
    const broken = { ...event, kind: 'contact-breach', reason: breach.reason, data: { ...data, rules: breach.rules } };
    await recordEvent(tx, { ...broken, eventKey: key('contact-breach') });
  }
  return others.map((one) => one.loanId);
}
