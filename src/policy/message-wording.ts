import type { Language } from '../domain/policy';
import type { MessageChannel } from './message-template';
import type { MessageVariables } from './message-variables';
import type { RenderedMessage } from './templates';

// Others may see a mailbox or a locked screen: the subject does not tell that somebody owes money.
const notInSubject: Readonly<Record<Language, RegExp>> = {
  zh: /逾期|欠款|欠债|债务|催收|拖欠/,
  en: /overdue|debt|past due|arrears|collection|delinquen/i,
};
// Words of threat and of pretended authority (the banned acts of the banking association's guideline of 2026-01-30).
const nowhere: Readonly<Record<Language, RegExp>> = {
  zh: /坐牢|拘留|逮捕|报警|公安|上门抓|单位领导|通知家人|后果自负|老赖/,
  en: /\b(jail|prison|arrest|police|your (family|employer|neighbou?rs)|or else)\b/i,
};
const optOut: Readonly<Record<Language, Readonly<Record<MessageChannel, RegExp>>>> = {
  zh: { sms: /回复TD退订/, email: /退订/ },
  en: { sms: /reply STOP/i, email: /unsubscribe|reply STOP/i },
};
// Twilio refuses longer ones.
const smsLengthMax = 1600;

/** What lawful and humane wording lacks or must not say, in a message as the borrower would read it. */
export function wordingProblems(
  { subject, body }: RenderedMessage,
  channel: MessageChannel,
  language: Language,
  { bank }: MessageVariables,
): readonly { readonly part: 'subject' | 'text'; readonly reason: string }[] {
  const problems: { part: 'subject' | 'text'; reason: string }[] = [];
  const complain = (part: 'subject' | 'text', reason: string): number => problems.push({ part, reason });
  if (!body.includes(bank.name)) complain('text', 'must name the bank: write {{ bank.name }}');
  if (!optOut[language][channel].test(body))
    complain('text', `must tell how to opt out (${optOut[language][channel].source})`);
  const threat = nowhere[language].exec(body);
  if (threat !== null) complain('text', `must not threaten: "${threat[0]}"`);
  if (channel === 'sms' && body.length > smsLengthMax) complain('text', `is longer than ${smsLengthMax} characters`);
  const told = notInSubject[language].exec(subject ?? '');
  if (told !== null) complain('subject', `tells others too much: "${told[0]}"`);
  if (/[\r\n]/.test(subject ?? '')) complain('subject', 'must be one line');
  return problems;
}
