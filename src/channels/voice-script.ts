import twilio from 'twilio';
import type { Language } from '../domain/policy';

const { VoiceResponse } = twilio.twiml;
const voices = { zh: 'zh-CN', en: 'en-GB' } as const satisfies Record<Language, string>;

/** Where Twilio reports and asks, all of one call. */
export interface CallUrls {
  /** Tells the borrower that the call is recorded, before the two are joined. */
  readonly greeting: string;
  readonly borrower: string;
  readonly machine: string;
  readonly ended: string;
  readonly recording: string;
}

export interface Dialling {
  readonly number: string;
  /** The bank's number. */
  readonly callerId: string;
  readonly borrowerName: string;
  readonly language: Language;
  readonly ringSeconds: number;
  readonly recorded: boolean;
  readonly detectMachine: boolean;
  readonly urls: CallUrls;
}

/** Says to the collector who is called, and dials the borrower; the collector hears the borrower's telephone ring. */
export function dialScript(dialling: Dialling): string {
  const { number, callerId, borrowerName, language, ringSeconds, recorded, detectMachine, urls } = dialling;
  const response = new VoiceResponse();
  const text = language === 'zh' ? `正在为您接通${borrowerName}。` : `Connecting you to ${borrowerName}.`;
  response.say({ language: voices[language] }, text);
  const recording = { record: 'record-from-answer-dual', recordingStatusCallback: urls.recording } as const;
  const dial = response.dial({
    ...{ callerId, timeout: ringSeconds, answerOnBridge: true, action: urls.ended },
    ...(recorded && recording),
  });
  dial.number(
    {
      ...{ statusCallback: urls.borrower, statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'] },
      ...(recorded && { url: urls.greeting }),
      ...(detectMachine && { machineDetection: 'DetectMessageEnd', amdStatusCallback: urls.machine }),
    },
    number,
  );
  return response.toString();
}

/** Says something and hangs up. */
export function sayScript(text: string, language: Language): string {
  const response = new VoiceResponse();
  response.say({ language: voices[language] }, text);
  response.hangup();
  return response.toString();
}

/** What the borrower hears first on a call that is recorded. It names the bank and nothing else. */
export function greetingScript(bankName: string, language: Language): string {
  const response = new VoiceResponse();
  const text =
    language === 'zh' ? `这里是${bankName}。本次通话将被录音。` : `This is ${bankName}. This call is recorded.`;
  response.say({ language: voices[language] }, text);
  return response.toString();
}

/** Leaves a message on a machine; `leftUrl` is asked only when it was heard to its end. */
export function voicemailScript(message: string, language: Language, leftUrl: string): string {
  const response = new VoiceResponse();
  response.say({ language: voices[language] }, message);
  response.redirect({ method: 'POST' }, leftUrl);
  return response.toString();
}

export function hangUpScript(): string {
  const response = new VoiceResponse();
  response.hangup();
  return response.toString();
}
