import type { PauseReason } from '../case';
import type { FlagName } from '../contact/flag';
import { addDays } from '../day';
import type { Pause } from '../loan';
import type { Duration } from '../policy-duration';

/**
 * What a rest can stop. `contacts`: the whole course, messages, tasks and stages. `fees`: late fees and penalty interest.
 * `legal`: nothing of a legal stage is proposed, entered or done. `clock`: effective days past due; raw days never stop.
 */
export const restEffects = ['contacts', 'fees', 'legal', 'clock'] as const;
export type RestEffect = (typeof restEffects)[number];

export interface PauseRule {
  readonly stops: readonly RestEffect[];
  /** A pause without an end is looked at by a supervisor after this time, and again each time it goes on. */
  readonly reviewAfter: Duration;
}

export interface SituationRule {
  readonly stops: readonly RestEffect[];
  /** Calendar days after the end of the flag on which it still stops the same. */
  readonly afterEndDays?: number;
  /** Somebody looks at the case within this time after the flag was set; without it nobody is asked to. */
  readonly review?: Duration;
  /** The flag is set only with the name of who looks after the borrower. */
  readonly needsHandler: boolean;
}

/** What rests, by the reason for it: one table for pauses, one for flags. */
export interface RestRules {
  readonly pauses: Readonly<Record<PauseReason, PauseRule>>;
  readonly situations: Readonly<Record<FlagName, SituationRule>>;
}

/** How a flag is named among the reasons for a rest. */
export const reasonOfFlag = (flag: FlagName): string => `flag/${flag}`;

/**
 * The pauses that stop one thing. Their days are the union of the pauses' days, so a day on which two stop the same thing
 * for different reasons is one day. Without rules, and for a reason that nobody knows, a pause stops everything.
 */
export function pausesThatStop(pauses: readonly Pause[], effect: RestEffect, rules?: RestRules): readonly Pause[] {
  if (rules === undefined) return pauses;
  return pauses
    .filter(({ reason }) => (ruleOf(rules, reason)?.stops ?? restEffects).includes(effect))
    .map((pause) => withDaysAfter(pause, ruleOf(rules, pause.reason)?.afterEndDays));
}

function withDaysAfter(pause: Pause, days = 0): Pause {
  return pause.until === null || days === 0 ? pause : { ...pause, until: addDays(pause.until, days) };
}

/** The pauses on whose days `[from, until)` no late fee and no penalty interest arises. They may overlap. */
export function daysWithoutFees(pauses: readonly Pause[], rules?: RestRules): readonly Pause[] {
  return pausesThatStop(pauses, 'fees', rules);
}

/** Nothing for a reason that nobody knows. */
function ruleOf({ pauses, situations }: RestRules, reason: string | undefined): Partial<SituationRule> | undefined {
  if (reason?.startsWith('flag/') === true) return situations[reason.slice('flag/'.length) as FlagName];
  return pauses[reason as PauseReason];
}
