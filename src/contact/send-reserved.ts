import { inTransaction, type Queryable } from '../store/database';
import { getContact } from '../store/contacts';
import type { Contact } from '../store/contact-row';
import { lockCustomer } from '../store/customers';
import { type ContactWish, type Gate, type Passage, passGate } from './gate';
import { clockFrom, handOver } from './hand-over';
import { type Made, outcomeOfUnclear, placeContact, type SendingDeps, settleContact } from './make-contact';

export interface MakingDeps extends SendingDeps {
  readonly gate: Gate;
}

export type Sent =
  | Made
  | Extract<Passage, { kind: 'denied' | 'deferred' | 'covered' }>
  /** It was settled before, or another attempt has it. */
  | { readonly kind: 'known' };

/** Told in the transaction that writes how the contact stands, with the customer locked. */
export type Tell = (tx: Queryable, contact: Contact, sent: Sent) => Promise<void>;

const nothingToTell: Tell = () => Promise.resolve();

/**
 * Makes a contact that belongs to no step of a case, once: whoever asks again under its key goes on where the last attempt
 * stopped, and of what was handed over the provider is asked. Nothing is handed over twice here.
 */
export async function makeContact(
  deps: MakingDeps,
  wish: ContactWish,
  nowMs: number,
  tell: Tell = nothingToTell,
): Promise<Sent> {
  const passage = await inTransaction(deps.pool, (tx) => passGate(tx, deps.gate, wish, nowMs));
  if (passage.kind === 'reserved') return sendReserved(deps, passage.contact, nowMs, tell);
  if (passage.kind !== 'known') return passage;
  const { contact } = passage;
  if (contact.state !== 'reserved') return { kind: 'known' };
  if (contact.handedAtMs === null) return sendReserved(deps, contact, nowMs, tell);
  return settle(deps, contact, await outcomeOfUnclear(deps, contact), nowMs, tell);
}

/** Hands a reserved contact over and writes what the provider answers. */
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
  return settle(deps, handed.contact, await placeContact(deps, handed), nowMs, tell);
}

function settle(
  deps: MakingDeps,
  contact: Contact,
  outcome: Parameters<typeof settleContact>[2],
  nowMs: number,
  tell: Tell,
): Promise<Made> {
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
