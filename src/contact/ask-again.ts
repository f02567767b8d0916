import type { Verdict } from '../domain/contact/judge';
import { judgeAs, type Manner } from '../domain/contact/manner';
import type { Situation } from '../domain/contact/situation';
import { keepLaterLook } from '../store/contact-claims';
import type { Contact } from '../store/contact-row';
import { lockCustomer } from '../store/customers';
import type { Queryable } from '../store/database';
import { evidenceOf, type Gate } from './gate';
import { keepRefusal } from './keep-refusal';
import { askedAbout, situationOf } from './read-situation';

/** A call that begins now may still ring and be spoken on when its window has closed. */
export const callEndsBeforeMs = 5 * 60_000;

/**
 * Asks about a contact that holds its reservation, at the moment at which it is made: an opt-out, a flag or the hour may have
 * come in between. Its own slot is not counted against it. The answer is kept with what was looked at. `aheadMs`: the contact
 * must be allowed then too. `artificialVoice`: a machine is to speak.
 */
export async function askAgain(
  tx: Queryable,
  gate: Gate,
  contact: Contact,
  nowMs: number,
  { aheadMs = 0, artificialVoice = false }: { readonly aheadMs?: number; readonly artificialVoice?: boolean } = {},
): Promise<Verdict> {
  await lockCustomer(tx, contact.customerId);
  const asked = askedAbout(contact);
  const { situation: known } = await situationOf(tx, gate, asked, nowMs);
  const situation: Situation = { ...known, ...(artificialVoice && { artificialVoice: true }) };
  const manner: Manner = { kind: 'at-instant', aheadMs };
  const { verdict } = judgeAs(manner, situation, gate.inForce.packs, gate.calendars);
  const evidence = evidenceOf(gate, situation, manner);
  if (verdict.kind === 'allow') {
    await keepLaterLook(tx, contact.contactId, { rules: verdict.rules, ...evidence });
    return verdict;
  }
  await keepRefusal(tx, { ...contact, purpose: asked.purpose, atMs: nowMs }, verdict, evidence);
  return verdict;
}
