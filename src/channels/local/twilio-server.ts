import { createServer } from 'node:http';
import { createFaultQueue, type FaultQueue } from './faults';
import { listenOnLoopback } from './loopback';
import type { Outbox } from './outbox';
import { postSigned } from './twilio-callbacks';
import { createDelivery, type DeliveryPlan } from './twilio-delivery';
import { createLocalCalls, type LocalCalls } from './twilio-calls';
import type { CallFault } from './twilio-voice-handler';
import { createTwilioHandler, type SmsFault } from './twilio-handler';
import { newMessageSid } from './twilio-message';

const DEFAULT_CALLBACK_DELAY_MS = 200;

export interface LocalTwilio {
  baseUrl: string;
  faults: FaultQueue<SmsFault>;
  callFaults: FaultQueue<CallFault>;
  calls: LocalCalls;
  /** How the next messages are reported on, one plan each. */
  deliveryPlans: FaultQueue<DeliveryPlan>;
  /** Plays a customer's reply: a signed webhook, answered with the HTTP status. The same `sid` again is the same message. */
  reply: (inbound: {
    webhookUrl: string;
    from: string;
    to: string;
    body: string;
    sid?: string;
  }) => Promise<number | null>;
  stop(): Promise<void>;
}

export interface LocalTwilioOptions {
  port: number;
  accountSid: string;
  authToken: string;
  outbox: Outbox;
  callbackDelayMs?: number;
  /** The clock that messages are dated by; a demo that moves through time hands in its own. */
  nowMs?: () => number;
}

/** Starts a server on this host that speaks the part of Twilio's API that sends and lists messages and places calls. */
export async function startLocalTwilio(options: LocalTwilioOptions): Promise<LocalTwilio> {
  const { accountSid, authToken, outbox, callbackDelayMs = DEFAULT_CALLBACK_DELAY_MS, nowMs = Date.now } = options;
  const faults = createFaultQueue<SmsFault>();
  const callFaults = createFaultQueue<CallFault>();
  const calls = createLocalCalls({ accountSid, authToken, nowMs, callbackDelayMs });
  const deliveryPlans = createFaultQueue<DeliveryPlan>();
  const delivery = createDelivery({ accountSid, authToken, outbox, callbackDelayMs, plans: deliveryPlans });
  const answer = createTwilioHandler({ accountSid, authToken, outbox, faults, delivery, calls, callFaults, nowMs });
  const server = createServer((request, response) => {
    answer(request, response).catch(() => request.socket.destroy());
  });
  const port = await listenOnLoopback(server, options.port);

  return {
    baseUrl: `http://127.0.0.1:${port}`,
    faults,
    callFaults,
    calls,
    deliveryPlans,
    reply: ({ webhookUrl, from, to, body, sid = newMessageSid() }) => {
      const form = { AccountSid: accountSid, ApiVersion: '2010-04-01', Body: body, From: from, To: to, NumMedia: '0' };
      return postSigned(authToken, webhookUrl, { ...form, MessageSid: sid, SmsSid: sid, SmsStatus: 'received' });
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await Promise.all([delivery.stop(), calls.stop()]);
      await closed;
    },
  };
}
