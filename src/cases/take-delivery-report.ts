import { describeTwilioError } from '../channels/twilio-errors';
import type { Contact, ContactState } from '../store/contact-row';
import { findByProviderId, getContact, setContactState } from '../store/contacts';
import { lockCustomer, markContactPointInvalid, recordConsent } from '../store/customers';
import { inTransaction, type Queryable } from '../store/database';
import { recordEvent } from '../store/timeline';
import type { Desk } from './desk';
import { reviewReach } from './lost-contact';
import { notifyCase } from './notify';

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

/** Writes what a provider reports of a message. Of a message or a status that nobody knows, nothing. */
export async function takeDeliveryReport(desk: Desk, report: DeliveryReport): Promise<void> {
  const state = states[report.status];
  if (state === undefined) return;
  const nowMs = await desk.clock.nowMs();
  const failed = await inTransaction(desk.pool, async (tx) => {
    const contact = await contactOf(tx, report);
    if (contact === null) return null;
    await lockCustomer(tx, contact.customerId);
    const outcome = state === 'failed' ? String(report.errorCode ?? report.status) : undefined;
    const { moved } = await setContactState(tx, contact.contactId, { state, providerId: report.providerId, outcome });
    if (!moved || state === 'placed') return null;
    await record(tx, contact, state, report.errorCode, nowMs);
    if (state === 'failed') await reviewReach(tx, desk, contact.customerId, nowMs);
    return state === 'failed' ? contact : null;
  });
  // A contact that failed counts no more: what legal means need may be missing again.
  if (failed !== null) await notifyCase(desk, failed.loanId);
}

async function contactOf(tx: Queryable, { contactId, providerId }: DeliveryReport): Promise<Contact | null> {
  const named = contactId === null ? null : await getContact(tx, contactId);
  if (named === null) return findByProviderId(tx, providerId);
  // Of an attempt that was given up and made again, the first message's reports say nothing about the second.
  return named.providerId === null || named.providerId === providerId ? named : null;
}

async function record(
  tx: Queryable,
  contact: Contact,
  state: ContactState,
  errorCode: number | null,
  nowMs: number,
): Promise<void> {
  const { contactId, loanId, caseNo, channel, customerId, contactPoint } = contact;
  const { reason, effect } =
    errorCode === null ? { reason: 'not delivered', effect: 'none' } : describeTwilioError(errorCode);
  const event = { loanId, caseNo, atMs: nowMs, kind: `contact-${state}`, actor: 'provider' };
  await recordEvent(tx, {
    ...event,
    reason: state === 'failed' ? reason : 'delivered',
    data: { contactId, channel, errorCode },
    eventKey: `${state}/${contactId}`,
  });
  const source = `provider ${errorCode ?? ''}`;
  if (effect === 'opt-out') await recordConsent(tx, { customerId, channel, state: 'opted-out', source, atMs: nowMs });
  if (effect === 'bad-contact-point' && contactPoint !== null) {
    await markContactPointInvalid(tx, customerId, 'phone', contactPoint, source);
  }
}
