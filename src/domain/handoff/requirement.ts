import type { FlagName } from '../contact/flag';
import { type CaseEventName, caseEventNames } from '../contact/situation';

/** How a file must stand before a loan leaves the house, a closed list. */
export const handoffStates = {
  'human-approval': 'Somebody other than who proposes it decides on it.',
  'no-open-dispute': 'Nothing of the loan is disputed.',
  'not-time-barred': 'The claim is not time-barred.',
  'no-moratorium': 'No moratorium runs, and no work on a plan with a debt adviser.',
  'no-active-plan': 'No agreed plan is kept.',
  'not-insolvent': 'No insolvency proceedings run.',
  'not-deceased': 'The borrower is not reported to have died.',
} as const;
export type HandoffState = keyof typeof handoffStates;

export const handoffStateCodes = Object.keys(handoffStates) as readonly HandoffState[];

/** When a loan was first spoken of is no proof of anything, so no file is asked for it. */
export const handoffEventNames = caseEventNames.filter((name) => name !== 'initial-communication');

/** Something that must be on record, `daysAgo` or longer ago by the bank's days. */
export interface HandoffEvent {
  readonly event: CaseEventName;
  readonly daysAgo?: number | undefined;
}

export type HandoffRequirement = HandoffState | HandoffEvent;

/** What is on record when a state does not hold. That a second person decides is so for every handoff: there is no other way. */
export const flagsAgainst: Readonly<Record<HandoffState, readonly FlagName[]>> = {
  'human-approval': [],
  'no-open-dispute': ['disputed'],
  'not-time-barred': ['time-barred'],
  'no-moratorium': ['moratorium', 'mental-health-moratorium', 'advice-hold'],
  'no-active-plan': ['plan-active'],
  'not-insolvent': ['insolvent'],
  'not-deceased': ['deceased'],
};
