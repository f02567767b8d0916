import type { PauseReason } from '../case';
import type { FlagName } from '../contact/flag';
import { type PauseRule, type RestEffect, restEffects, type SituationRule } from './rest-rules';

const everything: PauseRule = { stops: restEffects, reviewAfter: { amount: 30, unit: 'days' } };

/** For a policy that says nothing of a reason: as it was before policies could, a pause stops everything. */
export const defaultPauses: Readonly<Record<PauseReason, PauseRule>> = {
  hardship: everything,
  disaster: everything,
  dispute: everything,
  bereavement: everything,
  moratorium: everything,
  technical: everything,
  other: everything,
};

const stops = (...effects: readonly RestEffect[]): SituationRule => ({ stops: effects, needsHandler: false });
const nothing = stops();
const lookedAt = (rule: SituationRule, days: number): SituationRule => ({
  ...rule,
  review: { amount: days, unit: 'workingDays' },
});

/**
 * What each flag does besides closing ways of contact, which is for the rule packs to say. A closed table: a flag without
 * a row cannot be built. A policy may say otherwise, flag by flag.
 */
export const defaultSituations: Readonly<Record<FlagName, SituationRule>> = {
  'opt-out': nothing,
  'opt-out-review': nothing,
  cease: nothing,
  represented: nothing,
  disputed: stops('contacts', 'fees', 'legal', 'clock'),
  insolvent: lookedAt(stops('contacts', 'fees', 'legal'), 2),
  // The course goes on with those who owe beside the dead, or who wind up the estate.
  deceased: lookedAt(stops('fees', 'legal'), 1),
  incapable: lookedAt(stops('legal'), 2),
  moratorium: stops('contacts', 'fees', 'legal', 'clock'),
  // The moratorium of a crisis lasts for thirty days after the treatment (SI 2020/1311).
  'mental-health-moratorium': { ...stops('contacts', 'fees', 'legal', 'clock'), afterEndDays: 30 },
  'advice-hold': stops('contacts', 'legal', 'clock'),
  // While a plan is kept the case waits for its next day; what it costs meanwhile is in the plan.
  'plan-active': stops('fees', 'legal'),
  minor: lookedAt(stops('legal'), 2),
  'time-barred': stops('legal'),
  sensitive: nothing,
  'lost-contact': nothing,
  'refused-contact': nothing,
  'no-work-contact': nothing,
  'ownership-changed': nothing,
  'military-service': lookedAt(stops('fees', 'legal'), 2),
  vulnerable: lookedAt(nothing, 2),
  hardship: lookedAt(stops('fees', 'legal'), 2),
  // Until it is known who took the loan, nobody is asked for the money.
  fraud: lookedAt(stops('contacts', 'fees', 'legal', 'clock'), 1),
  imprisonment: lookedAt(stops('contacts', 'legal', 'clock'), 5),
  'disaster-area': stops('contacts', 'fees', 'legal', 'clock'),
};
