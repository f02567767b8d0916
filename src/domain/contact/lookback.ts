import type { ContactPack, ContactRule } from './rule';

/** How many days back the rules look at past contacts: what is older cannot change a judgement. */
export function lookbackDays(packs: readonly ContactPack[]): number {
  // One day more for the zones, and the day of a reply's question.
  return 2 + Math.max(1, ...packs.flatMap(({ rules }) => rules.map(daysOf)));
}

function daysOf(rule: ContactRule): number {
  if (rule.kind === 'cooldown') return rule.days;
  if (rule.kind !== 'frequencyCap') return 0;
  if (typeof rule.window === 'object') return rule.window.rollingDays;
  return rule.window === 'calendarMonth' ? 31 : 1;
}

/** Whether a rule asks when a loan was first spoken or written about. */
export function asksForFirstContact(packs: readonly ContactPack[]): boolean {
  return packs.some(({ rules }) =>
    rules.some(
      (rule) =>
        (rule.kind === 'deadline' && rule.trigger === 'initial-communication') ||
        (rule.kind === 'contentRequire' && rule.when !== undefined),
    ),
  );
}
