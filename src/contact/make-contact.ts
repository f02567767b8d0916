import { setTimeout as wait } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { Channels } from '../channels/channel-clients';
import { ProviderUnreachable, type SendOutcome } from '../channels/outcome';
import { validitySeconds } from '../domain/contact/closing';
import type { Contact } from '../store/contact-row';
import { idsOfOthers, setContactState } from '../store/contacts';
import type { Queryable } from '../store/database';
import type { Handing } from './hand-over';
import { learnFromProvider } from './learn-from-provider';

export interface SendingDeps {
  readonly pool: Pool;
  readonly channels: Channels;
  /** What provider callbacks are built from. */
  readonly publicUrl: string;
  readonly mailDomain: string;
}

/** How a contact stands after an attempt: settled, to be tried again later, or to be asked about later. */
export type AttemptEnd =
  | { readonly kind: 'placed' }
  | { readonly kind: 'unknown'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'busy'; readonly retryAfterMs: number };

// A request that was under way when its process died has ended by then; see the channels' time-outs.
const settleMs = 15_000;
const busyRetryMs = 10 * 60_000;

/** Calls the provider for a contact that was just handed over. Its answer is not yet written: see `settleContact`. */
export function placeContact(
  { channels, publicUrl, mailDomain }: SendingDeps,
  { contact, atMs, unsubscribeToken }: Handing,
): Promise<SendOutcome> {
  const { contactId, channel, contactPoint, subject, body } = contact;
  if (contactPoint === null || body === null) throw new Error(`contact ${contactId} has nothing to send`);
  if (channel === 'sms') {
    const statusCallbackUrl = `${publicUrl}/v1/webhooks/twilio/status?contact=${contactId}`;
    const validityPeriodSeconds = validitySeconds(contact.closesAtMs, atMs);
    return channels.sms.send({ to: contactPoint, body, statusCallbackUrl, validityPeriodSeconds });
  }
  if (channel === 'email') {
    const messageId = `<${contactId}@${mailDomain}>`;
    const unsubscribeUrl = unsubscribeToken === null ? null : `${publicUrl}/u/${unsubscribeToken}`;
    const email = { to: contactPoint, subject: subject ?? '', text: body };
    return channels.email.send({ ...email, messageId, contactId, unsubscribeUrl });
  }
  throw new Error(`no provider makes a contact by ${channel}`);
}

/**
 * Finds out what became of an attempt that ended without being written down (the process died, or the answer was lost).
 * SMS: the provider is asked, once that attempt must have ended. E-mail: nobody can be asked, so it counts as made.
 * Never sends.
 */
export async function reconcileContact(
  { pool, channels }: SendingDeps,
  contact: Contact,
): Promise<SendOutcome | 'never-made'> {
  if (contact.channel !== 'sms' || contact.contactPoint === null || contact.body === null) {
    return { kind: 'unknown', reason: 'the attempt was cut off' };
  }
  const begunMs = contact.handedAtMs ?? contact.recordedAtMs;
  await wait(Math.max(0, begunMs + settleMs - Date.now()));
  const found = await channels.sms.find({ to: contact.contactPoint, body: contact.body, sinceMs: begunMs });
  const ids = found.map(({ providerId }) => providerId);
  // Several contacts may have the same text for a number that several people share.
  const taken = new Set(await idsOfOthers(pool, contact.contactId, ids));
  const unexplained = found.filter(({ providerId }) => !taken.has(providerId));
  const [only, another] = unexplained.filter(({ sameText }) => sameText);
  if (only !== undefined && another === undefined) {
    return { kind: 'accepted', providerId: only.providerId, acceptedAtMs: Date.now() };
  }
  if (unexplained.length > 0) return { kind: 'unknown', reason: 'the provider shows messages that fit no contact' };
  return 'never-made';
}

/**
 * What whoever made the attempt takes it for: only a message that the provider shows is made. What it does not show yet may
 * still appear in its lists, so that is unknown, counts, and is never sent again from here; the reconciliation finds out.
 */
export async function outcomeOfUnclear(deps: SendingDeps, contact: Contact): Promise<SendOutcome> {
  try {
    const found = await reconcileContact(deps, contact);
    return found === 'never-made' ? { kind: 'unknown', reason: 'the provider does not show it yet' } : found;
  } catch (error) {
    if (error instanceof ProviderUnreachable) return { kind: 'unknown', reason: 'the provider could not be asked' };
    throw error;
  }
}

/** Writes an attempt's outcome and what it teaches about the borrower's contact data. */
export async function settleContact(
  tx: Queryable,
  contact: Contact,
  outcome: SendOutcome,
  nowMs: number,
): Promise<AttemptEnd> {
  switch (outcome.kind) {
    case 'accepted': {
      const { providerId } = outcome;
      const { state } = await setContactState(tx, contact.contactId, { state: 'placed', providerId });
      // The report may be quicker than the answer.
      return state === 'failed' ? { kind: 'failed', reason: 'reported before the answer came' } : { kind: 'placed' };
    }
    case 'unknown':
      await setContactState(tx, contact.contactId, { state: 'unknown', outcome: outcome.reason });
      return { kind: 'unknown', reason: outcome.reason };
    case 'busy':
      await setContactState(tx, contact.contactId, { state: 'released', outcome: 'provider busy' });
      return { kind: 'busy', retryAfterMs: outcome.retryAfterMs ?? busyRetryMs };
    case 'refused':
      await setContactState(tx, contact.contactId, { state: 'failed', outcome: outcome.code });
      await learnFromProvider(tx, contact, outcome, nowMs);
      return { kind: 'failed', reason: `${outcome.code}: ${outcome.reason}` };
  }
}
