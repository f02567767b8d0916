import { openCasesOfCustomer } from '../store/case-lists';
import { ownersOf } from '../store/contact-point-owners';
import { lockCustomer, optedOutChannels, recordConsent } from '../store/customers';
import { inTransaction, type Queryable } from '../store/database';
import { recordEvent } from '../store/timeline';
import type { Desk } from './desk';

export interface InboundMessage {
  readonly from: string;
  readonly text: string;
  readonly providerId: string;
  /** The provider itself has taken the message for an opt-out. */
  readonly optedOut: boolean;
}

// Twilio's default words, the FCC's, and those of mainland China.
const stopWords = new Set('STOP STOPALL UNSUBSCRIBE CANCEL END QUIT REVOKE OPTOUT TD T 退订 拒收'.split(' '));

/** Whether a reply asks for no more messages: nothing but the word, whatever its case, spaces and punctuation. */
export function asksToStop(text: string): boolean {
  return stopWords.has(
    text
      .normalize('NFKC')
      .toUpperCase()
      .replace(/[\s\p{P}\p{S}]/gu, ''),
  );
}

/**
 * Takes a borrower's SMS: a stop word closes SMS for everybody whose number it is; of anything else the timeline says that
 * it came, not what it said. A message that comes twice is one.
 */
export async function takeInboundMessage(desk: Desk, message: InboundMessage): Promise<void> {
  const nowMs = await desk.clock.nowMs();
  const stop = message.optedOut || asksToStop(message.text);
  await inTransaction(desk.pool, async (tx) => {
    for (const customerId of await ownersOf(tx, 'phone', message.from)) {
      await lockCustomer(tx, customerId);
      if (stop && !(await optedOutChannels(tx, customerId)).has('sms')) {
        const source = 'reply by SMS';
        await recordConsent(tx, { customerId, channel: 'sms', state: 'opted-out', source, atMs: nowMs });
      }
      await record(tx, customerId, message.providerId, stop, nowMs);
    }
  });
}

async function record(
  tx: Queryable,
  customerId: string,
  providerId: string,
  stop: boolean,
  nowMs: number,
): Promise<void> {
  for (const { loanId, caseNo } of await openCasesOfCustomer(tx, customerId)) {
    const event = { loanId, caseNo, atMs: nowMs, actor: 'borrower', data: { channel: 'sms', providerId } };
    const reason = stop ? 'asked for no more SMS' : 'wrote an SMS';
    const kind = stop ? 'opted-out' : 'message-received';
    await recordEvent(tx, { ...event, kind, reason, eventKey: `inbound/${providerId}` });
  }
}
