import type { LocalCalls } from './twilio-calls';
import { toTwilioCall } from './twilio-call';
import { refusalOfCall, type TwilioRefusal } from './twilio-refusals';

/** What can go wrong with one call that is asked for. Only after `cut-after-accept` does it ring. */
export type CallFault = '500' | '429' | 'no-answer' | 'cut-after-accept' | 'cut-before-accept';

export interface VoiceAnswer {
  readonly status: number;
  readonly body: object | null;
}

export interface VoiceRequest {
  readonly method: string;
  /** Below the account, e.g. `/Calls.json`. */
  readonly path: string;
  readonly form: URLSearchParams;
}

/** Answers the requests of Twilio's call and recording resources; null for what is neither. */
export function answerVoice(
  accountSid: string,
  calls: LocalCalls,
  { method, path, form }: VoiceRequest,
): VoiceAnswer | TwilioRefusal | null {
  const sid = /^\/(?:Calls|Recordings)\/(\w+)\.json$/.exec(path)?.[1] ?? '';
  if (path === '/Calls.json' && method === 'POST') {
    return refusalOfCall(form) ?? { status: 201, body: toTwilioCall(accountSid, calls.start(form)) };
  }
  if (path.startsWith('/Calls/')) {
    const call = calls.find(sid);
    if (call === undefined) return null;
    if (method === 'POST') calls.update(sid, form.get('Twiml') ?? '');
    return { status: 200, body: toTwilioCall(accountSid, call) };
  }
  if (path.startsWith('/Recordings/') && method === 'DELETE') {
    return calls.recordings.delete(sid) ? { status: 204, body: null } : null;
  }
  return null;
}
