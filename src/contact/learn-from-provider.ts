import type { RefusalEffect } from '../channels/outcome';
import { recordConsent } from '../store/consents';
import type { Contact } from '../store/contact-row';
import { markContactPointInvalid, markNotForSms } from '../store/customers';
import type { Queryable } from '../store/database';
import { raiseAlert } from '../store/operations-alerts';

/** What a provider's no teaches of the person, of the number or address, and of the bank's own account; at once or in a later report. */
export async function learnFromProvider(
  tx: Queryable,
  { contactId, customerId, channel, contactPoint, partyId }: Contact,
  { effect, code }: { readonly effect: RefusalEffect; readonly code: string },
  atMs: number,
): Promise<void> {
  const source = `provider ${code}`;
  const isMail = channel === 'email';
  if (effect === 'configuration' || effect === 'content') {
    await raiseAlert(tx, { kind: effect, provider: isMail ? 'mail' : 'twilio', code, contactId, atMs });
  }
  if (effect === 'opt-out') {
    const whose = { customerId, channel, partyId, actor: 'provider' };
    await recordConsent(tx, { ...whose, state: 'opted-out', source, atMs }, atMs);
  }
  if (contactPoint === null) return;
  if (effect === 'no-sms') await markNotForSms(tx, customerId, contactPoint);
  if (effect === 'bad-contact-point') {
    await markContactPointInvalid(tx, customerId, isMail ? 'email' : 'phone', contactPoint, source);
  }
}
