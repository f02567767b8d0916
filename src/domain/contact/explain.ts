import type { Calendars } from './evidence';
import { askRules, judgeContact, type Verdict } from './judge';
import type { Confidence, ContactPack, ContactRule } from './rule';
import type { Situation } from './situation';

/** What one rule says of a contact. */
export interface RuleOpinion {
  readonly rule: string;
  readonly pack: string;
  readonly kind: ContactRule['kind'];
  readonly says: 'yes' | 'not-before' | 'never';
  /** With `not-before`: before it the rule cannot allow the contact. */
  readonly notBeforeMs: number | null;
  /** With `never`: what is in the way. */
  readonly never: string | null;
  readonly why: string;
  readonly source: string | null;
  readonly confidence: Confidence | null;
}

export interface Explanation {
  readonly verdict: Verdict;
  /** Every rule that was asked, those against it first. */
  readonly opinions: readonly RuleOpinion[];
}

/** The judgement with what every single rule said, for people who ask why. Same answer as `judgeContact`. */
export function explainContact(situation: Situation, packs: readonly ContactPack[], calendars: Calendars): Explanation {
  const asked = askRules(situation, packs, calendars);
  const verdict = judgeContact(situation, packs, calendars);
  if ('unasked' in asked) return { verdict, opinions: [] };
  const opinions = asked.answers.map(({ rule, answer }): RuleOpinion => {
    const isNever = typeof answer !== 'number';
    const says = isNever ? 'never' : answer === situation.atMs ? 'yes' : 'not-before';
    return {
      ...{ rule: rule.id, pack: packOf(rule, packs), kind: rule.kind, says },
      notBeforeMs: says === 'not-before' && !isNever ? answer : null,
      never: isNever ? answer.never : null,
      ...{ why: rule.why, source: rule.source ?? null, confidence: rule.confidence ?? null },
    };
  });
  const rank = { never: 0, 'not-before': 1, yes: 2 };
  return { verdict, opinions: opinions.sort((a, b) => rank[a.says] - rank[b.says]) };
}

function packOf(rule: ContactRule, packs: readonly ContactPack[]): string {
  return packs.find(({ rules }) => rules.includes(rule))?.id ?? '';
}
