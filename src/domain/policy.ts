import type { ArrangementPolicy } from './arrangement/arrangement-policy';
import type { ClassificationRules } from './classification/classification-rules';
import type { AllocationRules } from './allocation-rules';
import type { Channel, Condition, LegalPrecondition, TaskKind } from './case';
import type { ChargeRules } from './charge/charge-rules';
import type { Bucket } from './delinquency';
import type { SaleRule, WriteOffRule } from './ending/write-off-rule';
import type { RiskTier } from './loan';
import type { DisputeRules } from './dispute/dispute-source';
import { keyInCourse, type OwnCourse } from './own-course/own-course';
import type { Duration } from './policy-duration';
import type { PromiseTerms } from './promise/promise-rules';
import type { RestRules } from './rest/rest-rules';
import type { ContactOutcome } from './task-outcome';
import type { WaiverRules } from './waiver/waiver-rules';

/** Languages in which the bank writes to borrowers. */
export const languages = ['zh', 'en'] as const;
export type Language = (typeof languages)[number];

/** Whose working days count. */
export const workdayCalendars = ['CN', 'weekdays'] as const;
export type WorkdayCalendar = (typeof workdayCalendars)[number];

/** What a task sheet asks the borrower (M3, M5). */
export const taskQuestions = ['cause', 'willingness'] as const;
export type TaskQuestion = (typeof taskQuestions)[number];

/** What may be offered before legal means. `arrangement`: an extension (延期) or instalments (分期), whichever fits. */
export const offerKinds = ['arrangement'] as const;
export type OfferKind = (typeof offerKinds)[number];

export type PolicyAction =
  | { readonly kind: 'contact'; readonly channel: 'sms' | 'email'; readonly template: string }
  | {
      readonly kind: 'task';
      readonly task: TaskKind;
      readonly within: Duration;
      readonly asks: readonly TaskQuestion[];
      readonly offers: readonly OfferKind[];
    };

export interface PolicyStep {
  /** `stage/day-N-sms`, or `stage/id` where the step has an id. Unique within a course. */
  readonly key: string;
  /** Effective days past due; zero and below are calendar days up to the due day. */
  readonly on: number;
  /** Time of day in the bank's zone, `HH:mm`. */
  readonly at: string;
  readonly action: PolicyAction;
  readonly condition?: Condition;
}

export interface PolicyStage {
  readonly name: string;
  /** Effective days past due from which a case is in this stage. */
  readonly from: number;
  readonly orBrokenPromises?: number;
  readonly steps: readonly PolicyStep[];
  /** Set on the last stage only, where the loan leaves the house. `approval` is the role that decides. */
  readonly legal?: LegalPrecondition & { readonly approval: string };
}

/** What follows when a task ends with an outcome. All that are named happen. */
export interface OutcomeRule {
  /** The case rests: until the promised day and some days of grace, or for a length of time. */
  readonly hold?:
    | { readonly until: 'promised-day'; readonly graceDays: number; readonly promisedWithinDaysMax: number }
    | { readonly until: 'elapsed'; readonly after: Duration };
  readonly escalate?: string;
  /** The same task again, so many times at most. */
  readonly again?: { readonly after: Duration; readonly atMost: number };
  readonly task?: { readonly kind: TaskKind; readonly within: Duration };
  /** The contact point that was used is bad. */
  readonly contactPoint?: 'invalid';
  /** The channel that was used is closed by the borrower. */
  readonly optOut?: true;
  /** What was heard of the person or of the debt, until somebody has looked into it. */
  readonly flag?: OutcomeFlag;
}

/** Flags that the outcome of a contact may set. */
export const outcomeFlags = ['deceased', 'disputed'] as const;
export type OutcomeFlag = (typeof outcomeFlags)[number];

/** Somebody looks for the borrower, and again after a while, so many times at most. */
export interface LostContact {
  readonly within: Duration;
  readonly again?: { readonly after: Duration; readonly atMost: number };
  /** So many attempts in vain in a row make the borrower lost; missing: only the loss of every number and mail address does. */
  readonly afterFailedAttempts?: number;
}

/** A policy in the form that decisions use: one complete course of stages per risk tier, nothing left to inherit. */
export interface Policy {
  readonly id: string;
  readonly version: string;
  readonly currency: string;
  readonly timezone: string;
  readonly workdays: WorkdayCalendar;
  /** The first is used for a borrower whose language is not among them. */
  readonly languages: readonly [Language, ...Language[]];
  /** `days`: days past due in which no case opens. `toleranceMinor`: an overdue amount up to this is none. */
  readonly grace: { readonly days: number; readonly toleranceMinor: number };
  readonly allocation: AllocationRules;
  readonly buckets: readonly Bucket[];
  readonly courses: Readonly<Record<RiskTier, readonly PolicyStage[]>>;
  /** In their order; missing where the policy has none. */
  readonly ownCourses?: readonly OwnCourse[];
  readonly outcomes: Readonly<Partial<Record<ContactOutcome, OutcomeRule>>>;
  /** What is done when no number and no mail address of the borrower works any more; null: it is recorded, no more. */
  readonly lostContact: LostContact | null;
  /** Null: the policy does not classify. */
  readonly classification: ClassificationRules | null;
  /** A first instalment more days late than this is a first payment default. */
  readonly firstPaymentDaysMax: number;
  readonly limits: { readonly extensionDaysMax: number; readonly instalmentsMax: number };
  readonly writeOff: WriteOffRule;
  readonly sale: SaleRule;
  /** What rests in a pause, and in a special situation. */
  readonly rests: RestRules;
  readonly arrangements: ArrangementPolicy;
  readonly disputes: DisputeRules;
  /** What a promise to pay is worth; missing where the policy does not say. */
  readonly promises?: PromiseTerms;
  /** What paying late costs; null: nothing beyond the contract. */
  readonly charges: ChargeRules | null;
  readonly waivers: WaiverRules;
}

/**
 * The step with this key, for the details that a timetable leaves out; undefined when neither the tier's course nor an own
 * one has it.
 */
export function stepOf({ courses, ownCourses = [] }: Policy, tier: RiskTier, key: string): PolicyStep | undefined {
  const ofTier = courses[tier].flatMap(({ steps }) => steps).find((step) => step.key === key);
  const ownKey = keyInCourse(key);
  return ofTier ?? ownCourses.flatMap(({ steps }) => steps).find((step) => step.key === ownKey);
}

/** The channel by which an action reaches the borrower; null when it reaches nobody, such as a review. */
export function channelOf(action: PolicyAction): Channel | null {
  if (action.kind === 'contact') return action.channel;
  return action.task === 'call' || action.task === 'visit' ? action.task : null;
}

/** The language in which a borrower is written to: their own where the policy's texts have it. */
export function languageFor({ languages: [first, ...others] }: Policy, wanted: Language): Language {
  return others.includes(wanted) ? wanted : first;
}
