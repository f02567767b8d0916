import { inTime, judgeAs } from '../domain/contact/manner';
import { isPurpose } from '../domain/contact/purpose';
import type { Situation } from '../domain/contact/situation';
import { markHandedOver } from '../store/contact-claims';
import type { Contact } from '../store/contact-row';
import { getContact, setContactState } from '../store/contacts';
import { lockCustomer } from '../store/customers';
import type { Queryable } from '../store/database';
import { issueUnsubscribeToken } from '../store/unsubscribe-tokens';
import { evidenceOf, type Gate, type Passage } from './gate';
import { keepRefusal } from './keep-refusal';
import { situationOf, skewMs } from './read-situation';

/** A contact that may now be given to its provider, by whoever holds this and by nobody else. */
export interface Handing {
  readonly kind: 'go';
  readonly contact: Contact;
  readonly atMs: number;
  /** The secret of the message's unsubscribe address; null for what is no e-mail. */
  readonly unsubscribeToken: string | null;
}

export type Handover =
  | Handing
  /** Another attempt was quicker, or the reservation was given back. */
  | { readonly kind: 'taken' }
  | Extract<Passage, { kind: 'denied' | 'deferred' }>;

/**
 * The last look before the provider is called, in the transaction that is committed just before: a stop word, a flag, a
 * number found to be wrong, or hours that ended since the reservation stop the message, and the slot is given back.
 */
export async function handOver(tx: Queryable, gate: Gate, contactId: string, clock: () => number): Promise<Handover> {
  const found = await getContact(tx, contactId);
  if (found === null) return { kind: 'taken' };
  await lockCustomer(tx, found.customerId);
  const contact = (await getContact(tx, contactId)) ?? found;
  if (contact.state !== 'reserved' || contact.handedAtMs !== null) return { kind: 'taken' };
  if (!isPurpose(contact.purpose)) throw new Error(`contact ${contactId} has no purpose of the list`);

  // Read once the customer is locked: a wait for that is time that passed.
  const nowMs = clock();
  const asked = { ...contact, purpose: contact.purpose };
  const reading = await situationOf(tx, gate, asked, nowMs);
  const situation = withoutSkew(reading.situation);
  const { verdict, closesAtMs } = judgeAs(inTime, situation, gate.inForce.packs, gate.calendars);
  const evidence = evidenceOf(gate, situation, inTime);
  if (verdict.kind === 'allow') {
    const handed = await markHandedOver(tx, contactId, closesAtMs, { rules: verdict.rules, ...evidence });
    if (handed === null) return { kind: 'taken' };
    const isMail = handed.channel === 'email';
    const unsubscribeToken = isMail ? await issueUnsubscribeToken(tx, contactId) : null;
    return { kind: 'go', contact: handed, atMs: nowMs, unsubscribeToken };
  }
  const refused = await keepRefusal(tx, { ...contact, atMs: nowMs }, verdict, evidence);
  const outcome = `stopped by ${refused.rules.length === 0 ? refused.reason : refused.rules.join(', ')}`;
  await setContactState(tx, contactId, { state: refused.kind === 'denied' ? 'denied' : 'released', outcome });
  return refused;
}

/** What is on record counts, also where the process that wrote it is a little ahead of this one. */
function withoutSkew(situation: Situation): Situation {
  const { atMs, optOuts, flags } = situation;
  const known = (sinceMs: number): number => (sinceMs <= atMs + skewMs ? Math.min(sinceMs, atMs) : sinceMs);
  return {
    ...situation,
    optOuts: optOuts.map((one) => ({ ...one, atMs: known(one.atMs) })),
    flags: flags.map((one) => ({ ...one, fromMs: known(one.fromMs) })),
  };
}

/** The bank's time from an instant on, by the machine's clock. */
export function clockFrom(nowMs: number): () => number {
  const startedMs = Date.now();
  return () => nowMs + Math.max(0, Date.now() - startedMs);
}
