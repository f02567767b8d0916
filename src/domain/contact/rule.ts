import type { Channel } from '../case';
import type { Day } from '../day';
import type { LimitationCause } from '../deadline/limitation';
import type { HandoffRequirement } from '../handoff/requirement';
import type { ActorKind } from './actor-kind';
import type { GrantKind } from './consent';
import type { ContentTag } from './content-tag';
import type { FlagName } from './flag';
import type { PartyRole } from './party';
import type { Purpose } from './purpose';
import type { CaseEventName, Weekday } from './situation';

/** V: read in primary text. S: in secondary text. M: not confirmed, so adjustable and shown as unconfirmed. */
export const confidences = ['V', 'S', 'M'] as const;
export type Confidence = (typeof confidences)[number];

interface RuleBase {
  /** As in the catalogue of rules, e.g. `US-REGF-CALL-7IN7`. */
  readonly id: string;
  /** The rule is asked for contacts by these channels and counts contacts by these. */
  readonly channels: readonly Channel[];
  /** Asked for these purposes only; without it for all. */
  readonly purposes?: readonly Purpose[] | undefined;
  /** Asked only where the contact point is at one of these places; a cap then counts what was made there, or may have been. */
  readonly places?: readonly ('home' | 'work' | 'unknown')[] | undefined;
  readonly why: string;
  readonly source?: string | undefined;
  readonly confidence?: Confidence | undefined;
  /** In force `[from, until)`, by the day of every place where the person may be. */
  readonly from?: Day | undefined;
  readonly until?: Day | undefined;
}

/** Local time of day `[start, end)`, `HH:mm`, in each of the person's zones; on other weekdays than `days` it asks nothing. */
export interface TimeWindowRule extends RuleBase {
  readonly kind: 'timeWindow';
  readonly start: string;
  readonly end: string;
  readonly days?: readonly Weekday[] | undefined;
  /**
   * Whoever granted this is contacted at any hour. `reply` with purposes: one answer for one of them, the same way, to what the
   * person wrote in the last 24 hours at a time that this rule closes. The bare word, which packs had before, is an answer for
   * any purpose to what came at any time.
   */
  readonly exceptions?:
    readonly ({ readonly grant: GrantKind } | { readonly reply: readonly Purpose[] } | 'reply')[] | undefined;
}

/** Never on these days, by the calendar of every zone. A year that the calendar does not know is closed. */
export interface QuietDaysRule extends RuleBase {
  readonly kind: 'quietDays';
  readonly days?: readonly Weekday[] | undefined;
  readonly calendar?: string | undefined;
}

export type CapExclusion =
  /** Calls that were not put through: busy, no such number. */
  | 'not-connected'
  /** Calls that somebody answered. */
  | 'connected'
  | 'attorney'
  /** Made within so many days of a consent, whose day is the first. */
  | { readonly grant: GrantKind; readonly days: number };

export type CapWindow = 'calendarDay' | 'calendarMonth' | { readonly rollingDays: number };

/**
 * At most `max` contacts that the bank or its agencies begin, in a window. `rollingDays: 7` means the local day and the six
 * before it, and also any 7 times 24 hours: the stricter of the two.
 */
export interface FrequencyCapRule extends RuleBase {
  readonly kind: 'frequencyCap';
  readonly max: number;
  readonly window: CapWindow;
  /** The calendar that days and months are counted by; without it that of every zone where the person may be. */
  readonly zone?: string | undefined;
  /** `debt`: with this person about each loan. `contactPoint`: to this number. `lender`: with this person about anything. */
  readonly scope: 'debt' | 'contactPoint' | 'lender';
  readonly countWhat: 'attempt' | 'connected';
  readonly exclusions?: readonly CapExclusion[] | undefined;
  /** Asked only while one of these is on record of the person or of one of the loans. */
  readonly while?: readonly FlagName[] | undefined;
}

/** No contact for so many days after a conversation about the loan, whoever began it; its day is the first. */
export interface CooldownRule extends RuleBase {
  readonly kind: 'cooldown';
  readonly after: 'conversation';
  readonly days: number;
  readonly exclusions?: readonly CapExclusion[] | undefined;
}

/** Never while one of the flags is set. */
export interface BlockRule extends RuleBase {
  readonly kind: 'block';
  readonly flags: readonly FlagName[];
  readonly allowedPurposes?: readonly Purpose[] | undefined;
  /** Each allowed purpose once per flag; of a list those, and the others as often as there is cause. */
  readonly once?: boolean | readonly Purpose[] | undefined;
  /** These may still be contacted: the lawyer of a represented person, the executor of a dead one. */
  readonly exceptRoles?: readonly PartyRole[] | undefined;
  /** A flag without an end is taken to last so many days; its first day is the first. */
  readonly lastsDays?: number | undefined;
  /** Only a flag that is not confirmed lapses after `lastsDays`. */
  readonly unlessConfirmed?: boolean | undefined;
  /** The block goes on for so many days after the flag's end. */
  readonly afterEndDays?: number | undefined;
}

/** At most so many messages of the rule's purposes after an opt-out, and only so soon. */
export interface ConfirmationRule extends RuleBase {
  readonly kind: 'confirmation';
  readonly after: 'opt-out';
  readonly withinMinutes: number;
  readonly max: number;
}

export interface PartyTerms {
  readonly purposes: 'any' | readonly Purpose[];
  /** Whether the debt may be mentioned. */
  readonly mayDiscloseDebt: boolean;
  /** Contacted only while one of these is on record. */
  readonly needs?: readonly FlagName[] | undefined;
  /** In all, whenever and however. */
  readonly maxContacts?: number | undefined;
}

/** Who may be contacted, about what; a role that is not named may not. */
export interface PartyAllowListRule extends RuleBase {
  readonly kind: 'partyAllowList';
  readonly parties: Readonly<Partial<Record<PartyRole, PartyTerms>>>;
}

/** A number or an address is used only on one of these grounds, once they are old enough and as long as they are fresh. */
export interface ConsentBasisRule extends RuleBase {
  readonly kind: 'consentBasis';
  readonly anyOf: readonly { readonly grant: GrantKind; readonly afterDays?: number | undefined }[];
  /** One of these must not be older than so many days; the grounds themselves are among them. */
  readonly fresh?: { readonly days: number; readonly by: readonly GrantKind[] } | undefined;
  /** Asked only where a machine speaks: a recorded or an artificial voice. */
  readonly voice?: 'artificial' | undefined;
}

/** Nothing before the notice was given. */
export interface NoticeFirstRule extends RuleBase {
  readonly kind: 'noticeFirst';
  readonly notice: CaseEventName;
  /** Asked only while this is on record; the notice must then be later than it. */
  readonly when?: FlagName | undefined;
  readonly actors?: readonly ActorKind[] | undefined;
}

/** Times that the person called inconvenient are kept. */
export interface PreferenceRule extends RuleBase {
  readonly kind: 'preference';
}

/** At work only where the employer allows it, or the person does. */
export interface WorkplaceRule extends RuleBase {
  readonly kind: 'workplace';
  readonly exceptions?: readonly { readonly grant: GrantKind }[] | undefined;
}

/** A number or address in one of these states is not used. */
export interface ContactPointRule extends RuleBase {
  readonly kind: 'contactPoint';
  readonly not: readonly ('unverified' | 'invalid' | 'reassigned')[];
}

/** `action` must follow `trigger` in time. Missed, it blocks every contact but what the law asks for. */
export interface DeadlineRule extends RuleBase {
  readonly kind: 'deadline';
  readonly trigger: CaseEventName | 'opt-out' | 'data-request' | 'offer';
  readonly withinDays?: number | undefined;
  readonly withinWorkdays?: number | undefined;
  readonly action: CaseEventName | 'honour-opt-out' | 'answer-data-request' | 'wait-for-undelivered';
  readonly onMiss: 'block' | 'task';
  /** So many days before its last day people are reminded of it; a week where nothing is said. */
  readonly remindDaysBefore?: readonly number[] | undefined;
}

/** When a claim ends; while it is time-barred these purposes are refused. */
export interface LimitationRule extends RuleBase {
  readonly kind: 'limitation';
  readonly years: number;
  /** Whatever lets it run anew, it ends so many years after its first beginning. */
  readonly yearsMax?: number | undefined;
  /** From the last instalment's due day, or from that of the oldest which is unpaid. */
  readonly runsFrom?: 'last-instalment' | 'oldest-unpaid' | undefined;
  readonly interruptedBy: readonly LimitationCause[];
  readonly remindDaysBefore: readonly number[];
  readonly deniedPurposes: readonly Purpose[];
}

/** How a visit is made. */
export interface VisitRule extends RuleBase {
  readonly kind: 'visit';
  readonly minStaff?: number | undefined;
  readonly recording?: boolean | undefined;
  readonly identityCard?: boolean | undefined;
  readonly placeOrder?: readonly string[] | undefined;
}

/** Patterns by language; case does not matter. */
export interface Wording {
  readonly zh?: string | undefined;
  readonly en?: string | undefined;
}

/** What every message must carry: a tag of the template, and the words of its text that prove it. */
export interface ContentRequireRule extends RuleBase {
  readonly kind: 'contentRequire';
  readonly tag: ContentTag;
  readonly text?: Wording | undefined;
  /** Asked of the first communication about a loan only, or of all later ones. Any step may turn out to be the first. */
  readonly when?: 'first' | 'later' | undefined;
}

/** What no message may carry. */
export interface ContentForbidRule extends RuleBase {
  readonly kind: 'contentForbid';
  readonly tag?: ContentTag | undefined;
  readonly text?: Wording | undefined;
  /** Where; without it in subject and text. `sender` is the name that a mailbox shows. */
  readonly part?: 'subject' | 'text' | 'sender' | undefined;
  /** Forbidden only while this is on record. */
  readonly while?: FlagName | undefined;
}

/** `unknown-sender`: messages of people of whom nobody knows who they are. The record of a case is kept whatever this says. */
export const recordClasses = ['record', 'recording', 'plan-recording', 'unknown-sender'] as const;
export type RecordClass = (typeof recordClasses)[number];

export interface RetentionRule extends RuleBase {
  readonly kind: 'retention';
  readonly class: RecordClass;
  readonly keepYears: number;
  readonly clockStart: 'last-activity' | 'made' | 'settlement' | 'contract-end';
  readonly keepYearsMax?: number | undefined;
}

/** What must be settled before a case leaves the house, besides what the policy asks for. */
export interface HandoffRule extends RuleBase {
  readonly kind: 'handoff';
  readonly requires: readonly HandoffRequirement[];
}

/** A duty of the organisation that no machine checks before a contact; kept so that the pack is whole. */
export interface DutyRule extends RuleBase {
  readonly kind: 'duty';
  readonly duty: string;
}

export type ContactRule =
  | TimeWindowRule
  | QuietDaysRule
  | FrequencyCapRule
  | CooldownRule
  | BlockRule
  | ConfirmationRule
  | PartyAllowListRule
  | ConsentBasisRule
  | NoticeFirstRule
  | PreferenceRule
  | WorkplaceRule
  | ContactPointRule
  | DeadlineRule
  | LimitationRule
  | VisitRule
  | ContentRequireRule
  | ContentForbidRule
  | RetentionRule
  | HandoffRule
  | DutyRule;

export type RuleOf<Kind extends ContactRule['kind']> = Extract<ContactRule, { kind: Kind }>;

/** Contact rules of one source, in force together with every other pack: the strictest rule wins. */
export interface ContactPack {
  readonly id: string;
  readonly version: string;
  readonly jurisdiction?: string;
  /** For whom the pack is law; for everybody else it is a house rule. */
  readonly binds?: readonly ActorKind[];
  readonly rules: readonly ContactRule[];
}
