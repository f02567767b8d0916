import { createHash, randomUUID } from 'node:crypto';
import type { Channel } from '../domain/case';
import { coveringMessage, type KeptContact } from '../domain/contact/covering';
import type { Calendars, ZoneClock } from '../domain/contact/evidence';
import type { ContentTag } from '../domain/contact/content-tag';
import { loansBeside } from '../domain/contact/loans-beside';
import { inTime, type Manner } from '../domain/contact/manner';
import type { Purpose } from '../domain/contact/purpose';
import type { Situation } from '../domain/contact/situation';
import { contactByKey, reserveAgain } from '../store/contact-claims';
import type { Contact } from '../store/contact-row';
import { claimContact } from '../store/contacts';
import { lockCustomer } from '../store/customers';
import type { Queryable } from '../store/database';
import { judgeWithText, textOf } from './fit-text';
import { keepRefusal } from './keep-refusal';
import { type Asked, type Reading, type Rules, situationOf } from './read-situation';

/** One contact that somebody wants to make: machine or person, any channel. */
export interface ContactWish {
  /** The business key: claiming it twice is claiming it once. */
  readonly contactKey: string;
  readonly customerId: string;
  readonly loanId: string;
  readonly caseNo: number;
  /** Every loan that the contact names. */
  readonly loanIds: readonly string[];
  readonly channel: Channel;
  readonly purpose: Purpose;
  readonly contactPoint: string | null;
  readonly madeBy: string;
  readonly template: string | null;
  readonly language: string | null;
  readonly subject: string | null;
  readonly body: string | null;
  readonly offers: readonly string[];
  /** What the template says that the text carries; null where that was not asked yet when it was published. */
  readonly tags: readonly ContentTag[] | null;
  /** The name under which the bank writes; null where nothing is written. */
  readonly sender: string | null;
}

export type Passage =
  | { readonly kind: 'reserved'; readonly contact: Contact }
  /** The key was claimed before, by an attempt whose end has to be found out. */
  | { readonly kind: 'known'; readonly contact: Contact }
  /** A contact of another of the borrower's cases named this loan today. */
  | { readonly kind: 'covered'; readonly by: string }
  | { readonly kind: 'denied'; readonly rules: readonly string[]; readonly reason: string }
  | { readonly kind: 'deferred'; readonly untilMs: number; readonly rules: readonly string[]; readonly reason: string };

export interface Gate extends Rules {
  readonly calendars: Calendars;
}

/**
 * The last word on a contact (design, decision 6). Runs inside the transaction that reserves the slot and locks the
 * customer first, so that of many cases and workers only one at a time reads the ledger and takes what a cap leaves.
 * What was looked at is kept with the answer, so that the judgement can be repeated. `seen`: what was read of more of the
 * borrower's loans already, with the customer locked.
 */
export async function passGate(
  tx: Queryable,
  gate: Gate,
  wish: ContactWish,
  nowMs: number,
  seen: Reading | null = null,
): Promise<Passage> {
  // Sent one behind the other: the second waits at the database for the lock, and only then takes its view of the record.
  const [, read] = await Promise.all([lockCustomer(tx, wish.customerId), seen ?? situationOf(tx, gate, wish, nowMs)]);
  const { timezone, earlierState, ledger } = read;
  const situation: Situation = { ...read.situation, loanIds: wish.loanIds };
  const earlier = earlierState === null ? null : await knownContact(tx, wish);
  if (earlier !== null && earlier.state !== 'released') return { kind: 'known', contact: earlier };
  const covering = coveringToday(gate.calendars.clockOf(timezone), ledger, wish, nowMs);
  if (covering !== null) return { kind: 'covered', by: covering.contactId };

  const { tags, sender } = wish;
  const text = textOf(wish);
  const written = text === null ? null : { text, tags, sender };
  const rulesOfText = { packs: gate.inForce.packs, calendars: gate.calendars };
  const { verdict, faults } = judgeWithText(rulesOfText, situation, inTime, written);
  const looked = { ...evidenceOf(gate, situation, inTime), ...(text !== null && { wording: { tags, sender } }) };
  if (verdict.kind !== 'allow') {
    const evidence = { ...looked, ...(text !== null && { text }), ...(faults.length > 0 && { faults }) };
    return keepRefusal(tx, { ...wish, atMs: nowMs }, verdict, evidence);
  }
  const { rules, conditions } = verdict;
  const evidence = { rules, conditions, ...looked };
  const contentHash = wish.body === null ? null : hashOfWords(wish.subject, wish.body);
  const whom = { partyId: situation.party.partyId, partyRole: situation.party.role };
  if (earlier !== null) {
    const renewal = { ...wish, ...whom, loanIds: [...wish.loanIds], contentHash, verdict: evidence, atMs: nowMs };
    return { kind: 'reserved', contact: await reserveAgain(tx, earlier.contactId, renewal) };
  }
  const { contact } = await claimContact(tx, {
    ...wish,
    ...whom,
    loanIds: [...wish.loanIds],
    offers: [...wish.offers],
    contactId: randomUUID(),
    state: 'reserved',
    atMs: nowMs,
    contentHash,
    verdict: evidence,
  });
  return { kind: 'reserved', contact };
}

/** Of these loans those that the contact may name beside its own, with what was read to know it. Lock the customer first. */
export async function loansAllowed(
  tx: Queryable,
  gate: Gate,
  asked: Asked & { readonly ownLoanId: string },
  nowMs: number,
): Promise<{ readonly loanIds: readonly string[]; readonly seen: Reading | null }> {
  if (asked.loanIds.length < 2) return { loanIds: asked.loanIds, seen: null };
  const seen = await situationOf(tx, gate, asked, nowMs);
  return { loanIds: loansBeside(seen.situation, asked.ownLoanId, gate.inForce.packs, gate.calendars), seen };
}

/** Which packs were in force, what they were asked about and in which manner: enough to take the decision again. */
export function evidenceOf({ inForce }: Gate, situation: Situation, manner: Manner) {
  const packs = inForce.packs.map(({ id, version, contentHash }) => ({ id, version, contentHash }));
  return { packs, situation, manner };
}

async function knownContact(tx: Queryable, { contactKey }: ContactWish): Promise<Contact> {
  const contact = await contactByKey(tx, contactKey);
  if (contact === null) throw new Error(`contact ${contactKey} vanished`);
  return contact;
}

function coveringToday(
  clock: ZoneClock | null,
  ledger: readonly KeptContact[],
  wish: ContactWish,
  nowMs: number,
): KeptContact | null {
  return clock === null ? null : coveringMessage(ledger, wish, clock.startOfDayMs(clock.dayOf(nowMs)));
}

/** SHA-256 of what the borrower reads or hears, so that the kept text can be shown to be the sent one. */
export function hashOfWords(subject: string | null, body: string): string {
  return createHash('sha256')
    .update(JSON.stringify([subject, body]))
    .digest('hex');
}
