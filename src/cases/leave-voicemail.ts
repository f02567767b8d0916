import { voicemailScript } from '../channels/voice-script';
import { askAgain } from '../contact/ask-again';
import { type Gate, hashOfWords } from '../contact/gate';
import { connectionOfLeg } from '../domain/call/call-leg';
import { limitedMessage, type LimitedPart } from '../domain/call/limited-message';
import { dayIn } from '../domain/contact/evidence';
import type { Verdict } from '../domain/contact/judge';
import { judgeContent, senderFaults } from '../domain/contact/judge-content';
import type { Day } from '../domain/day';
import type { Language } from '../domain/policy';
import { Refusal } from '../domain/refusal';
import { addWords, setConnection, updateCall } from '../store/calls';
import type { Contact } from '../store/contact-row';
import { getCustomer } from '../store/customers';
import type { Queryable } from '../store/database';
import { recordEvent } from '../store/timeline';
import { type CallDeps, callUrl } from './call-deps';
import type { Desk } from './desk';
import { withCall } from './take-call-report';

export interface MachineReport {
  readonly contactId: string;
  readonly sid: string;
  /** human, machine_end_beep and the like. */
  readonly answeredBy: string;
}

export interface Voicemail {
  readonly text: string;
  /** Of which parts of the closed list it was built, in their order. */
  readonly parts: readonly LimitedPart['kind'][];
}

/**
 * The words for an answering machine: the parts that a limited-content message may have, with the bank's name and number.
 * Null where none can be made of them, because the name shows that debts are collected or the number is none: nothing is
 * said to the machine then.
 */
export function voicemailFor(
  { bank, gate }: Pick<CallDeps, 'bank'> & { readonly gate: Pick<Gate, 'inForce'> },
  collectorName: string,
  language: Language,
  day: Day,
): Voicemail | null {
  const { packs } = gate.inForce;
  if (senderFaults(bank.name, packs, day).length > 0) return null;
  const parts: readonly LimitedPart[] = [
    { kind: 'salutation' },
    { kind: 'business-name', name: bank.name },
    { kind: 'person-name', name: collectorName },
    { kind: 'request-to-reply' },
    { kind: 'call-back-number', number: bank.phone.replace(/[\s()-]/g, '') },
    { kind: 'any-representative' },
  ];
  const body = messageOf(parts, language);
  if (body === null) return null;
  const content = { channel: 'call', purpose: 'location-info', language, subject: null, tags: null } as const;
  const occasion = { day, first: true, flags: [] };
  const isFit = judgeContent({ ...content, body, sender: bank.name }, packs, occasion).length === 0;
  return isFit ? { text: body, parts: parts.map(({ kind }) => kind) } : null;
}

function messageOf(parts: readonly LimitedPart[], language: Language): string | null {
  try {
    return limitedMessage(parts, language);
  } catch (error) {
    if (error instanceof Refusal && error.type === 'TemplateInvalid') return null;
    throw error;
  }
}

/**
 * When a machine has answered: the message is played to it, and the call counts as one that rang. It is an artificial voice,
 * which some rules allow only on consent (47 USC 227(b)(1)); without, the machine hears nothing.
 */
export async function takeMachineReport(deps: CallDeps, report: MachineReport): Promise<void> {
  const { desk, voice, publicUrl } = deps;
  const { contactId, sid, answeredBy } = report;
  if (!/^(human|machine_\w+|fax|unknown)$/.test(answeredBy)) return;
  const nowMs = await desk.clock.nowMs();
  const isMachine = answeredBy.startsWith('machine');
  const message: { text: string | null; language: Language } = { text: null, language: 'en' };
  await withCall(desk, contactId, async (tx, call, contact) => {
    if (call.answeredBy !== null || (call.borrowerSid !== null && call.borrowerSid !== sid)) return false;
    await updateCall(tx, contactId, { borrowerSid: sid, answeredBy });
    if (!isMachine) return false;
    const connection = connectionOfLeg(call.borrowerStatus ?? 'ringing', true);
    await setConnection(tx, contactId, { connection, outcome: null });
    if (!answeredBy.startsWith('machine_end') || voice === null) return false;
    // Somebody else's machine: for whom the caller works is told only to who asks (12 CFR 1006.10(b)(1)).
    if (contact.purpose === 'location-info') return false;
    const verdict = await askAgain(tx, deps.gate, contact, nowMs, { artificialVoice: true });
    if (verdict.kind !== 'allow') return noteSilence(tx, contact, verdict, nowMs);
    const customer = await getCustomer(tx, contact.customerId);
    const language = customer?.language ?? 'en';
    const day = dayIn(deps.gate.calendars, customer?.timezone ?? '', nowMs);
    const voicemail = voicemailFor(deps, nameOf(call.startedBy), language, day);
    if (voicemail === null) return false;
    Object.assign(message, { language, text: voicemail.text });
    await updateCall(tx, contactId, { voicemail: 'playing' });
    await keepVoicemail(tx, contact, voicemail, language, nowMs);
    return false;
  });
  if (message.text === null || voice === null) return;
  await voice.play(sid, voicemailScript(message.text, message.language, callUrl(publicUrl, contactId, 'left')));
}

/** What is said is kept as the text of a message is, before it is said. */
async function keepVoicemail(
  tx: Queryable,
  { contactId, loanId, caseNo }: Contact,
  { text, parts }: Voicemail,
  language: Language,
  nowMs: number,
): Promise<void> {
  const contentHash = hashOfWords(null, text);
  await addWords(tx, contactId, { language, body: text, contentHash });
  const event = { loanId, caseNo, atMs: nowMs, kind: 'voicemail-played', actor: 'provider' };
  const reason = 'a machine answered, and a limited-content message is played to it';
  const data = { contactId, parts, language, contentHash };
  await recordEvent(tx, { ...event, reason, data, eventKey: `voicemail-played/${contactId}` });
}

/** The machine hears nothing: a rule does not let an artificial voice speak to this number. */
async function noteSilence(
  tx: Queryable,
  { contactId, loanId, caseNo }: Contact,
  { rules, reason }: Pick<Verdict, 'rules'> & { readonly reason: string },
  nowMs: number,
): Promise<false> {
  const event = { loanId, caseNo, atMs: nowMs, kind: 'voicemail-denied', actor: 'arrears', reason };
  await recordEvent(tx, { ...event, data: { contactId, rules }, eventKey: `voicemail-denied/${contactId}` });
  return false;
}

/** A message that the machine heard to its end. */
export async function takeVoicemailLeft(desk: Desk, contactId: string, sid: string): Promise<void> {
  const nowMs = await desk.clock.nowMs();
  await withCall(desk, contactId, async (tx, call, { loanId, caseNo }) => {
    if (call.voicemail !== 'playing' || call.borrowerSid !== sid) return false;
    await updateCall(tx, contactId, { voicemail: 'left' });
    const event = { loanId, caseNo, atMs: nowMs, kind: 'voicemail-left', actor: 'provider' };
    const reason = 'a limited-content message was left on a machine';
    await recordEvent(tx, { ...event, reason, data: { contactId }, eventKey: `voicemail/${contactId}` });
    return false;
  });
}

/** The collector's name as it is said: `ana.zhou` is Ana Zhou. */
export function nameOf(actor: string): string {
  const words = actor.split(/[._-]+/).filter((word) => /^\p{L}/u.test(word));
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1).replace(/\P{L}/gu, '')).join(' ');
  return name === '' ? 'your adviser' : name;
}
