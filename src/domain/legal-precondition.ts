import type { CaseFacts, LegalPrecondition } from './case';

/**
 * What still has to happen and be on record before a loan may leave the house: by the policy (M6; stage `legal`) and by the
 * rules of the packs in force, all of which must be content. Empty when the file is ready. The wording is for officers and
 * goes into the timeline.
 */
export function missingForLegal(
  required: LegalPrecondition,
  facts: Pick<CaseFacts, 'contacts' | 'offered' | 'handoff'>,
  nowMs: number,
): readonly string[] {
  const missing: string[] = [];
  if (facts.contacts.made < required.contacts) {
    missing.push(`contacts on record: ${facts.contacts.made} of ${required.contacts}`);
  }
  for (const channel of required.channels) {
    if (!facts.contacts.channels.includes(channel)) missing.push(`a contact by ${channel}`);
  }
  if (facts.contacts.visits < required.visits) {
    missing.push(`visits on record: ${facts.contacts.visits} of ${required.visits}`);
  }
  for (const offer of required.offered) {
    if (!facts.offered.includes(offer)) missing.push(`an offer of: ${offer}`);
  }
  for (const { what, untilMs } of facts.handoff ?? []) {
    if (untilMs === null || untilMs > nowMs) missing.push(what);
  }
  return missing;
}
