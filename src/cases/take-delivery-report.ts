import { describeTwilioError, type TwilioError } from '../channels/twilio-errors';
import { learnFromProvider } from '../contact/learn-from-provider';
import type { ContactState } from '../domain/contact/past-contact';
import { attemptOf } from '../domain/retry-steps';
import { takeBack, wantRetry } from '../store/contact-retries';
import type { Contact } from '../store/contact-row';
import { findByProviderId, getContact, setContactState } from '../store/contacts';
import { lockCustomer } from '../store/customers';
import { inTransaction, type Queryable } from '../store/database';
import { raiseAlert } from '../store/operations-alerts';
import { recordReport } from '../store/provider-reports';
import type { Desk } from './desk';
import { reviewReach } from './lost-contact';
import { notifyCase } from './notify';
import { tellOfContact } from './tell-of-contact';

export interface DeliveryReport {
  /** Our own id, where the callback carries it. */
  readonly contactId: string | null;
  readonly providerId: string;
  readonly status: string;
  readonly errorCode: number | null;
}

// Twilio's words in our ledger's. Reports come late, doubled and out of order; the ledger only moves on.
const states: Readonly<Record<string, ContactState>> = {
  accepted: 'placed',
  scheduled: 'placed',
  queued: 'placed',
  sending: 'placed',
  sent: 'placed',
  delivered: 'delivered',
  read: 'delivered',
  partially_delivered: 'delivered',
  undelivered: 'failed',
  failed: 'failed',
  canceled: 'failed',
};

/**
 * Writes what a provider reports of a message, once however often it comes; each time again the case is told. A report of a
 * message that nobody knows is kept and counted as such, and is never a contact; of a status that nobody knows nothing is written.
 */
export async function takeDeliveryReport(desk: Desk, report: DeliveryReport): Promise<void> {
  const state = states[report.status];
  if (state === undefined) return;
  const nowMs = await desk.clock.nowMs();
  const toTell = await inTransaction(desk.pool, async (tx) => {
    const named = await contactOf(tx, report);
    if (named !== null) await lockCustomer(tx, named.customerId);
    const contact = named === null ? null : await getContact(tx, named.contactId);
    const { providerId, status, errorCode } = report;
    const code = errorCode === null ? null : String(errorCode);
    const about = { contactId: contact?.contactId ?? null, code };
    const isNew = await recordReport(tx, { provider: 'twilio', providerId, status, ...about });
    const found = contact === null ? null : await apply(tx, contact, report, state, nowMs);
    if (found !== null) await reviewReach(tx, desk, found.customerId, nowMs);
    // Whoever took it before may have written it down and then not reached the case.
    return isNew ? found : contact;
  });
  // A contact that failed counts no more, and one that was found counts again: what legal means need may be missing, and
  // what is to be made again may be another.
  if (toTell !== null) await notifyCase(desk, toTell.loanId);
}

/** Answers the contact where it counts otherwise from now on. */
async function apply(
  tx: Queryable,
  contact: Contact,
  { providerId, status, errorCode }: DeliveryReport,
  state: ContactState,
  nowMs: number,
): Promise<Contact | null> {
  const { contactId } = contact;
  const news = { actor: 'provider', atMs: nowMs };
  if (state !== 'failed') {
    const outcome = contact.state === 'released' ? 'reported after it was given back' : undefined;
    const { moved } = await setContactState(tx, contactId, { state, providerId, outcome, reported: true });
    const wasGivenBack = moved && contact.state === 'released';
    if (wasGivenBack) await tellMadeAfterAll(tx, contact, nowMs);
    if (moved && state === 'delivered') {
      await tellOfContact(tx, contact, { ...news, kind: 'contact-delivered', reason: 'delivered' });
    }
    return wasGivenBack ? contact : null;
  }
  const error: TwilioError =
    errorCode === null ? { reason: 'not delivered', effect: 'none' } : describeTwilioError(errorCode);
  const outcome = String(errorCode ?? status);
  // What certainly reached nobody is given back to the caps.
  const moved =
    error.neverSent === true
      ? await takeBack(tx, contactId, { providerId, outcome })
      : (await setContactState(tx, contactId, { state, providerId, outcome, reported: true })).moved;
  if (!moved) return null;
  const data = { errorCode, effect: error.effect };
  await tellOfContact(tx, contact, { ...news, kind: 'contact-failed', reason: error.reason, data });
  await learnFromProvider(tx, contact, { effect: error.effect, code: outcome }, nowMs);
  const { retry } = error;
  if (retry !== undefined && attemptOf(contact.contactKey).attempt <= retry.atMost) {
    await wantRetry(tx, contactId, nowMs + retry.afterMs);
  }
  return contact;
}

/** The provider did not show it for so long that it was given back; another one may have been sent in its place. */
async function tellMadeAfterAll(tx: Queryable, contact: Contact, atMs: number): Promise<void> {
  const reason = 'the provider reports what it had not shown: it was made, and may have been made again';
  await tellOfContact(tx, contact, { kind: 'contact-found', actor: 'provider', reason, atMs });
  const { contactId } = contact;
  await raiseAlert(tx, { kind: 'configuration', provider: 'twilio', code: 'made-after-all', contactId, atMs });
}

async function contactOf(tx: Queryable, { contactId, providerId }: DeliveryReport): Promise<Contact | null> {
  const named = contactId === null ? null : await getContact(tx, contactId);
  const holder = named?.providerId === providerId ? named : await findByProviderId(tx, providerId);
  // Whichever contact holds the message accounts for it: of two with one text it may have been taken for the other's.
  if (named === null || holder !== null) return holder;
  // Of an attempt that was given up and made again, the first message's reports say nothing about the second.
  return named.providerId === null ? named : null;
}
