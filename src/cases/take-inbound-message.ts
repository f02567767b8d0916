import { createHash, randomUUID } from 'node:crypto';
import { sendReserved } from '../contact/send-reserved';
import { type Meaning, understandReply } from '../domain/reply';
import type { Contact } from '../store/contact-row';
import { ownersOf } from '../store/contact-point-owners';
import { getCustomer, lockCustomer, partyOfPoint } from '../store/customers';
import { inTransaction, type Queryable } from '../store/database';
import { linkInbound, recordInbound, setInboundState } from '../store/inbound-messages';
import { latestCases } from '../store/latest-cases';
import { grantByMessage } from '../store/review-flags';
import { recordEvent } from '../store/timeline';
import { type ReplyDeps, tellAnswer } from './answer-borrower';
import { bankToday } from './bank-today';
import type { Desk } from './desk';
import { followMeaning } from './follow-meaning';
import type { Followed, Heard } from './heard';
import { toDoAgain, type ToDo } from './heard-before';
import { reviewReach } from './lost-contact';
import { notifyCase } from './notify';

export interface InboundMessage {
  readonly channel: 'sms' | 'email';
  readonly from: string;
  readonly text: string;
  readonly providerId: string;
  /** What the provider itself has taken the message for. */
  readonly providerSays: 'stop' | 'resume' | null;
}

/**
 * Takes what a borrower wrote, once however often it comes: a stop word closes the way for everybody whose number it is,
 * what may be an opt-out holds all messages, a promise by keyword is noted, the rest waits for a person. The text is kept
 * for those who may read it; the timeline says what was understood. One that comes again writes nothing, but what was left to
 * do after the first is done.
 */
export async function takeInboundMessage(desk: Desk, deps: ReplyDeps, message: InboundMessage): Promise<void> {
  const nowMs = await desk.clock.nowMs();
  const meaning = await meaningOf(desk, deps, message);
  const { answers, wake } = await inTransaction(desk.pool, (tx) => writeDown(tx, desk, deps, message, meaning, nowMs));
  try {
    // First: an opt-out is confirmed at once or not at all, and the cases cannot be told while Temporal is away.
    await sendAnswers(desk, deps, answers, nowMs);
  } finally {
    for (const loanId of new Set(wake)) await notifyCase(desk, loanId);
  }
}

/** Sends what was reserved. What is not answered now is not answered: the slot is given back in time. */
export async function sendAnswers(
  { pool }: Desk,
  deps: ReplyDeps,
  answers: readonly Contact[],
  nowMs: number,
): Promise<void> {
  for (const answer of answers) await sendReserved({ ...deps, pool }, answer, nowMs, tellAnswer(nowMs));
}

async function meaningOf(desk: Desk, { replies }: ReplyDeps, { text, providerSays }: InboundMessage): Promise<Meaning> {
  return providerSays === null ? understandReply(text, replies.words, await bankToday(desk)) : { kind: providerSays };
}

async function writeDown(
  tx: Queryable,
  desk: Desk,
  deps: ReplyDeps,
  message: InboundMessage,
  meaning: Meaning,
  nowMs: number,
): Promise<ToDo> {
  const { channel, from, text, providerId } = message;
  const owners = await ownersOf(tx, channel === 'sms' ? 'phone' : 'email', from);
  for (const customerId of owners) await lockCustomer(tx, customerId);
  const inboundId = randomUUID();
  const kept = { inboundId, channel, providerId, sender: from, body: text, atMs: nowMs, understoodAs: meaning.kind };
  if (!(await recordInbound(tx, { ...kept, state: 'done', dueAtMs: null }))) return toDoAgain(tx, message);

  const followed: Followed[] = [];
  for (const customerId of owners) {
    const language = (await getCustomer(tx, customerId))?.language ?? 'zh';
    const cases = await latestCases(tx, customerId);
    const alone = owners.length === 1;
    const heard: Heard = { inboundId, channel, from, customerId, language, cases, alone, meaning };
    const partyId = await partyOfPoint(tx, customerId, channel, from);
    await grantByMessage(tx, { customerId, channel, sender: from, partyId, inboundId, atMs: nowMs });
    const one = await followMeaning(tx, desk, deps, heard, nowMs);
    await linkInbound(tx, inboundId, customerId, one.taskId);
    await reviewReach(tx, desk, customerId, nowMs);
    await tell(tx, heard, one, message, nowMs);
    followed.push(one);
  }
  await setState(tx, inboundId, meaning, followed, nowMs);
  return {
    answers: followed.flatMap(({ answer }) => (answer === null ? [] : [answer])),
    wake: followed.flatMap(({ wake }) => wake),
  };
}

const unknownSenderLimitMs = 2 * 86_400_000;

async function setState(
  tx: Queryable,
  inboundId: string,
  meaning: Meaning,
  followed: readonly Followed[],
  nowMs: number,
): Promise<void> {
  const dueAtMs = Math.min(...followed.map((one) => one.dueAtMs ?? Infinity));
  if (dueAtMs !== Infinity) {
    const isHeld = followed.some(({ held }) => held);
    await setInboundState(tx, inboundId, isHeld ? 'held' : 'waiting', dueAtMs);
  } else if (followed.length === 0 && meaning.kind !== 'stop') {
    // Nobody knows whose it is: a person has to find out.
    await setInboundState(tx, inboundId, 'waiting', nowMs + unknownSenderLimitMs);
  }
}

async function tell(
  tx: Queryable,
  { channel, cases, inboundId }: Heard,
  { kind, reason, data }: Followed,
  { providerId, text }: InboundMessage,
  atMs: number,
): Promise<void> {
  const contentHash = createHash('sha256').update(text).digest('hex');
  for (const { loanId, caseNo, status } of cases) {
    if (status !== 'open') continue;
    const event = { loanId, caseNo, atMs, actor: 'borrower', kind, reason };
    // The ledger keeps this: what the borrower wrote can be proven from the chain of the case.
    const told = { channel, providerId, inboundId, contentHash, ...data };
    await recordEvent(tx, { ...event, data: told, eventKey: `inbound/${providerId}` });
  }
}
