import type { ContactPack, ContactRule } from './rule';

/** How far back rules look at what is on record. */
export interface Lookback {
  /** What is older cannot change a judgement. */
  readonly days: number;
  /** Whether a rule asks when a loan was first spoken or written about. */
  readonly firstContact: boolean;
}

/** What the packs in force ask is read once, and asked for at every contact. */
const known = new WeakMap<readonly ContactPack[], Lookback>();

export function lookbackOf(packs: readonly ContactPack[]): Lookback {
  const lookback = known.get(packs) ?? readLookback(packs);
  known.set(packs, lookback);
  return lookback;
}

function readLookback(packs: readonly ContactPack[]): Lookback {
  const rules = packs.flatMap((pack) => pack.rules);
  // One day more for the zones, and the day of a reply's question.
  return { days: 2 + Math.max(1, ...rules.map(daysOf)), firstContact: rules.some(asksForFirstContact) };
}

function daysOf(rule: ContactRule): number {
  if (rule.kind === 'cooldown') return rule.days;
  if (rule.kind !== 'frequencyCap') return 0;
  if (typeof rule.window === 'object') return rule.window.rollingDays;
  return rule.window === 'calendarMonth' ? 31 : 1;
}

function asksForFirstContact(rule: ContactRule): boolean {
  if (rule.kind === 'deadline') return rule.trigger === 'initial-communication';
  return rule.kind === 'contentRequire' && rule.when !== undefined;
}
