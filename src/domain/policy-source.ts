import { z } from 'zod';
import { arrangementSections } from './arrangement/arrangement-source';
import { allocationSource } from './allocation-source';
import { channels } from './case';
import { flagCodes } from './contact/flag';
import { disputesSection } from './dispute/dispute-source';
import { chargeSections } from './charge/charge-source';
import { classificationSource } from './classification/classification-rules';
import { duration } from './duration-source';
import { endingSections } from './ending/write-off-rule';
import { riskTiers } from './loan';
import { languages, offerKinds, outcomeFlags, taskQuestions, workdayCalendars } from './policy';
import { durationMs } from './policy-duration';
import { promiseSection } from './promise/promise-source';
import { restSections } from './rest/rest-source';
import { nameOf, templateName, timeOfDay } from './source-words';
import { contactOutcomeCodes } from './task-outcome';

// The shape of a policy as an officer writes it. What the parts mean together is checked in policy-checks.ts.

const dayMax = 3650;
const count = z.int().min(0).max(dayMax);

const fixedDurationMs = duration.transform((parsed, context) => {
  const ms = durationMs(parsed);
  if (ms !== null) return ms;
  context.addIssue({ code: 'custom', message: 'must be in hours or days: working days have no fixed length' });
  return z.NEVER;
});

const step = z
  .strictObject({
    id: nameOf('a name').optional(),
    on: z.int().min(-90).max(dayMax),
    at: timeOfDay.optional(),
    sms: templateName.optional(),
    email: templateName.optional(),
    task: z.enum(['call', 'visit', 'review']).optional(),
    tiers: z.array(z.enum(riskTiers)).min(1).optional(),
    if: z
      .strictObject({ overdueOver: z.int().min(0), dpdOver: count, contactsUnder: count, contactsOver: count })
      .partial()
      .optional(),
    unless: z.strictObject({ contactedWithin: fixedDurationMs }).optional(),
    asks: z.array(z.enum(taskQuestions)).min(1).optional(),
    within: duration.optional(),
    offers: z.array(z.enum(offerKinds)).min(1).optional(),
  })
  .superRefine((value, context) => {
    const complain = (message: string, field?: string): void =>
      context.addIssue({ code: 'custom', message, path: field === undefined ? [] : [field] });
    const actions = [value.sms, value.email, value.task].filter((action) => action !== undefined);
    if (actions.length !== 1) complain('must do exactly one of: sms, email, task');
    if (value.task !== undefined && value.within === undefined) complain('must say within what time the task is done');
    for (const field of ['asks', 'within', 'offers'] as const) {
      if (value.task === undefined && value[field] !== undefined) complain('belongs to a task', field);
    }
  });

const stage = z.strictObject({
  from: z.int().min(-90).max(dayMax).optional(),
  orBrokenPromises: z.int().min(1).max(99).optional(),
  requires: z
    .strictObject({
      contacts: count,
      channels: z.array(z.enum(channels)),
      visits: count,
      offered: z.array(z.enum(offerKinds)),
    })
    .optional(),
  approval: nameOf('the name of a role').optional(),
  steps: z.array(step).max(200).default([]),
});

const outcome = z.strictObject({
  hold: z
    .union([z.literal('until the promised day'), duration], {
      error: 'must be "until the promised day" or a length of time such as "3 working days"',
    })
    .optional(),
  graceDays: z.int().min(0).max(30).optional(),
  promisedWithinDaysMax: z.int().min(1).max(365).optional(),
  escalate: z.string().optional(),
  again: z.strictObject({ after: duration, atMost: z.int().min(1).max(20) }).optional(),
  task: z.enum(['call', 'visit', 'review']).optional(),
  within: duration.optional(),
  contactPoint: z.literal('invalid').optional(),
  optOut: z.literal('this channel').optional(),
  flag: z.enum(outcomeFlags).optional(),
});

export const policySource = z.strictObject({
  policy: nameOf('a name'),
  version: z.string().regex(/^[0-9A-Za-z][0-9A-Za-z.-]{0,31}$/, 'must be a version such as "2026.11"'),
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 currency such as CNY'),
  timezone: z.string(),
  workdays: z.enum(workdayCalendars),
  languages: z.array(z.enum(languages)).min(1),
  contactAt: timeOfDay,
  grace: z.strictObject({ days: z.int().min(0).max(90), tolerance: z.int().min(0) }),
  allocation: allocationSource,
  buckets: z.record(z.string().regex(/^[\w+-]{1,16}$/, 'must be a short name such as M1'), count).optional(),
  stages: z.record(nameOf('the name of a stage'), stage),
  courses: z.partialRecord(z.enum(riskTiers), z.record(nameOf('the name of a stage'), stage)).default({}),
  ownCourses: z
    .record(
      nameOf('the name of a course'),
      z.strictObject({ for: z.array(z.enum(flagCodes)).min(1), steps: z.array(step).min(1).max(200) }),
    )
    .optional(),
  outcomes: z.partialRecord(z.enum(contactOutcomeCodes), outcome).default({}),
  lostContact: z
    .strictObject({
      task: z.literal('trace'),
      within: duration,
      again: z.strictObject({ after: duration, atMost: z.int().min(1).max(20) }).optional(),
      afterFailedAttempts: z.int().min(1).max(100).optional(),
    })
    .optional(),
  classification: classificationSource.optional(),
  firstPaymentDefault: z.strictObject({ overDays: count }).default({ overDays: 30 }),
  limits: z.strictObject({
    extensionDaysMax: z.int().min(1).max(dayMax),
    instalmentsMax: z.int().min(1).max(600),
  }),
  ...restSections,
  ...arrangementSections,
  disputes: disputesSection,
  ...endingSections,
  ...promiseSection,
  ...chargeSections,
});
export type PolicySource = z.infer<typeof policySource>;
export type StageSource = z.infer<typeof stage>;
export type StepSource = z.infer<typeof step>;
export type OutcomeSource = z.infer<typeof outcome>;
