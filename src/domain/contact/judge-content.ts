import type { Channel } from '../case';
import type { Day } from '../day';
import { type Language, languages } from '../policy';
import type { ContentTag } from './content-tag';
import type { FlagName } from './flag';
import type { Purpose } from './purpose';
import type { ContactPack, ContactRule, RuleOf, Wording } from './rule';
import { isInForceOn } from './rules-on-day';

/** A text as the borrower would get it. */
export interface Content {
  readonly channel: Channel;
  readonly purpose: Purpose;
  readonly language: Language;
  /** Null where the channel has none. */
  readonly subject: string | null;
  readonly body: string;
  /** What the template says that it carries; null for one that was published before tags were: its words alone count. */
  readonly tags: readonly ContentTag[] | null;
  /** The name under which the institution writes; null where nobody said it. */
  readonly sender: string | null;
}

/** What the rules of content look at besides the text. */
export interface ContentOccasion {
  readonly day: Day;
  /** Whether a loan that the text is about was never written or spoken about before. */
  readonly first: boolean;
  /** What is on record. Before publication nothing is. */
  readonly flags: readonly FlagName[];
}

export interface ContentFault {
  readonly rule: string;
  readonly part: 'subject' | 'text' | 'tags';
  readonly reason: string;
}

/** Twilio takes no longer SMS. */
export const smsLengthMax = 1600;

/**
 * Every rule of every pack that the text breaks: the strictest wins, since each of them must hold. Where a rule names the
 * words that prove a required tag, the tag is believed only with them; where it names none, the template is. Forbidden words
 * are looked for in every language, whatever that of the text.
 */
export function judgeContent(
  content: Content,
  packs: readonly Pick<ContactPack, 'rules'>[],
  occasion: ContentOccasion,
): readonly ContentFault[] {
  return rulesOfContent(packs, content, occasion).flatMap((rule) =>
    rule.kind === 'contentRequire' ? requireFaults(rule, content) : forbidFaults(rule, content),
  );
}

/** Every rule that is asked of such a text on this occasion, whatever the text says. */
export function rulesOfContent(
  packs: readonly Pick<ContactPack, 'rules'>[],
  content: Pick<Content, 'channel' | 'purpose'>,
  { day, first, flags }: ContentOccasion,
): readonly (RuleOf<'contentRequire'> | RuleOf<'contentForbid'>)[] {
  return packs
    .flatMap(({ rules }) => rules)
    .filter((rule) => rule.kind === 'contentRequire' || rule.kind === 'contentForbid')
    .filter((rule) => isAsked(rule, content, day))
    .filter((rule) => {
      if (rule.kind === 'contentRequire') return rule.when === undefined || (rule.when === 'first') === first;
      return rule.part !== 'sender' && (rule.while === undefined || flags.includes(rule.while));
    });
}

/** What no text may be, whatever the packs say: longer than the provider takes, or a subject of several lines. */
export function shapeFaults({ channel, subject, body }: Content): readonly Omit<ContentFault, 'rule'>[] {
  const tooLong = channel === 'sms' && body.length > smsLengthMax;
  return [
    ...(tooLong ? [{ part: 'text', reason: `is longer than ${smsLengthMax} characters` } as const] : []),
    ...(/[\r\n]/.test(subject ?? '') ? [{ part: 'subject', reason: 'must be one line' } as const] : []),
  ];
}

/** Whether a rule has such a message, that is not the first, say on this day that it comes from a debt collector. */
export function mustSayCollector(
  packs: readonly Pick<ContactPack, 'rules'>[],
  content: Pick<Content, 'channel' | 'purpose'>,
  day: Day,
): boolean {
  const asked = rulesOfContent(packs, content, { day, first: false, flags: [] });
  return asked.some((rule) => rule.kind === 'contentRequire' && rule.tag === 'COLLECTOR_ID');
}

/**
 * What the name that a mailbox shows beside the subject must not say, of the rules with `part: sender`. A name is chosen for long:
 * those that begin later are asked too, and only those that have ended by this day are not.
 */
export function senderFaults(
  name: string,
  packs: readonly Pick<ContactPack, 'rules'>[],
  day: Day,
): readonly Pick<ContentFault, 'rule' | 'reason'>[] {
  return packs
    .flatMap(({ rules }) => rules)
    .filter((rule) => rule.kind === 'contentForbid')
    .filter(({ part, until }) => part === 'sender' && (until === undefined || day < until))
    .flatMap((rule) => {
      const found = wordIn(name, rule.text);
      return found === null ? [] : [{ rule: rule.id, reason: because(rule, `must not say "${found}"`) }];
    });
}

function isAsked(rule: ContactRule, { channel, purpose }: Pick<Content, 'channel' | 'purpose'>, day: Day): boolean {
  return (
    rule.channels.includes(channel) &&
    (rule.purposes === undefined || rule.purposes.includes(purpose)) &&
    isInForceOn(rule, day)
  );
}

function requireFaults(rule: RuleOf<'contentRequire'>, content: Content): readonly ContentFault[] {
  const fault = (part: ContentFault['part'], reason: string): readonly ContentFault[] => [
    { rule: rule.id, part, reason: because(rule, reason) },
  ];
  const { tags, language, body, sender } = content;
  if (tags !== null && !tags.includes(rule.tag)) return fault('tags', `lacks the tag ${rule.tag}`);
  if (rule.tag === 'INSTITUTION_ID' && (sender === null || !body.includes(sender))) {
    return fault('text', 'must name the institution: write {{ bank.name }}');
  }
  const words = rule.text?.[language];
  if (rule.text !== undefined && words === undefined) {
    return fault('text', `cannot be judged in ${language}: no words of ${rule.tag} are known`);
  }
  if (words !== undefined && !patternOf(words).test(body)) {
    return fault('text', `does not say what its tag ${rule.tag} promises (${words})`);
  }
  const proven = words !== undefined || rule.tag === 'INSTITUTION_ID';
  return proven || tags !== null ? [] : fault('tags', `lacks the tag ${rule.tag}`);
}

function forbidFaults(rule: RuleOf<'contentForbid'>, content: Content): readonly ContentFault[] {
  const faults: ContentFault[] = [];
  if (rule.tag !== undefined && content.tags?.includes(rule.tag) === true) {
    faults.push({ rule: rule.id, part: 'tags', reason: because(rule, `must not carry ${rule.tag}`) });
  }
  for (const part of ['subject', 'text'] as const) {
    if (rule.part !== undefined && rule.part !== part) continue;
    const found = wordIn(part === 'subject' ? (content.subject ?? '') : content.body, rule.text);
    if (found !== null) faults.push({ rule: rule.id, part, reason: because(rule, `must not say "${found}"`) });
  }
  return faults;
}

function wordIn(text: string, words: Wording | undefined): string | null {
  for (const language of languages) {
    const pattern = words?.[language];
    const found = pattern === undefined ? null : patternOf(pattern).exec(text);
    if (found !== null) return found[0];
  }
  return null;
}

/** The packs' patterns, which every text is held against; there are as many as the packs have. */
const patterns = new Map<string, RegExp>();

function patternOf(words: string): RegExp {
  const known = patterns.get(words);
  if (known !== undefined) return known;
  const pattern = new RegExp(words, 'iu');
  patterns.set(words, pattern);
  return pattern;
}

function because({ id, confidence, why }: ContactRule, reason: string): string {
  return `${reason} (${id}${confidence === 'M' ? ', unconfirmed' : ''}: ${why})`;
}
