import type { Day } from '../day';
import type { ContactPack, ContactRule, RuleOf } from './rule';

/** A rule asks nothing before its first day, and nothing from the day on which it ends. */
export function isInForceOn({ from, until }: Pick<ContactRule, 'from' | 'until'>, day: Day): boolean {
  return (from === undefined || from <= day) && (until === undefined || day < until);
}

/** The rules of a kind that are in force on a day, pack by pack. */
export function rulesOn<Kind extends ContactRule['kind']>(
  packs: readonly Pick<ContactPack, 'rules'>[],
  kind: Kind,
  day: Day,
): readonly RuleOf<Kind>[] {
  return packs
    .flatMap(({ rules }) => rules)
    .filter((rule): rule is RuleOf<Kind> => rule.kind === kind)
    .filter((rule) => isInForceOn(rule, day));
}
