import type { EmailChannel } from './smtp-mail';
import type { SmsChannel } from './twilio-sms';

/** The clients the activities are given. */
export type Channels = { sms: SmsChannel; email: EmailChannel };
