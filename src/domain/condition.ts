import type { CaseFacts, Condition } from './case';

/** Whether a step's condition holds now. A step without one is always taken. */
export function holds(condition: Condition | undefined, facts: CaseFacts, nowMs: number): boolean {
  if (condition === undefined) return true;
  const { tiers, overdueOverMinor, dpdOver, contactsUnder, contactsOver, notContactedWithinMs } = condition;
  if (tiers !== undefined && !tiers.includes(facts.tier)) return false;
  if (overdueOverMinor !== undefined && facts.overdueMinor <= overdueOverMinor) return false;
  if (dpdOver !== undefined && facts.rawDpd <= dpdOver) return false;
  if (contactsUnder !== undefined && facts.contacts.made >= contactsUnder) return false;
  if (contactsOver !== undefined && facts.contacts.made <= contactsOver) return false;
  const { lastAtMs } = facts.contacts;
  return notContactedWithinMs === undefined || lastAtMs === null || lastAtMs <= nowMs - notContactedWithinMs;
}
