import { unproven, type Written } from '../contact/fit-text';
import { type Gate, hashOfWords } from '../contact/gate';
import { smsLengthMax } from '../domain/contact/judge-content';
import type { Situation } from '../domain/contact/situation';
import { Refusal } from '../domain/refusal';
import type { ContactReport } from './contact-report';

const writtenChannels: readonly string[] = ['sms', 'email', 'letter'];

/** @throws Refusal InputInvalid for what no report can hold, never for what breaks a rule. */
export function checkReportedWords(report: ContactReport): void {
  const { channel, direction, outcome, subject, body, language, tags, sender } = report;
  const isWritten = writtenChannels.includes(channel);
  if (isWritten !== (outcome === null)) {
    throw new Refusal('InputInvalid', 'a call or a visit has one, what is written has none', 'outcome');
  }
  if ((channel === 'sms' || channel === 'email') && direction === 'inbound') {
    throw new Refusal('InputInvalid', 'what a borrower writes is no contact of the bank’s', 'direction');
  }
  if (body !== undefined && !(isWritten && direction === 'outbound')) {
    throw new Refusal('InputInvalid', 'only what the bank or an agency wrote has a text', 'body');
  }
  if (body === undefined && [subject, language, tags, sender].some((one) => one !== undefined)) {
    throw new Refusal('InputInvalid', 'says nothing without the text', 'body');
  }
  if (body !== undefined && language === undefined) {
    throw new Refusal('InputInvalid', 'a text is judged in its language', 'language');
  }
  if (channel !== 'sms') return;
  if (subject !== undefined) throw new Refusal('InputInvalid', 'an SMS has none', 'subject');
  if (body !== undefined && body.length > smsLengthMax) {
    throw new Refusal('InputInvalid', `an SMS has ${smsLengthMax} characters at most`, 'body');
  }
}

/** The text as the rules of content are asked about it; null where nobody tells it. */
export function writtenOf(
  { subject, body, language, tags, sender, agency }: ContactReport,
  bankName: string,
): Written | null {
  if (body === undefined) return null;
  const text = { template: null, language: language ?? null, subject: subject ?? null, body };
  return { text, tags: tags ?? null, sender: sender ?? agency ?? bankName };
}

/** As the text of a message that was sent is kept. */
export function keptWords(written: Written | null) {
  const nothing = { template: null, language: null, subject: null, body: null, contentHash: null, offers: [] };
  if (written === null) return nothing;
  const { subject, body } = written.text;
  return { ...nothing, ...written.text, contentHash: hashOfWords(subject, body) };
}

/** The rules that a letter or a message was not asked about, because nobody told its words. */
export function unaskedRules(
  { inForce, calendars }: Gate,
  { channel, direction, body }: ContactReport,
  situation: Situation,
): readonly string[] {
  if (body !== undefined || direction === 'inbound' || !writtenChannels.includes(channel)) return [];
  return unproven({ packs: inForce.packs, calendars }, situation);
}
