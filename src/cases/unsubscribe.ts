import { consentInForce, recordConsent } from '../store/consents';
import type { Contact } from '../store/contact-row';
import { lockCustomer } from '../store/customers';
import { inTransaction, type Queryable } from '../store/database';
import { isPurged } from '../store/retention';
import { contactOfToken } from '../store/unsubscribe-tokens';
import type { Desk } from './desk';
import { tellCases } from './tell-cases';

/**
 * Ends e-mail to whoever got the message with this secret. Answers whether there was such a message. Mail programs and people
 * ask more than once: while the way is closed that changes nothing.
 */
export async function unsubscribe(desk: Desk, token: string): Promise<boolean> {
  const nowMs = await desk.clock.nowMs();
  return inTransaction(desk.pool, async (tx) => {
    const contact = await contactOfToken(tx, token);
    if (contact === null) return false;
    await lockCustomer(tx, contact.customerId);
    const known = await consentInForce(tx, contact, nowMs);
    if (known?.state !== 'opted-out') await optOutOf(tx, contact, 'one-click unsubscribe', nowMs);
    return true;
  });
}

/**
 * Closes the way by which a message went out, because of what its reader did with it. It is not confirmed by another message:
 * whoever ends e-mail with one click (RFC 8058) or calls it spam has asked for none. The wish is the person's and outlives the
 * records of the message; of somebody of whom nothing is kept any more, nothing is written.
 */
export async function optOutOf(
  tx: Queryable,
  { customerId, channel, partyId }: Contact,
  source: string,
  atMs: number,
): Promise<void> {
  if ((channel !== 'sms' && channel !== 'email') || (await isPurged(tx, customerId))) return;
  const whose = { customerId, channel, partyId, actor: 'borrower' };
  await recordConsent(tx, { ...whose, state: 'opted-out', source, atMs }, atMs);
  const reason = `asked for no more ${channel === 'sms' ? 'SMS' : 'e-mail'}`;
  const event = { atMs, actor: 'borrower', kind: 'opted-out', reason, data: { channel, source } };
  await tellCases(tx, customerId, null, { ...event, eventKey: `opted-out/${channel}/${atMs}` });
}
