import { createHash, randomUUID } from 'node:crypto';
import type { Channel } from '../domain/case';
import type { Calendars, ZoneClock } from '../domain/contact/evidence';
import { judgeInTime } from '../domain/contact/closing';
import type { Purpose } from '../domain/contact/purpose';
import type { Situation } from '../domain/contact/situation';
import type { PacksInForce } from '../policy/packs-in-force';
import { contactByKey, coveringContact, reserveAgain } from '../store/contact-claims';
import { recordContactDecision } from '../store/contact-decisions';
import type { Contact } from '../store/contact-row';
import { claimContact } from '../store/contacts';
import { lockCustomer } from '../store/customers';
import type { Queryable } from '../store/database';
import type { NumberZones } from './number-zones';
import { situationOf } from './read-situation';

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
}

export type Passage =
  | { readonly kind: 'reserved'; readonly contact: Contact }
  /** The key was claimed before, by an attempt whose end has to be found out. */
  | { readonly kind: 'known'; readonly contact: Contact }
  /** A contact of another of the borrower's cases named this loan today. */
  | { readonly kind: 'covered'; readonly by: string }
  | { readonly kind: 'denied'; readonly rules: readonly string[]; readonly reason: string }
  | { readonly kind: 'deferred'; readonly untilMs: number; readonly rules: readonly string[]; readonly reason: string };

export interface Gate {
  readonly inForce: PacksInForce;
  readonly calendars: Calendars;
  readonly zonesOfNumber: NumberZones;
}

const messageChannels: readonly Channel[] = ['sms', 'email'];

/**
 * The last word on a contact (design, decision 6). Runs inside the transaction that reserves the slot and locks the
 * customer first, so that of many cases and workers only one at a time reads the ledger and takes what a cap leaves.
 * What was looked at is kept with the answer, so that the judgement can be repeated.
 */
export async function passGate(tx: Queryable, gate: Gate, wish: ContactWish, nowMs: number): Promise<Passage> {
  const { timezone } = await lockCustomer(tx, wish.customerId);
  const earlier = await contactByKey(tx, wish.contactKey);
  if (earlier !== null && earlier.state !== 'released') return { kind: 'known', contact: earlier };

  const covering = await coveringToday(tx, gate.calendars.clockOf(timezone), wish, nowMs);
  if (covering !== null) return { kind: 'covered', by: covering.contactId };

  const situation = await situationOf(tx, gate, { ...wish, timezone }, nowMs);
  const { verdict } = judgeInTime(situation, gate.inForce.packs, gate.calendars);
  if (verdict.kind !== 'allow') {
    const untilMs = verdict.kind === 'defer' ? verdict.untilMs : null;
    const { rules, reason } = verdict;
    await recordContactDecision(tx, {
      ...wish,
      ...{ atMs: nowMs, untilMs, rules, reason, evidence: evidenceOf(gate, situation) },
    });
    return untilMs === null ? { kind: 'denied', rules, reason } : { kind: 'deferred', untilMs, rules, reason };
  }
  const { rules, conditions } = verdict;
  const evidence = { rules, conditions, ...evidenceOf(gate, situation) };
  const contentHash = wish.body === null ? null : hashOf(wish.subject, wish.body);
  if (earlier !== null) {
    const renewal = { ...wish, loanIds: [...wish.loanIds], contentHash, verdict: evidence, atMs: nowMs };
    return { kind: 'reserved', contact: await reserveAgain(tx, earlier.contactId, renewal) };
  }
  const { contact } = await claimContact(tx, {
    ...wish,
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

/** Which packs were in force, and what they were asked about: enough to take the decision again. */
export function evidenceOf({ inForce }: Gate, situation: Situation) {
  const packs = inForce.packs.map(({ id, version, contentHash }) => ({ id, version, contentHash }));
  return { packs, situation };
}

/** Only messages can cover one another: a call or a visit is about the one case that a collector works. */
async function coveringToday(
  tx: Queryable,
  clock: ZoneClock | null,
  wish: ContactWish,
  nowMs: number,
): Promise<Contact | null> {
  if (clock === null || !messageChannels.includes(wish.channel)) return null;
  const sinceMs = clock.startOfDayMs(clock.dayOf(nowMs));
  return coveringContact(tx, { ...wish, channels: messageChannels, sinceMs });
}

/** SHA-256 of what the borrower reads, so that the kept text can be shown to be the sent one. */
function hashOf(subject: string | null, body: string): string {
  return createHash('sha256')
    .update(JSON.stringify([subject, body]))
    .digest('hex');
}
