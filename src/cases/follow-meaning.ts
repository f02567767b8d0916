import { consentInForce, recordConsent } from '../store/consents';
import { partyOfPoint } from '../store/customers';
import type { Queryable } from '../store/database';
import { holdForReview } from '../store/review-flags';
import { type ReplyDeps, reserveAnswer } from './answer-borrower';
import type { Desk } from './desk';
import { type Followed, type Heard, nothingFollows, openLoans } from './heard';
import { addReplyTask, opposeWithin, usualTime } from './reply-tasks';
import { takePromise } from './take-promise';

const wayOf = { sms: 'SMS', email: 'e-mail' } as const;

/** Does what a message asks for. Run with the customer locked. */
export async function followMeaning(
  tx: Queryable,
  desk: Desk,
  deps: ReplyDeps,
  heard: Heard,
  nowMs: number,
): Promise<Followed> {
  const { channel, meaning, alone } = heard;
  switch (meaning.kind) {
    case 'stop':
      return optOut(tx, deps, heard, `reply by ${wayOf[channel]}`, nowMs);
    case 'resume':
      // Who shares a number, and whoever can write a sender's name on an e-mail, does not speak for the borrower.
      if (channel === 'sms' && alone) return resume(tx, heard, nowMs);
      return waitFor(tx, desk, heard, { kind: 'review', asks: ['resume'] }, 'asked for messages again', nowMs);
    case 'possible-stop':
      return hold(tx, desk, deps, heard, nowMs);
    case 'promise':
      return (
        (await takePromise(tx, desk, deps, heard, meaning, nowMs)) ??
        waitFor(tx, desk, heard, { kind: 'review', asks: ['promise'] }, 'wrote of a promise to pay', nowMs)
      );
    case 'paid': {
      const asked = { kind: 'review', asks: ['proof-of-payment'] } as const;
      const waiting = await waitFor(tx, desk, heard, asked, 'says that it is paid', nowMs);
      return { ...waiting, kind: 'said-paid', wake: openLoans(heard) };
    }
    case 'call-me':
      return waitFor(tx, desk, heard, { kind: 'call', asks: ['cause', 'willingness'] }, 'asked to be called', nowMs);
    case 'other':
      return waitFor(tx, desk, heard, { kind: 'review', asks: ['message'] }, `wrote by ${wayOf[channel]}`, nowMs);
  }
}

/** Closes the way, and confirms it once, if the packs allow that and it is still time. */
export async function optOut(
  tx: Queryable,
  deps: ReplyDeps,
  { inboundId, channel, customerId, from, language, cases }: Omit<Heard, 'meaning' | 'alone'>,
  source: string,
  nowMs: number,
): Promise<Followed> {
  const told = { ...nothingFollows, kind: 'opted-out', reason: `asked for no more ${wayOf[channel]}` };
  const partyId = await partyOfPoint(tx, customerId, channel, from);
  const about = { customerId, channel, partyId };
  const wasClosed = (await consentInForce(tx, about, nowMs))?.state === 'opted-out';
  // Said again it counts from now: a consent from before it opens nothing.
  await recordConsent(tx, { ...about, state: 'opted-out', source, atMs: nowMs, actor: 'borrower' }, nowMs);
  if (wasClosed) return told;
  const answer = await reserveAnswer(
    tx,
    deps,
    {
      text: 'opt-out-confirm',
      purpose: 'opt-out-confirm',
      channel,
      contactPoint: from,
      language,
      to: inboundId,
      cases,
    },
    nowMs,
  );
  return { ...told, answer };
}

async function resume(
  tx: Queryable,
  { channel, customerId, from, inboundId }: Heard,
  nowMs: number,
): Promise<Followed> {
  const told = { ...nothingFollows, kind: 'message-received', reason: `wrote that ${wayOf[channel]} may go on` };
  const partyId = await partyOfPoint(tx, customerId, channel, from);
  const about = { customerId, channel, partyId };
  if ((await consentInForce(tx, about, nowMs))?.state !== 'opted-out') return told;
  const source = `reply by ${wayOf[channel]}, message ${inboundId}`;
  await recordConsent(tx, { ...about, state: 'opted-in', source, atMs: nowMs, actor: 'borrower' }, nowMs);
  return { ...told, kind: 'opted-in', reason: `asked for ${wayOf[channel]} again` };
}

/** Nothing is sent before a person has read it; the law gives them some days. */
async function hold(tx: Queryable, desk: Desk, deps: ReplyDeps, heard: Heard, nowMs: number): Promise<Followed> {
  await holdForReview(tx, { ...heard, atMs: nowMs });
  const within = opposeWithin(deps.gate.inForce.packs);
  const asked = { kind: 'review', asks: ['opt-out'], within } as const;
  const waiting = await waitFor(tx, desk, heard, asked, 'wrote what may be an opt-out', nowMs);
  return { ...waiting, kind: 'opt-out-held', held: true };
}

async function waitFor(
  tx: Queryable,
  desk: Desk,
  heard: Heard,
  asked: { kind: 'review' | 'call'; asks: readonly string[]; within?: typeof usualTime },
  reason: string,
  nowMs: number,
): Promise<Followed> {
  const { taskId, dueAtMs } = await addReplyTask(tx, desk, heard, { within: usualTime, ...asked, reason }, nowMs);
  return { ...nothingFollows, kind: 'message-received', reason, taskId, dueAtMs };
}
