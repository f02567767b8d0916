import type { ContactPack } from '../domain/contact/rule';
import { type Content, judgeContent, shapeFaults } from '../domain/contact/judge-content';
import type { Day } from '../domain/day';
import type { Language } from '../domain/policy';
import type { MessageChannel, MessageTemplate } from './message-template';
import type { MessageVariables } from './message-variables';
import type { RenderedMessage } from './templates';

/** The packs by which a template is checked, and the day whose rules hold. */
export interface WordingRules {
  readonly packs: readonly Pick<ContactPack, 'rules'>[];
  readonly day: Day;
}

/** What lawful and humane wording lacks or must not say, in a message as the borrower would read it. */
export function wordingProblems(
  { subject, body }: RenderedMessage,
  { purpose, tags = [] }: MessageTemplate,
  { channel, language }: { readonly channel: MessageChannel; readonly language: Language },
  { bank, firstContact }: MessageVariables,
  { packs, day }: WordingRules,
): readonly { readonly part: 'subject' | 'text' | 'tags'; readonly reason: string }[] {
  const content: Content = { channel, purpose, language, subject, body, tags, sender: bank.name };
  // What is forbidden while something is on record is asked when it is known: at the moment of sending.
  const occasion = { day, first: firstContact, flags: [] };
  return [...shapeFaults(content), ...judgeContent(content, packs, occasion)];
}
