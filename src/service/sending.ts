import type { Channels } from '../channels/channel-clients';
import { type LocalProviders, startLocalProviders } from '../channels/local/local-providers';
import { createSmtpMail } from '../channels/smtp-mail';
import { createTwilioVoice, type VoiceChannel } from '../channels/twilio-voice';
import { createTwilioSms } from '../channels/twilio-sms';
import type { Config } from '../config';

/** One attempt with a provider ends within this, well inside one attempt of the activity. */
const providerLimitMs = 10_000;

export interface Sending {
  readonly channels: Channels;
  /** Null where the bank names no number of its own to call from. */
  readonly voice: VoiceChannel | null;
  readonly twilioAuthToken: string;
  /** Set where messages stay in this process: a demo that sends nothing to anybody. */
  readonly local: LocalProviders | null;
  close(): Promise<void>;
}

/**
 * The providers that the environment names. Without TWILIO_ACCOUNT_SID and SMTP_URL messages go to local servers that
 * speak their protocols and keep everything in an outbox; one named without the other stops the start.
 */
export async function openSending(config: Config, outboxFile: string): Promise<Sending> {
  const { TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, SMTP_URL } = config;
  if (TWILIO_ACCOUNT_SID === undefined && SMTP_URL === undefined) return openLocal(config, outboxFile);
  if (TWILIO_ACCOUNT_SID === undefined || TWILIO_AUTH_TOKEN === undefined || SMTP_URL === undefined) {
    throw new Error('TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and SMTP_URL are set together, or none of them');
  }
  const { TWILIO_FROM: from, TWILIO_MESSAGING_SERVICE_SID: messagingServiceSid } = config;
  if (from === undefined && messagingServiceSid === undefined) {
    throw new Error('TWILIO_FROM or TWILIO_MESSAGING_SERVICE_SID says who the messages come from');
  }
  const sender = messagingServiceSid === undefined ? { from: from ?? '' } : { messagingServiceSid };
  const baseUrl = config.TWILIO_BASE_URL === undefined ? {} : { baseUrl: config.TWILIO_BASE_URL };
  const account = { accountSid: TWILIO_ACCOUNT_SID, authToken: TWILIO_AUTH_TOKEN, timeoutMs: providerLimitMs };
  const sms = createTwilioSms({ ...account, ...sender, ...baseUrl });
  const callFrom = config.TWILIO_VOICE_FROM;
  const voice = callFrom === undefined ? null : createTwilioVoice({ ...account, ...baseUrl, from: callFrom });
  const email = createSmtpMail({ url: SMTP_URL, ...mailFrom(config), timeoutMs: providerLimitMs });
  const close = (): Promise<void> => {
    email.close();
    return Promise.resolve();
  };
  return { channels: { sms, email }, voice, twilioAuthToken: TWILIO_AUTH_TOKEN, local: null, close };
}

async function openLocal(config: Config, outboxFile: string): Promise<Sending> {
  const local = await startLocalProviders({ smsPort: 0, smtpPort: 0, outboxFile });
  const sms = createTwilioSms({ ...local.twilio, timeoutMs: providerLimitMs });
  const email = createSmtpMail({ url: local.smtpUrl, ...mailFrom(config), timeoutMs: providerLimitMs });
  return {
    channels: { sms, email },
    voice: createTwilioVoice({ ...local.twilio, timeoutMs: providerLimitMs }),
    twilioAuthToken: local.twilio.authToken,
    local,
    async close() {
      email.close();
      await local.stop();
    },
  };
}

function mailFrom({ MAIL_FROM, MAIL_RETURN_PATH }: Config): { from: string; returnPath: string | undefined } {
  return { from: MAIL_FROM, returnPath: MAIL_RETURN_PATH };
}
