import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Outbox, OutboxMessage } from './outbox';
import { postSigned } from './twilio-callbacks';

const stations = ['queued', 'sent', 'delivered'] as const;

export interface DeliveryOptions {
  accountSid: string;
  authToken: string;
  outbox: Outbox;
  callbackDelayMs: number;
}

/** Takes accepted messages from queued to delivered and reports each station to the message's callback URL. */
export function createDelivery({ accountSid, authToken, outbox, callbackDelayMs }: DeliveryOptions) {
  const stopping = new AbortController();
  // One listener per message under way.
  setMaxListeners(0, stopping.signal);
  const underWay = new Set<Promise<void>>();

  async function deliver(message: OutboxMessage, callbackUrl: string | null): Promise<void> {
    for (const status of stations) {
      await wait(callbackDelayMs, undefined, { signal: stopping.signal });
      outbox.setStatus(message.id, status);
      if (callbackUrl !== null) await postSigned(authToken, callbackUrl, callbackForm(accountSid, message, status));
    }
  }

  return {
    start(message: OutboxMessage, callbackUrl: string | null): void {
      const delivery = deliver(message, callbackUrl)
        // A report that cannot be made is lost, as it may be at Twilio; stop() ends here too.
        .catch(() => undefined)
        .finally(() => underWay.delete(delivery));
      underWay.add(delivery);
    },
    async stop(): Promise<void> {
      stopping.abort();
      await Promise.allSettled(underWay);
    },
  };
}

function callbackForm(accountSid: string, message: OutboxMessage, status: string): Record<string, string> {
  const { providerId: sid, to, from } = message;
  return {
    AccountSid: accountSid,
    ApiVersion: '2010-04-01',
    From: from,
    MessageSid: sid,
    MessageStatus: status,
    SmsSid: sid,
    SmsStatus: status,
    To: to,
  };
}
