import { createHash, randomUUID } from 'node:crypto';
import type { Channel } from '../domain/case';
import { judgeContact, type PastContact, type ZoneClock } from '../domain/contact-rules';
import type { HashedPack } from '../policy/contact-pack';
import { contactByKey, coveringContact, reserveAgain } from '../store/contact-claims';
import { contactsOfCustomerSince } from '../store/contact-ledger';
import type { Contact } from '../store/contact-row';
import { claimContact } from '../store/contacts';
import { lockCustomer, optedOutChannels } from '../store/customers';
import type { Queryable } from '../store/database';

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
  readonly purpose: string;
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
  readonly packs: readonly HashedPack[];
  /** The clock of an IANA zone; null for one that does not exist. */
  readonly calendarFor: (zone: string) => ZoneClock | null;
}

// The longest window a pack may look back over; packs are checked against it when they are read.
const ledgerDays = 31;
const dayMs = 86_400_000;
const messageChannels: readonly Channel[] = ['sms', 'email'];

/**
 * The last word on a contact (design, decision 6). Runs inside the transaction that reserves the slot and locks the
 * customer first, so that of many cases and workers only one at a time reads the ledger and takes what a cap leaves.
 */
export async function passGate(tx: Queryable, gate: Gate, wish: ContactWish, nowMs: number): Promise<Passage> {
  const customer = await lockCustomer(tx, wish.customerId);
  const earlier = await contactByKey(tx, wish.contactKey);
  if (earlier !== null && earlier.state !== 'released') return { kind: 'known', contact: earlier };

  const covering = await coveringToday(tx, gate.calendarFor(customer.timezone), wish, nowMs);
  if (covering !== null) return { kind: 'covered', by: covering.contactId };

  const contacts = await contactsOfCustomerSince(tx, wish.customerId, nowMs - ledgerDays * dayMs);
  const ledger = contacts.filter(({ contactKey }) => contactKey !== wish.contactKey).map(toPast);
  const optedOut = await optedOutChannels(tx, wish.customerId);
  const request = { channel: wish.channel, atMs: nowMs, zones: [customer.timezone] };
  const verdict = judgeContact(request, ledger, optedOut, gate.packs, gate.calendarFor);
  if (verdict.kind === 'deny') return { ...verdict, kind: 'denied' };
  if (verdict.kind === 'defer') return { ...verdict, kind: 'deferred' };

  const evidence = {
    rules: verdict.rules,
    packs: gate.packs.map(({ id, version, contentHash }) => ({ id, version, contentHash })),
    ledgerRows: ledger.length,
    zones: request.zones,
  };
  if (earlier !== null)
    return { kind: 'reserved', contact: await reserveAgain(tx, earlier.contactId, nowMs, evidence) };
  const { contact } = await claimContact(tx, {
    ...wish,
    loanIds: [...wish.loanIds],
    offers: [...wish.offers],
    contactId: randomUUID(),
    state: 'reserved',
    atMs: nowMs,
    contentHash: wish.body === null ? null : hashOf(wish.subject, wish.body),
    verdict: evidence,
  });
  return { kind: 'reserved', contact };
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

function toPast({ channel, atMs, state, providerId }: Contact): PastContact {
  return { channel, atMs, state, handedOver: providerId !== null };
}

/** SHA-256 of what the borrower reads, so that the kept text can be shown to be the sent one. */
function hashOf(subject: string | null, body: string): string {
  return createHash('sha256')
    .update(JSON.stringify([subject, body]))
    .digest('hex');
}
