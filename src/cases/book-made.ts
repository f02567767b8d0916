import type { Gate } from '../contact/gate';
import { judgeMade, type Made } from '../contact/judge-made';
import { keepRefusal } from '../contact/keep-refusal';
import { askedAbout } from '../contact/read-situation';
import type { Contact } from '../store/contact-row';
import { setContactTime } from '../store/contacts';
import { lockCustomer } from '../store/customers';
import type { Queryable } from '../store/database';
import { recordEvent } from '../store/timeline';
import type { Actor } from './actor';
import { noteCovered } from './note-covered';

/**
 * Books a reserved call or visit on the instant at which it was made: from there it counts. What was unlawful about it then
 * is on record, and never a reason to leave it out. Answers the loans whose cases were told that it was about them too.
 */
export async function bookMade(
  tx: Queryable,
  gate: Gate,
  contact: Contact,
  made: Made,
  actor: Actor,
  nowMs: number,
): Promise<readonly string[]> {
  const { contactId, customerId, loanId, caseNo, channel } = contact;
  await lockCustomer(tx, customerId);
  const asked = askedAbout(contact);
  const { verdict, evidence } = await judgeMade(tx, gate, asked, made);
  await setContactTime(tx, contactId, made.atMs);
  const by = { actor: actor.name, nowMs };
  if (verdict.kind === 'allow') return noteCovered(tx, contact, by);
  const { rules, reason } = verdict;
  await keepRefusal(tx, { ...contact, purpose: asked.purpose, atMs: made.atMs }, verdict, evidence);
  const event = { loanId, caseNo, atMs: nowMs, actor: actor.name, kind: 'contact-breach', reason };
  await recordEvent(tx, { ...event, data: { contactId, channel, rules } });
  return noteCovered(tx, contact, { ...by, breach: { rules, reason } });
}
