import pino from 'pino';
import { createApp } from '../../src/api/app';
import type { ReplyDeps } from '../../src/cases/answer-borrower';
import { createSmtpMail } from '../../src/channels/smtp-mail';
import { createTwilioSms } from '../../src/channels/twilio-sms';
import { readConfig } from '../../src/config';
import { pickFreePort } from '../../src/engine/ports';
import { readReplies } from '../../src/policy/replies';
import { defaultReplies } from '../../src/project-root';
import { replyDeps } from '../../src/api/reply-deps';
import { type CaseService, type ServiceWish, startCaseService } from './case-service';
import type { Borrower } from './portfolio';

export interface ListeningService extends CaseService {
  readonly publicUrl: string;
  readonly replyDeps: ReplyDeps;
  /** Plays an SMS of the borrower, signed and over HTTP; answers the status. The same `sid` is the same message. */
  readonly write: (borrower: Borrower, body: string, sid?: string) => Promise<number | null>;
}

/** The whole service with its HTTP side at a port, so that what providers send back arrives as it does in life. */
export async function startListeningService(wish: ServiceWish = {}): Promise<ListeningService> {
  const port = await pickFreePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const service = await startCaseService({ ...wish, publicUrl });
  const { desk, gate, providers } = service;
  const config = readConfig({ ARREARS_PORT: String(port), PUBLIC_URL: publicUrl, ARREARS_RATE_PER_MINUTE: '100000' });
  const sms = createTwilioSms({ ...providers.twilio, timeoutMs: 5_000 });
  const email = createSmtpMail({ url: providers.smtpUrl, from: config.MAIL_FROM, timeoutMs: 5_000 });
  const sending = { twilioAuthToken: providers.twilio.authToken, local: providers, channels: { sms, email } };
  const deps = {
    desk,
    gate,
    sending,
    config,
    replies: await readReplies(defaultReplies),
    logger: pino({ level: 'silent' }),
  };
  const app = await createApp(deps);
  await app.listen({ host: '127.0.0.1', port });
  return {
    ...{ ...service, publicUrl, replyDeps: replyDeps(deps) },
    write: ({ phone }, body, sid) =>
      providers.reply({
        ...{ webhookUrl: `${publicUrl}/v1/webhooks/twilio/inbound`, from: phone, to: providers.twilio.from, body },
        ...(sid !== undefined && { sid }),
      }),
    async close() {
      await app.close();
      email.close();
      await service.close();
    },
  };
}
