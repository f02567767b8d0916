import type { ArrangementTerms } from './arrangement/terms';
import type { Cause } from './cause/cause';
import type { Day } from './day';
import type { RiskTier } from './loan';

/** Ways to reach a borrower. */
export const channels = ['sms', 'email', 'call', 'visit', 'letter'] as const;
export type Channel = (typeof channels)[number];

/** What a person is asked to do. `approve-legal` is the second pair of eyes on a legal handoff. */
export const taskKinds = ['call', 'visit', 'review', 'trace', 'approve-legal'] as const;
export type TaskKind = (typeof taskKinds)[number];

/** Under which circumstances a step is taken; judged at the time of the step. All that are named must hold. */
export interface Condition {
  readonly tiers?: readonly RiskTier[];
  readonly overdueOverMinor?: number;
  readonly dpdOver?: number;
  readonly contactsUnder?: number;
  readonly contactsOver?: number;
  /** Holds when no contact was made within so many milliseconds before. */
  readonly notContactedWithinMs?: number;
}

/** One step of the policy with the instant at which it is due for this case; `dueAtMs` is null while a pause has no end. */
export interface TimetableStep {
  /** `stage/step`, unique in the policy and stable over its versions, e.g. `reminder/day-1-sms`. */
  readonly key: string;
  readonly stage: string;
  readonly dueAtMs: number | null;
  /** The bank's day of `dueAtMs`. */
  readonly dueDay: Day | null;
  readonly action:
    | { readonly kind: 'contact'; readonly channel: 'sms' | 'email'; readonly template: string }
    | { readonly kind: 'task'; readonly task: TaskKind };
  readonly condition?: Condition;
}

/** A stage in its order, with the instant at which the case reaches it by days past due. */
export interface TimetableStage {
  readonly name: string;
  readonly fromMs: number | null;
  readonly brokenPromises?: number;
  /** Set on the courtesy stage: its steps lie before the due date. */
  readonly beforeDue?: true;
  /** Set on the stage that leaves the house: what must be on record before (M6). */
  readonly legal?: LegalPrecondition;
}

export interface LegalPrecondition {
  readonly contacts: number;
  readonly channels: readonly Channel[];
  readonly visits: number;
  readonly offered: readonly string[];
}

/** Something that a rule asks for before a loan leaves the house, and that is not there. */
export interface HandoffGap {
  /** For officers, with the ids of the rules. */
  readonly what: string;
  /** When the passing of time alone makes it good; null where something must happen first. */
  readonly untilMs: number | null;
}

export interface Timetable {
  readonly stages: readonly TimetableStage[];
  readonly steps: readonly TimetableStep[];
}

/** The facts that a decision needs, read afresh before each one. No personal data: this travels through histories. */
export interface CaseFacts {
  readonly tier: RiskTier;
  readonly branch: string;
  readonly assignee: string | null;
  readonly currency: string;
  readonly rawDpd: number;
  readonly effectiveDpd: number;
  readonly bucket: string;
  readonly overdueMinor: number;
  /**
   * Nothing is overdue above the tolerance, no instalment that a courtesy reminder announced is still to come, and no
   * arrangement is kept: that is completed first.
   */
  readonly cleared: boolean;
  /** The loan is another's now. */
  readonly sold?: true;
  /** The pause that covers this instant. `untilMs` is null while its end is open. */
  readonly pause: { readonly untilMs: number | null } | null;
  /** When the next pause or legal rest begins, where one lies ahead. */
  readonly nextPauseFromMs?: number;
  /** The own course that holds while a flag of the borrower is in force; the stages of the tier stand still meanwhile. */
  readonly ownCourse?: string;
  /** When an own course may begin or end by the calendar alone. */
  readonly nextCourseAtMs?: number;
  /** When days past due alone put the loan into another class of risk: the case looks then, to tell. */
  readonly nextClassAtMs?: number;
  /** While this lasts nothing of a legal stage is proposed, entered or done. `untilMs` is null while its end is open. */
  readonly legalRest?: { readonly untilMs: number | null };
  /** A running promise to pay, or an arrangement that is kept: nothing is done before its day is over. */
  readonly hold: {
    readonly untilMs: number;
    readonly reason: string;
    /** The only steps that are taken meanwhile, by their instant; missing where there are none. */
    readonly allows?: readonly TimetableStep[];
  } | null;
  /** When an arrangement that was breached can no longer be made good, or a waiver may lapse. */
  readonly nextLookAtMs?: number;
  readonly contacts: {
    readonly made: number;
    readonly channels: readonly Channel[];
    readonly visits: number;
    readonly lastAtMs: number | null;
  };
  readonly brokenPromises: number;
  /** The last stage that so many lead to; the stages before it are entered on the way. Missing where there is none. */
  readonly brokenPromisesTo?: string;
  readonly offered: readonly string[];
  /** A stage to which a person or a task's outcome sent the case before its day. */
  readonly escalateTo: string | null;
  readonly legal: 'proposed' | 'approved' | 'rejected' | null;
  /** What rules of the packs still ask for before the stage of legal means; read where that stage is the next. */
  readonly handoff?: readonly HandoffGap[];
  readonly timetable: Timetable;
}

/** Where a case stands: the workflow's input, its state and what continue-as-new carries, one small JSON value. */
export interface CaseState {
  readonly loanId: string;
  /** The loan's first case is 1; each time it becomes overdue again counts on. */
  readonly caseNo: number;
  readonly openAtMs: number;
  readonly policyVersion: string;
  readonly stage: string;
  /** Keys of steps that were taken, skipped, refused or superseded. A step in here is never taken again. */
  readonly done: readonly string[];
  /** The gate said "not before": the step keeps its place, and no other contact of the case is tried before. */
  readonly deferred: { readonly key: string; readonly untilMs: number } | null;
  /** What was missing when legal handoff was last refused, so that it is recorded once. */
  readonly legalMissing: readonly string[] | null;
}

/** What a supervisor may ask of a running case. Reasons are codes: free text stays out of histories. */
export type CaseCommand =
  | {
      readonly kind: 'pause';
      readonly from: Day;
      readonly until: Day | null;
      readonly reason: PauseReason;
      /** When a supervisor looks at a pause without an end; the policy says it where nobody does. */
      readonly reviewOn?: Day;
      readonly actor: string;
    }
  | {
      readonly kind: 'resume';
      readonly on: Day;
      /** Only pauses for this reason end; without it all that cover the day. */
      readonly reason?: PauseReason;
      readonly actor: string;
    }
  | {
      readonly kind: 'restructure';
      readonly terms: ArrangementTerms;
      readonly reason: RestructureReason;
      /** Why the borrower is behind: a code, as the reason is. */
      readonly cause?: Cause;
      readonly actor: string;
    };

export const pauseReasons = [
  'hardship',
  'disaster',
  'dispute',
  'bereavement',
  'moratorium',
  'technical',
  'other',
] as const;
export type PauseReason = (typeof pauseReasons)[number];

export const restructureReasons = ['hardship', 'income-change', 'illness', 'disaster', 'settlement', 'other'] as const;
export type RestructureReason = (typeof restructureReasons)[number];

export type CloseReason = 'arrears-cleared' | 'paid-before-due' | 'withdrawn' | 'sold';

/** What happens next, and why. */
export type Decision = (
  | { readonly do: 'wait'; readonly untilMs: number | null }
  | { readonly do: 'contact'; readonly step: TimetableStep; readonly supersedes: readonly string[] }
  | { readonly do: 'task'; readonly step: TimetableStep; readonly supersedes: readonly string[] }
  | { readonly do: 'skip'; readonly keys: readonly string[] }
  | { readonly do: 'escalate'; readonly stage: string }
  | { readonly do: 'proposeLegal'; readonly stage: string }
  | { readonly do: 'refuseLegal'; readonly missing: readonly string[] }
  | { readonly do: 'close'; readonly why: CloseReason }
) & { readonly reason: string };

/** How a step ended. `changed`: fresh facts asked for something else, so nothing was done. */
export type StepOutcome =
  { readonly kind: 'done' } | { readonly kind: 'deferred'; readonly untilMs: number } | { readonly kind: 'changed' };

export interface StepResult {
  readonly outcome: StepOutcome;
  /** As they are after the step. */
  readonly facts: CaseFacts;
}
