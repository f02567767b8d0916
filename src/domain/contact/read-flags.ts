import { type FlagName, flagCodes } from './flag';
import type { ContactPack, ContactRule } from './rule';

/** Flags that may be put on record and that no rule about contacts or texts looks at, in the order of the list of flags. */
export function flagsReadByNone(packs: readonly Pick<ContactPack, 'rules'>[]): readonly FlagName[] {
  const read = new Set(packs.flatMap(({ rules }) => rules.flatMap(flagsReadBy)));
  return flagCodes.filter((flag) => !read.has(flag));
}

function flagsReadBy(rule: ContactRule): readonly FlagName[] {
  if (rule.kind === 'block') return rule.flags;
  if (rule.kind === 'frequencyCap') return rule.while ?? [];
  if (rule.kind === 'partyAllowList') return Object.values(rule.parties).flatMap(({ needs = [] }) => needs);
  if (rule.kind === 'noticeFirst') return rule.when === undefined ? [] : [rule.when];
  if (rule.kind === 'contentForbid') return rule.while === undefined ? [] : [rule.while];
  return rule.kind === 'limitation' && rule.deniedPurposes.length > 0 ? ['time-barred'] : [];
}
