import type { VoiceChannel } from '../channels/twilio-voice';
import type { Bank } from '../contact/compose';
import type { Gate } from '../contact/gate';
import type { Desk } from './desk';

/** What calls through the telephone provider need. */
export interface CallDeps {
  readonly desk: Desk;
  readonly gate: Gate;
  /** Null where the bank has not said from which number it calls. */
  readonly voice: VoiceChannel | null;
  /** What provider callbacks are built from. */
  readonly publicUrl: string;
  readonly bank: Bank;
  /** Whether calls are recorded; the borrower is then told first. */
  readonly recorded: boolean;
}

/** The address of one of a call's webhooks. */
export function callUrl(publicUrl: string, contactId: string, name: string): string {
  return `${publicUrl.replace(/\/+$/, '')}/v1/webhooks/twilio/voice/${contactId}/${name}`;
}
