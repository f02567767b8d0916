import { flagCodes } from '../domain/contact/flag';
import type { Verdict } from '../domain/contact/judge';
import {
  type ContentFault,
  type ContentOccasion,
  judgeContent,
  rulesOfContent,
  shapeFaults,
} from '../domain/contact/judge-content';
import { covers, flagsOf } from '../domain/contact/judge-person';
import { judgeAs, type Manner } from '../domain/contact/manner';
import type { Situation } from '../domain/contact/situation';
import { languages } from '../domain/policy';
import { type Calendars, dayIn } from '../domain/contact/evidence';
import type { ContactPack } from '../domain/contact/rule';
import type { ContactWish } from './gate';

interface Text {
  readonly template: string | null;
  readonly language: string | null;
  readonly subject: string | null;
  readonly body: string;
}

export type Fault = Omit<ContentFault, 'rule'> & { readonly rule?: string };

/** The text that would be sent; null where nothing is written. */
export function textOf({ template, language, subject, body }: ContactWish): Text | null {
  return body === null ? null : { template, language, subject, body };
}

interface TextRules {
  readonly packs: readonly ContactPack[];
  readonly calendars: Calendars;
}

/** A text with what its template says of it. */
export type Written = Pick<ContactWish, 'tags' | 'sender'> & { readonly text: Text };

/** Every rule of content that the text breaks, as it stands after its variables were filled in. */
function textFaults(
  rules: TextRules,
  situation: Situation,
  { tags, sender, text: { language: said, subject, body } }: Written,
): readonly Fault[] {
  const language = languages.find((one) => one === said);
  if (language === undefined) return [{ part: 'text', reason: 'is written in a language that nobody checked' }];
  const { channel, purpose } = situation;
  const content = { channel, purpose, language, subject, body, tags, sender };
  return [...shapeFaults(content), ...judgeContent(content, rules.packs, occasionOf(rules, situation))];
}

/** The rules of content that would be asked of a text which nobody has: whether it kept them stays open. */
export function unproven(rules: TextRules, situation: Situation): readonly string[] {
  return [...new Set(rulesOfContent(rules.packs, situation, occasionOf(rules, situation)).map(({ id }) => id))];
}

function occasionOf({ calendars }: TextRules, situation: Situation): ContentOccasion {
  const { events, zones, atMs, loanIds } = situation;
  const begun = events.filter(({ event }) => event === 'initial-communication');
  const first = loanIds.some((loan) => !begun.some(({ loanId }) => loanId === null || loanId === loan));
  const active = flagsOf({ situation }, flagCodes).filter((flag) => covers(flag, atMs));
  const day = dayIn(calendars, zones[0] ?? '', atMs);
  return { day, first, flags: active.map(({ flag }) => flag) };
}

/** The refusal of a text: no later instant makes it fit. */
function unfit(faults: readonly Fault[]): Extract<Verdict, { kind: 'deny' }> {
  const rules = [...new Set(faults.flatMap(({ rule }) => (rule === undefined ? [] : [rule])))];
  return { kind: 'deny', rules, reason: faults.map(({ part, reason }) => `the ${part} ${reason}`).join('; ') };
}

/** What the rules say of a contact and of its text, if it has one: the text first, because no later instant makes it fit. */
export function judgeWithText(
  rules: TextRules,
  situation: Situation,
  manner: Manner,
  written: Written | null,
): { readonly verdict: Verdict; readonly faults: readonly Fault[] } {
  const faults = written === null ? [] : textFaults(rules, situation, written);
  if (faults.length > 0) return { verdict: unfit(faults), faults };
  return { verdict: judgeAs(manner, situation, rules.packs, rules.calendars).verdict, faults };
}
