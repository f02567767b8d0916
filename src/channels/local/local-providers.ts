import { createOutbox, type Outbox } from './outbox';
import { startLocalSmtp, type LocalSmtp } from './smtp-server';
import { startLocalTwilio, type LocalTwilio } from './twilio-server';

// Fixed, so that a restarted demo goes on with the settings it began with. They open nothing but 127.0.0.1.
const ACCOUNT_SID = `AC${'0'.repeat(31)}1`;
const AUTH_TOKEN = 'local-twilio-token';
/** Twilio's magic sender that always works. */
const FROM = '+15005550006';

export interface LocalProviders {
  outbox: Outbox;
  twilio: { baseUrl: string; accountSid: string; authToken: string; from: string };
  smtpUrl: string;
  faults: { call: LocalTwilio['callFaults']; sms: LocalTwilio['faults']; email: LocalSmtp['faults'] };
  /** How calls go, and what was heard in them. */
  calls: LocalTwilio['calls'];
  /** Plays a customer's SMS to us. */
  reply: LocalTwilio['reply'];
  /** How the next messages are reported on; without a plan queued, sent, delivered. */
  deliveryPlans: LocalTwilio['deliveryPlans'];
  /** Plays a bounce, a delay or a complaint about an e-mail. */
  bounce: LocalSmtp['bounce'];
  stop(): Promise<void>;
}

export interface LocalProvidersOptions {
  /** 0 takes a free port. */
  smsPort: number;
  smtpPort: number;
  /** Where what was sent is kept over a restart. */
  outboxFile?: string;
  callbackDelayMs?: number;
  /** The clock that messages are dated by. */
  nowMs?: () => number;
}

/** Starts both local providers with one outbox. */
export async function startLocalProviders(options: LocalProvidersOptions): Promise<LocalProviders> {
  const { smsPort, smtpPort, outboxFile, callbackDelayMs, nowMs = Date.now } = options;
  const outbox = createOutbox(outboxFile === undefined ? {} : { file: outboxFile });
  const account = { accountSid: ACCOUNT_SID, authToken: AUTH_TOKEN };
  const sms = await startLocalTwilio({
    ...account,
    port: smsPort,
    outbox,
    nowMs,
    ...(callbackDelayMs === undefined ? {} : { callbackDelayMs }),
  });
  const smtp = await startLocalSmtp({ port: smtpPort, outbox, nowMs }).catch(async (error: unknown) => {
    await sms.stop();
    throw error;
  });
  return {
    outbox,
    twilio: { ...account, baseUrl: sms.baseUrl, from: FROM },
    smtpUrl: smtp.url,
    calls: sms.calls,
    faults: { call: sms.callFaults, sms: sms.faults, email: smtp.faults },
    reply: sms.reply,
    deliveryPlans: sms.deliveryPlans,
    bounce: smtp.bounce,
    async stop() {
      await Promise.all([sms.stop(), smtp.stop()]);
    },
  };
}
