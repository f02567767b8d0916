import type { Answer, Evidence } from './evidence';
import { judgeConsentBasis, judgeContactPoint, judgeVisit, judgeWorkplace } from './judge-contact-point';
import { judgeDeadline, judgeNoticeFirst } from './judge-course';
import { judgeCooldown, judgeFrequencyCap } from './judge-frequency';
import { judgeBlock, judgeConfirmation, judgeLimitation, judgePartyAllowList } from './judge-person';
import { judgePreference, judgeQuietDays, judgeTimeWindow } from './judge-time';
import type { ContactRule } from './rule';

type Judge<Rule extends ContactRule> = (rule: Rule, evidence: Evidence, atMs: number) => Answer;

/** Kinds that say nothing about the instant of a contact: texts, archives, files and the organisation. */
const elsewhere = ['contentRequire', 'contentForbid', 'retention', 'handoff', 'duty'] as const;
type Elsewhere = (typeof elsewhere)[number];

/** A new kind of rule is a judge more. */
const judges: {
  readonly [Kind in Exclude<ContactRule['kind'], Elsewhere>]: Judge<Extract<ContactRule, { kind: Kind }>>;
} = {
  timeWindow: judgeTimeWindow,
  quietDays: judgeQuietDays,
  frequencyCap: judgeFrequencyCap,
  cooldown: judgeCooldown,
  block: judgeBlock,
  confirmation: judgeConfirmation,
  partyAllowList: judgePartyAllowList,
  consentBasis: judgeConsentBasis,
  noticeFirst: judgeNoticeFirst,
  preference: judgePreference,
  workplace: judgeWorkplace,
  contactPoint: judgeContactPoint,
  deadline: judgeDeadline,
  limitation: judgeLimitation,
  visit: judgeVisit,
};

export function bearsOnContact({ kind }: ContactRule): boolean {
  return !elsewhere.some((other) => other === kind);
}

/** A pack that was written for a later release may hold kinds that this one does not know: they are a no. */
export function judgeRule(rule: ContactRule, evidence: Evidence, atMs: number): Answer {
  if (!Object.hasOwn(judges, rule.kind)) return { never: `rule kind ${rule.kind} is not known` };
  return judges[rule.kind as keyof typeof judges](rule as never, evidence, atMs);
}
