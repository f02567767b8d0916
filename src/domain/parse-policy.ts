import { toArrangementPolicy } from './arrangement/arrangement-source';
import { toClassification } from './classification/classification-rules';
import { toAllocation } from './allocation-source';
import { toChargeRules, toWaiverRules } from './charge/charge-source';
import { standardBuckets } from './delinquency';
import { toWriteOffRule } from './ending/write-off-rule';
import type { OutcomeRule, Policy, PolicyStage } from './policy';
import { policyProblems } from './policy-checks';
import { allCourses, type LocatedStage } from './policy-course';
import { type OutcomeSource, policySource, type PolicySource } from './policy-source';
import { type Problem, problemsOf } from './problem';
import { toOwnCourses } from './own-course/parse-own-courses';
import { toPromiseTerms } from './promise/promise-source';
import { toRestRules } from './rest/rest-source';
import type { ContactOutcome } from './task-outcome';

/**
 * Reads a policy as an officer wrote it. Either a policy in the form that decisions use, or everything that is wrong with
 * it; problems of meaning are looked for once the shape is right.
 */
export function parsePolicy(
  written: unknown,
):
  | { readonly policy: Policy; readonly problems: readonly [] }
  | { readonly policy: null; readonly problems: readonly Problem[] } {
  const parsed = policySource.safeParse(written);
  if (!parsed.success) return { policy: null, problems: problemsOf(parsed.error, written) };
  const problems = policyProblems(parsed.data);
  return problems.length > 0 ? { policy: null, problems } : { policy: toPolicy(parsed.data), problems: [] };
}

function toPolicy(source: PolicySource): Policy {
  const ownCourses = toOwnCourses(source);
  const { version, currency, timezone, workdays, grace, allocation, limits } = source;
  const courses = allCourses(source);
  const [language = 'zh', ...others] = source.languages;
  return {
    id: source.policy,
    version,
    currency,
    timezone,
    workdays,
    languages: [language, ...others],
    grace: { days: grace.days, toleranceMinor: grace.tolerance },
    allocation: toAllocation(allocation),
    buckets:
      source.buckets === undefined
        ? standardBuckets
        : Object.entries(source.buckets).map(([name, fromDpd]) => ({ name, fromDpd })),
    courses: { low: toStages(courses.low), medium: toStages(courses.medium), high: toStages(courses.high) },
    ...(ownCourses !== undefined && { ownCourses }),
    outcomes: toOutcomes(source.outcomes),
    lostContact: toLostContact(source.lostContact),
    classification: toClassification(source.classification),
    firstPaymentDaysMax: source.firstPaymentDefault.overDays,
    limits,
    rests: toRestRules(source),
    arrangements: toArrangementPolicy(source),
    disputes: source.disputes,
    writeOff: toWriteOffRule(source),
    sale: source.sale,
    ...(source.promises !== undefined && { promises: toPromiseTerms(source.promises, source.contactAt) }),
    charges: toChargeRules(source),
    waivers: toWaiverRules(source),
  };
}

function toStages(course: readonly LocatedStage[]): readonly PolicyStage[] {
  return course.map(({ stage, steps }) => ({ ...stage, steps: steps.map(({ step }) => step) }));
}

function toOutcomes(outcomes: PolicySource['outcomes']): Policy['outcomes'] {
  const rules = new Map<ContactOutcome, OutcomeRule>();
  for (const [code, source] of Object.entries(outcomes)) rules.set(code as ContactOutcome, toRule(source));
  return Object.fromEntries(rules);
}

function toLostContact(source: PolicySource['lostContact']): Policy['lostContact'] {
  if (source === undefined) return null;
  const { within, again, afterFailedAttempts } = source;
  return {
    within,
    ...(again !== undefined && { again }),
    ...(afterFailedAttempts !== undefined && { afterFailedAttempts }),
  };
}

function toRule(source: OutcomeSource): OutcomeRule {
  const { escalate, again, task, within, contactPoint } = source;
  const hold = toHold(source);
  return {
    ...(hold !== undefined && { hold }),
    ...(escalate !== undefined && { escalate }),
    ...(again !== undefined && { again }),
    ...(task !== undefined && within !== undefined && { task: { kind: task, within } }),
    ...(contactPoint !== undefined && { contactPoint }),
    ...(source.optOut !== undefined && { optOut: true }),
    ...(source.flag !== undefined && { flag: source.flag }),
  };
}

function toHold({ hold, graceDays = 0, promisedWithinDaysMax = 0 }: OutcomeSource): OutcomeRule['hold'] {
  if (hold === undefined) return undefined;
  return hold === 'until the promised day'
    ? { until: 'promised-day', graceDays, promisedWithinDaysMax }
    : { until: 'elapsed', after: hold };
}
