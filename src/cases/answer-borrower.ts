import { type Bank } from '../contact/compose';
import { type Gate, passGate } from '../contact/gate';
import type { MakingDeps, Sent, Tell } from '../contact/send-reserved';
import { dayIn } from '../domain/contact/evidence';
import { mustSayCollector } from '../domain/contact/judge-content';
import { theirsAmong } from '../domain/contact/party';
import type { Purpose } from '../domain/contact/purpose';
import type { Language } from '../domain/policy';
import { renderText } from '../policy/liquid';
import type { Replies, ReplyText } from '../policy/replies';
import type { StoredCase } from '../store/case-row';
import type { Contact } from '../store/contact-row';
import { lockCustomer } from '../store/customers';
import type { Queryable } from '../store/database';
import { partyAt } from '../store/party-loans';
import { recordEvent } from '../store/timeline';
import { tellOfContact } from './tell-of-contact';

/** What it takes to understand borrowers and to answer them. */
export interface ReplyDeps extends Omit<MakingDeps, 'pool'> {
  readonly replies: Replies;
  readonly bank: Bank;
}

export interface Answer {
  readonly text: ReplyText;
  readonly purpose: Purpose;
  readonly variables?: Readonly<Record<string, string>>;
  readonly channel: 'sms' | 'email';
  readonly contactPoint: string;
  readonly language: Language;
  /** The message or the address that is answered: one answer each. */
  readonly to: string;
  /** On whose timeline it is told; all of these are named. */
  readonly cases: readonly StoredCase[];
}

const machine = 'policy';

/** One answer to each for one message. */
export const answerKey = (to: string, customerId: string): string => `answer/${to}/${customerId}`;

/** Those of the answered cases about whose loans the reader may be told. */
async function casesFor(tx: Queryable, { cases, channel, contactPoint }: Answer): Promise<readonly StoredCase[]> {
  const [first] = cases;
  if (first === undefined) return [];
  const party = await partyAt(tx, first.customerId, channel, contactPoint);
  const named = theirsAmong(
    party,
    cases.map(({ loanId }) => loanId),
  );
  return cases.filter(({ loanId }) => named.includes(loanId));
}

/** Reserves an answer in the transaction that wrote what is answered. Null where the gate says no, or not now. */
export async function reserveAnswer(
  tx: Queryable,
  { gate, replies, bank }: { gate: Gate; replies: Replies; bank: Bank },
  answer: Answer,
  nowMs: number,
): Promise<Contact | null> {
  const { text, purpose, channel, contactPoint, language, to } = answer;
  const cases = await casesFor(tx, answer);
  const [first] = cases;
  if (first === undefined) return null;
  const { loanId, caseNo, customerId } = first;
  const { timezone } = await lockCustomer(tx, customerId);
  const day = dayIn(gate.calendars, timezone, nowMs);
  const collector = mustSayCollector(gate.inForce.packs, { channel, purpose }, day);
  const variables = { bank, collector, ...answer.variables };
  const render = (name: ReplyText): string => renderText(replies.texts[name][language], variables);
  const passage = await passGate(
    tx,
    gate,
    {
      ...{ contactKey: answerKey(to, customerId), customerId, loanId, caseNo, channel, purpose, contactPoint },
      ...{ loanIds: cases.map((one) => one.loanId), madeBy: machine, template: null, language, offers: [] },
      ...{ tags: null, sender: bank.name },
      subject: channel === 'email' ? render('subject') : null,
      body: render(text),
    },
    nowMs,
  );
  if (passage.kind === 'reserved') return passage.contact;
  if (passage.kind === 'denied' || passage.kind === 'deferred') {
    const { rules, reason } = passage;
    const event = { loanId, caseNo, atMs: nowMs, actor: machine, kind: 'answer-not-sent', reason };
    await recordEvent(tx, { ...event, data: { channel, purpose, rules }, eventKey: `answer-not-sent/${to}` });
  }
  return null;
}

/** How an answer ended, on the timeline of the case under which it was reserved. */
export function tellAnswer(nowMs: number): Tell {
  return (tx, contact, sent) => {
    const data = { purpose: contact.purpose };
    return tellOfContact(tx, contact, { ...wordsOf(sent), actor: machine, atMs: nowMs, data });
  };
}

function wordsOf(sent: Sent): { readonly kind: string; readonly reason: string } {
  switch (sent.kind) {
    case 'placed':
      return { kind: 'answer-sent', reason: 'the borrower was answered' };
    case 'unknown':
    case 'failed':
    case 'denied':
    case 'deferred':
      return { kind: 'answer-not-sent', reason: sent.reason };
    case 'busy':
      return { kind: 'answer-not-sent', reason: 'the provider is busy' };
    case 'known':
      return { kind: 'answer-not-sent', reason: 'answered before' };
  }
}
