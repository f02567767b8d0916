import { inTransaction, type Queryable } from '../store/database';
import { getContact } from '../store/contacts';
import type { Contact } from '../store/contact-row';
import { lockCustomer } from '../store/customers';
import type { Gate, Passage } from './gate';
import { clockFrom, handOver } from './hand-over';
import { type AttemptEnd, placeContact, type SendingDeps, settleContact } from './make-contact';

export interface MakingDeps extends SendingDeps {
  readonly gate: Gate;
}

export type Sent =
  | AttemptEnd
  | Extract<Passage, { kind: 'denied' | 'deferred' }>
  /** Another attempt has it, or its slot was given back. */
  | { readonly kind: 'known' };

/** Told in the transaction that writes how the contact stands, with the customer locked. */
export type Tell = (tx: Queryable, contact: Contact, sent: Sent) => Promise<void>;

const nothingToTell: Tell = () => Promise.resolve();

/**
 * Hands over a contact that belongs to no step of a case and was reserved with what it answers, and writes what the provider
 * says. An attempt that is cut off is not begun again here: the reconciliation finds out what became of it.
 */
export async function sendReserved(
  deps: MakingDeps,
  { contactId }: Contact,
  nowMs: number,
  tell: Tell = nothingToTell,
): Promise<Sent> {
  const clock = clockFrom(nowMs);
  const handed = await inTransaction(deps.pool, async (tx) => {
    const answer = await handOver(tx, deps.gate, contactId, clock);
    if (answer.kind === 'denied' || answer.kind === 'deferred') await tellOf(tx, contactId, answer, tell);
    return answer;
  });
  if (handed.kind === 'taken') return { kind: 'known' };
  if (handed.kind !== 'go') return handed;
  const { contact } = handed;
  const outcome = await placeContact(deps, handed);
  return inTransaction(deps.pool, async (tx) => {
    await lockCustomer(tx, contact.customerId);
    const made = await settleContact(tx, contact, outcome, nowMs);
    await tell(tx, contact, made);
    return made;
  });
}

async function tellOf(tx: Queryable, contactId: string, sent: Sent, tell: Tell): Promise<void> {
  const contact = await getContact(tx, contactId);
  if (contact !== null) await tell(tx, contact, sent);
}
