import { setTimeout as wait } from 'node:timers/promises';
import { createFaultQueue, type FaultQueue } from './faults';
import { postSigned, postSignedForText } from './twilio-callbacks';
import { type LocalCall, newSid } from './twilio-call';
import { type Verb, verbsOf } from './twiml';

/** What one of the two does when their telephone rings. */
export type Answering = 'answers' | 'busy' | 'no-answer' | 'failed' | 'machine' | 'machine-cut';

/** How the next call goes. */
export interface CallPlay {
  readonly collector?: Answering;
  readonly borrower?: Answering;
  /** Nothing is reported and nothing is asked: every callback is lost. */
  readonly silent?: boolean;
  /** Runs after the collector has answered and before Twilio asks what to do then. */
  readonly betweenLegs?: () => Promise<void>;
}

export interface CallsOptions {
  readonly accountSid: string;
  readonly authToken: string;
  readonly nowMs: () => number;
  readonly callbackDelayMs: number;
}

export interface LocalCalls {
  readonly plays: FaultQueue<CallPlay>;
  /** Everything that was said into a leg, in order. */
  readonly said: { readonly sid: string; readonly text: string }[];
  readonly recordings: Set<string>;
  find(sid: string): LocalCall | undefined;
  start(form: URLSearchParams): LocalCall;
  update(sid: string, twiml: string): void;
  /** Waits until every call has ended and every report was made. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** Plays calls: rings, fetches what is to be done, dials the second leg, reports each station, as Twilio does. */
export function createLocalCalls(options: CallsOptions): LocalCalls {
  const { accountSid, authToken, nowMs, callbackDelayMs } = options;
  const calls = new Map<string, LocalCall>();
  const scripts = new Map<string, string>();
  const plays = createFaultQueue<CallPlay>();
  const said: { sid: string; text: string }[] = [];
  const recordings = new Set<string>();
  const underWay = new Set<Promise<void>>();
  const stopping = new AbortController();

  function add(to: string, from: string, parentSid: string | null): LocalCall {
    const sid = newSid('CA');
    const call = { sid, parentSid, to, from, createdAtMs: nowMs(), status: 'queued', answeredBy: null };
    calls.set(sid, call);
    return call;
  }

  function formOf(call: LocalCall, more: Record<string, string> = {}): Record<string, string> {
    return {
      ...{ AccountSid: accountSid, ApiVersion: '2010-04-01', CallSid: call.sid, CallStatus: call.status },
      ...{ To: call.to, From: call.from, Direction: call.parentSid === null ? 'outbound-api' : 'outbound-dial' },
      ...(call.parentSid !== null && { ParentCallSid: call.parentSid }),
      ...more,
    };
  }

  async function report(call: LocalCall, status: string, url: string | undefined): Promise<void> {
    await wait(callbackDelayMs, undefined, { signal: stopping.signal });
    call.status = status;
    if (url === undefined) return;
    await postSigned(authToken, url, formOf(call, { CallbackSource: 'call-progress-events' }));
  }

  const ask = async (url: string, call: LocalCall, more: Record<string, string> = {}): Promise<readonly Verb[]> =>
    verbsOf(await postSignedForText(authToken, url, formOf(call, more)));

  /** Rings one leg; answers whether it was picked up. */
  async function ring(call: LocalCall, answering: Answering, url: string | undefined): Promise<boolean> {
    await report(call, 'initiated', url);
    if (answering === 'failed' || answering === 'busy') {
      await report(call, answering, url);
      return false;
    }
    await report(call, 'ringing', url);
    await report(call, answering === 'no-answer' ? 'no-answer' : 'in-progress', url);
    return answering !== 'no-answer';
  }

  async function play(call: LocalCall, form: URLSearchParams, script: CallPlay): Promise<void> {
    if (script.silent === true) return;
    const statusUrl = form.get('StatusCallback') ?? undefined;
    if (!(await ring(call, script.collector ?? 'answers', statusUrl))) return;
    await script.betweenLegs?.();
    for (const verb of await ask(form.get('Url') ?? '', call)) {
      if (verb.name === 'Say') said.push({ sid: call.sid, text: verb.text });
      if (verb.name === 'Dial') await dial(call, verb, script.borrower ?? 'answers');
    }
    await report(call, 'completed', statusUrl);
  }

  async function dial(parent: LocalCall, verb: Verb, answering: Answering): Promise<void> {
    const number = verb.verbs.find(({ name }) => name === 'Number');
    if (number === undefined) return;
    const child = add(number.text, verb.attributes['callerId'] ?? parent.from, parent.sid);
    const { action, record: recorded, recordingStatusCallback } = verb.attributes;
    const { statusCallback, url } = number.attributes;
    const tellParent = async (): Promise<void> => {
      const dialled = { DialCallSid: child.sid, DialCallStatus: child.status, DialCallDuration: '30' };
      if (child.status === 'in-progress') dialled.DialCallStatus = 'answered';
      if (action !== undefined) await ask(action, parent, dialled);
    };
    if (!(await ring(child, answering, statusCallback))) return tellParent();
    if (url !== undefined) await hear(child, await ask(url, child), false);
    const message = answering.startsWith('machine') ? await machine(child, number) : undefined;
    // Whoever gives the leg something else to do takes it out of the dial, which ends there while the leg goes on.
    if (message !== undefined) {
      await tellParent();
      await hear(child, verbsOf(message), answering === 'machine-cut');
    }
    if (recorded !== undefined) await record(child, recordingStatusCallback);
    await report(child, 'completed', statusCallback);
    if (message === undefined) await tellParent();
  }

  /** The machine is heard to its end; answers what whoever owns the call gives the leg to do then. */
  async function machine(child: LocalCall, { attributes }: Verb): Promise<string | undefined> {
    const { amdStatusCallback } = attributes;
    if (amdStatusCallback === undefined) return undefined;
    child.answeredBy = 'machine_end_beep';
    await postSigned(authToken, amdStatusCallback, formOf(child, { AnsweredBy: child.answeredBy }));
    return scripts.get(child.sid);
  }

  async function hear(call: LocalCall, verbs: readonly Verb[], cut: boolean): Promise<void> {
    for (const { name, text } of verbs) {
      if (name === 'Say') said.push({ sid: call.sid, text: cut ? text.slice(0, text.length / 2) : text });
      if (cut) return;
      if (name === 'Redirect') await ask(text, call);
    }
  }

  async function record(call: LocalCall, url: string | undefined): Promise<void> {
    if (url === undefined) return;
    const sid = newSid('RE');
    recordings.add(sid);
    const link = `https://api.twilio.com/2010-04-01/Accounts/${accountSid}/Recordings/${sid}`;
    const recording = { RecordingSid: sid, RecordingUrl: link, RecordingStatus: 'completed', RecordingDuration: '30' };
    await postSigned(authToken, url, formOf(call, recording));
  }

  return {
    plays,
    said,
    recordings,
    find: (sid) => calls.get(sid),
    start(form) {
      const call = add(form.get('To') ?? '', form.get('From') ?? '', null);
      const played = play(call, form, plays.take() ?? {})
        // A report that cannot be made is lost, as it may be at Twilio; stop() ends here too.
        .catch(() => undefined)
        .finally(() => underWay.delete(played));
      underWay.add(played);
      return call;
    },
    update: (sid, twiml) => void scripts.set(sid, twiml),
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    async stop() {
      stopping.abort();
      await Promise.allSettled(underWay);
    },
  };
}
