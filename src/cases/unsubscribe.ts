import { randomUUID } from 'node:crypto';
import type { Contact } from '../store/contact-row';
import { getCustomer, lockCustomer } from '../store/customers';
import { inTransaction, type Queryable } from '../store/database';
import { latestCases } from '../store/latest-cases';
import { recordEvent } from '../store/timeline';
import { contactOfToken } from '../store/unsubscribe-tokens';
import type { ReplyDeps } from './answer-borrower';
import type { Desk } from './desk';
import { optOut } from './follow-meaning';
import { sendAnswers } from './take-inbound-message';

/** Ends e-mail to whoever got the message with this secret. Answers whether there was such a message; again is the same. */
export async function unsubscribe(desk: Desk, deps: ReplyDeps, token: string): Promise<boolean> {
  const nowMs = await desk.clock.nowMs();
  const ended = await inTransaction(desk.pool, async (tx) => {
    const contact = await contactOfToken(tx, token);
    if (contact === null) return null;
    return { answer: await optOutOf(tx, deps, contact, 'one-click unsubscribe', nowMs) };
  });
  if (ended === null) return false;
  if (ended.answer !== null) await sendAnswers(desk, deps, [ended.answer], nowMs);
  return true;
}

/** Closes the way by which a message went out, because of what its reader did with it. */
export async function optOutOf(
  tx: Queryable,
  deps: ReplyDeps,
  { customerId, channel, contactPoint }: Contact,
  source: string,
  nowMs: number,
): Promise<Contact | null> {
  if ((channel !== 'sms' && channel !== 'email') || contactPoint === null) return null;
  await lockCustomer(tx, customerId);
  const language = (await getCustomer(tx, customerId))?.language ?? 'zh';
  const cases = await latestCases(tx, customerId);
  const inboundId = randomUUID();
  const heard = { inboundId, channel, customerId, from: contactPoint, language, cases };
  const { kind, reason, answer } = await optOut(tx, deps, heard, source, nowMs);
  for (const { loanId, caseNo, status } of cases) {
    if (status !== 'open') continue;
    const event = { loanId, caseNo, atMs: nowMs, actor: 'borrower', kind, reason, data: { channel, source } };
    await recordEvent(tx, { ...event, eventKey: `opted-out/${channel}/${nowMs}` });
  }
  return answer;
}
