import type { Channel } from '../case';
import type { Grant, OptOut } from './consent';
import type { Flag } from './flag';
import type { Party } from './party';
import type { PastContact } from './past-contact';
import type { Purpose } from './purpose';
import type { ActorKind } from './actor-kind';

/** Monday is 1, as ISO 8601 counts. */
export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

/** A time at which the person does not want to be contacted, by the clock of wherever they may be. */
export interface InconvenientTime {
  /** Null: every day. */
  readonly weekdays: readonly Weekday[] | null;
  /** `HH:mm`; from `start` up to `end`, over midnight when `end` is not after `start`. */
  readonly start: string;
  readonly end: string;
  /** Null: any way. */
  readonly channel: Channel | null;
}

export interface ContactPointFacts {
  readonly value: string;
  readonly place: 'home' | 'work' | 'unknown';
  /** What the employer says to contacts at work; null while nobody knows. */
  readonly employerAllows: boolean | null;
  readonly state: 'unverified' | 'verified' | 'invalid' | 'reassigned';
  /** False where a provider has said that no SMS arrives there; missing in what was kept before this was asked. */
  readonly takesSms?: boolean;
}

/** Something that happened to a loan and starts a clock or ends one, a closed list. */
export const caseEventNames = [
  'initial-communication',
  'validation-notice',
  'transfer-notice',
  'agent-notice',
  'forbearance-offered',
  'demand-delivered',
  'affordability-checked',
  'military-service-checked',
  'debt-acknowledged',
  'claim-filed',
] as const;
export type CaseEventName = (typeof caseEventNames)[number];

export interface CaseEvent {
  readonly event: CaseEventName;
  /** Null: holds for every loan of the person. */
  readonly loanId: string | null;
  readonly atMs: number;
}

export interface VisitPlan {
  readonly staff: number;
  readonly recorded: boolean;
  /** Whether the collectors showed who they are. */
  readonly identityCard: boolean;
}

/** A contact that is about to be made, with everything that its judgement may look at. Plain data: it is kept, so that the judgement can be repeated. */
export interface Situation {
  readonly atMs: number;
  readonly actor: ActorKind;
  readonly channel: Channel;
  readonly purpose: Purpose;
  /** Every loan that the contact is about. */
  readonly loanIds: readonly string[];
  /** Those of the person that are another's now; missing where there are none. */
  readonly soldLoanIds?: readonly string[];
  readonly party: Party;
  /** Null where none is used, or none is known. */
  readonly contactPoint: ContactPointFacts | null;
  /** Whether what is said or written tells that there is a debt. */
  readonly disclosesDebt: boolean;
  /** Whether a machine speaks; missing where nobody or a person does. */
  readonly artificialVoice?: true;
  /** Every IANA zone in which the person may be. */
  readonly zones: readonly string[];
  /** Contacts with the person and those around them, whichever loan or agency, without the one that is judged. */
  readonly ledger: readonly PastContact[];
  readonly flags: readonly Flag[];
  readonly grants: readonly Grant[];
  readonly optOuts: readonly OptOut[];
  readonly inconvenient: readonly InconvenientTime[];
  readonly events: readonly CaseEvent[];
  /** Null while nobody planned it: the rules of visits then go with the allowed visit as its conditions. */
  readonly visit: VisitPlan | null;
}
