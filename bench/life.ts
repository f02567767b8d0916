import type { SmsChannel } from '../src/channels/twilio-sms';

/** A side of the comparison: how it lives one whole case, from its opening to its end. */
export interface Lives {
  readonly sms: SmsChannel;
  readonly prepare: (prefix: string, count: number) => Promise<string[]>;
  readonly live: (id: string) => Promise<void>;
  readonly workflowId: (id: string) => string;
  readonly schema: string;
  readonly close: () => Promise<void>;
}

/** Nine days and a half: past the fourth message, which lies nine days after the first. */
export const lifeMs = 9.5 * 86_400_000;
