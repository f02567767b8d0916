import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { FaultQueue } from './faults';
import type { Outbox, OutboxMessage } from './outbox';
import { postSigned } from './twilio-callbacks';

/** One report: a status, and the error code that comes with it. */
export interface Station {
  status: string;
  errorCode?: number;
  /** Posted before the sender gets its own answer. */
  beforeAnswer?: true;
}

/** What is reported of one message, in this order: doubled, late or out of order as a test asks. */
export type DeliveryPlan = readonly Station[];

const usualPlan: DeliveryPlan = [{ status: 'queued' }, { status: 'sent' }, { status: 'delivered' }];

export interface DeliveryOptions {
  accountSid: string;
  authToken: string;
  outbox: Outbox;
  callbackDelayMs: number;
  plans: FaultQueue<DeliveryPlan>;
}

/** Takes accepted messages from queued to delivered and reports each station to the message's callback URL. */
export function createDelivery({ accountSid, authToken, outbox, callbackDelayMs, plans }: DeliveryOptions) {
  const stopping = new AbortController();
  // One listener per message under way.
  setMaxListeners(0, stopping.signal);
  const underWay = new Set<Promise<void>>();

  async function report(message: OutboxMessage, callbackUrl: string | null, station: Station): Promise<void> {
    outbox.setStatus(message.id, station.status);
    if (callbackUrl !== null) await postSigned(authToken, callbackUrl, callbackForm(accountSid, message, station));
  }

  async function deliver(message: OutboxMessage, callbackUrl: string | null, plan: DeliveryPlan): Promise<void> {
    for (const station of plan) {
      await wait(callbackDelayMs, undefined, { signal: stopping.signal });
      await report(message, callbackUrl, station);
    }
  }

  return {
    /** Resolves when the sender may be answered; what follows is reported by and by. */
    async start(message: OutboxMessage, callbackUrl: string | null): Promise<void> {
      const plan = plans.take() ?? usualPlan;
      for (const station of plan.filter(({ beforeAnswer }) => beforeAnswer))
        await report(message, callbackUrl, station);
      const rest = plan.filter(({ beforeAnswer }) => beforeAnswer !== true);
      const delivery = deliver(message, callbackUrl, rest)
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

function callbackForm(
  accountSid: string,
  message: OutboxMessage,
  { status, errorCode }: Station,
): Record<string, string> {
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
    ...(errorCode !== undefined && { ErrorCode: String(errorCode) }),
  };
}
