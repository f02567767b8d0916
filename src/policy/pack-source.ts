import { z } from 'zod';
import { channels } from '../domain/case';
import { grantCodes } from '../domain/contact/consent';
import { contentTagCodes } from '../domain/contact/content-tag';
import { flagCodes } from '../domain/contact/flag';
import { partyRoles } from '../domain/contact/party';
import { purposeCodes } from '../domain/contact/purpose';
import { actors } from '../domain/contact/actor-kind';
import { confidences, recordClasses } from '../domain/contact/rule';
import { caseEventNames, weekdays } from '../domain/contact/situation';
import { isDay } from '../domain/day';
import { limitationCauseCodes } from '../domain/deadline/limitation';
import { handoffEventNames, handoffStateCodes } from '../domain/handoff/requirement';
import { calendarNames } from '../domain/holiday-calendars';
import { timeZoneReason } from '../domain/time-zone';

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as "08:00"');
const day = z.string().refine(isDay, 'must be a day of the calendar such as "2026-01-30"');
const zone = z
  .string()
  .refine((text) => timeZoneReason(text) === null, 'must be an IANA time zone such as Asia/Shanghai');
const calendar = z.string().refine((text) => calendarNames.includes(text), {
  error: `must be one of: ${calendarNames.join(', ')}`,
});
const pattern = z.string().min(1).refine(isPattern, 'is not a regular expression');
const wording = z.strictObject({ zh: pattern.optional(), en: pattern.optional() });
const tag = z.enum(contentTagCodes);
const flag = z.enum(flagCodes);
const purpose = z.enum(purposeCodes);
const grant = z.strictObject({ grant: z.enum(grantCodes) });
const exclusion = z.union(
  [
    z.enum(['not-connected', 'connected', 'attorney']),
    z.strictObject({ grant: z.enum(grantCodes), days: z.int().min(1).max(366) }),
  ],
  { error: 'must be not-connected, connected, attorney or { grant, days }' },
);
const requirement = z.union(
  [
    z.enum(handoffStateCodes),
    z.strictObject({ event: z.enum(handoffEventNames), daysAgo: z.int().min(1).max(3660).optional() }),
  ],
  {
    error: `must be one of ${handoffStateCodes.join(', ')}, or { event, daysAgo } with one of ${handoffEventNames.join(', ')}`,
  },
);
const terms = z.strictObject({
  purposes: z.union([z.literal('any'), z.array(purpose).min(1)], { error: 'must be any, or a list of purposes' }),
  mayDiscloseDebt: z.boolean(),
  needs: z.array(flag).min(1).optional(),
  maxContacts: z.int().min(1).max(1000).optional(),
});

const base = {
  id: z.string().regex(/^[A-Z][A-Z0-9-]{0,39}$/, 'must be an id such as HOUSE-HOURS'),
  channels: z.array(z.enum(channels)).min(1),
  purposes: z.array(purpose).min(1).optional(),
  places: z
    .array(z.enum(['home', 'work', 'unknown']))
    .min(1)
    .optional(),
  why: z.string().min(1),
  source: z.string().min(1).optional(),
  confidence: z.enum(confidences).optional(),
  from: day.optional(),
  until: day.optional(),
};

const of = <Kind extends string, Shape extends z.ZodRawShape>(kind: Kind, shape: Shape) =>
  z.strictObject({ ...base, kind: z.literal(kind), ...shape });

/** One rule as it is written: every kind with its own words, and none besides. */
export const ruleSource = z.discriminatedUnion('kind', [
  of('timeWindow', {
    start: timeOfDay,
    end: timeOfDay,
    days: z.array(z.enum(weekdays)).min(1).optional(),
    exceptions: z
      .array(
        z.union([z.literal('reply'), grant, z.strictObject({ reply: z.array(purpose).min(1) })], {
          error: `must be { reply: [purposes] }, or { grant: ${grantCodes.join(' | ')} }`,
        }),
      )
      .min(1)
      .optional(),
  }),
  of('quietDays', { days: z.array(z.enum(weekdays)).min(1).max(6).optional(), calendar: calendar.optional() }),
  of('frequencyCap', {
    max: z.int().min(0).max(1000),
    window: z.union(
      [z.enum(['calendarDay', 'calendarMonth']), z.strictObject({ rollingDays: z.int().min(1).max(30) })],
      { error: 'must be calendarDay, calendarMonth or { rollingDays: 1 to 30 }' },
    ),
    zone: zone.optional(),
    scope: z.enum(['debt', 'contactPoint', 'lender']),
    countWhat: z.enum(['attempt', 'connected']),
    exclusions: z.array(exclusion).min(1).optional(),
    while: z.array(flag).min(1).optional(),
  }),
  of('cooldown', {
    after: z.literal('conversation'),
    days: z.int().min(1).max(30),
    exclusions: z.array(exclusion).min(1).optional(),
  }),
  of('block', {
    flags: z.array(flag).min(1),
    allowedPurposes: z.array(purpose).min(1).optional(),
    once: z
      .union([z.boolean(), z.array(purpose).min(1)], { error: 'must be true, false or a list of purposes' })
      .optional(),
    exceptRoles: z.array(z.enum(partyRoles)).min(1).optional(),
    lastsDays: z.int().min(1).max(3660).optional(),
    unlessConfirmed: z.boolean().optional(),
    afterEndDays: z.int().min(1).max(3660).optional(),
  }),
  of('confirmation', {
    after: z.literal('opt-out'),
    withinMinutes: z.int().min(1).max(1440),
    max: z.int().min(1).max(10),
  }),
  of('partyAllowList', { parties: z.partialRecord(z.enum(partyRoles), terms) }),
  of('consentBasis', {
    anyOf: z.array(z.strictObject({ grant: z.enum(grantCodes), afterDays: z.int().min(1).max(366).optional() })).min(1),
    fresh: z.strictObject({ days: z.int().min(1).max(3660), by: z.array(z.enum(grantCodes)).min(1) }).optional(),
    voice: z.literal('artificial').optional(),
  }),
  of('noticeFirst', {
    notice: z.enum(caseEventNames),
    when: flag.optional(),
    actors: z.array(z.enum(actors)).min(1).optional(),
  }),
  of('preference', {}),
  of('workplace', { exceptions: z.array(grant).min(1).optional() }),
  of('contactPoint', { not: z.array(z.enum(['unverified', 'invalid', 'reassigned'])).min(1) }),
  of('deadline', {
    trigger: z.enum([...caseEventNames, 'opt-out', 'data-request', 'offer']),
    withinDays: z.int().min(1).max(3660).optional(),
    withinWorkdays: z.int().min(1).max(3660).optional(),
    action: z.enum([...caseEventNames, 'honour-opt-out', 'answer-data-request', 'wait-for-undelivered']),
    onMiss: z.enum(['block', 'task']),
    remindDaysBefore: z.array(z.int().min(1).max(3660)).min(1).optional(),
  }),
  of('limitation', {
    years: z.int().min(1).max(30),
    yearsMax: z.int().min(1).max(60).optional(),
    runsFrom: z.enum(['last-instalment', 'oldest-unpaid']).optional(),
    interruptedBy: z.array(z.enum(limitationCauseCodes)),
    remindDaysBefore: z.array(z.int().min(1).max(3660)),
    deniedPurposes: z.array(purpose),
  }),
  of('visit', {
    minStaff: z.int().min(1).max(10).optional(),
    recording: z.boolean().optional(),
    identityCard: z.boolean().optional(),
    placeOrder: z.array(z.string().min(1)).min(1).optional(),
  }),
  of('contentRequire', { tag, text: wording.optional(), when: z.enum(['first', 'later']).optional() }),
  of('contentForbid', {
    tag: tag.optional(),
    text: wording.optional(),
    part: z.enum(['subject', 'text', 'sender']).optional(),
    while: flag.optional(),
  }),
  of('retention', {
    class: z.enum(recordClasses),
    keepYears: z.int().min(0).max(100),
    clockStart: z.enum(['last-activity', 'made', 'settlement', 'contract-end']),
    keepYearsMax: z.int().min(0).max(100).optional(),
  }),
  of('handoff', { requires: z.array(requirement).min(1) }),
  of('duty', { duty: z.string().min(1) }),
]);
export type WrittenRule = z.infer<typeof ruleSource>;

/** One pack as it is written. */
export const packSource = z.strictObject({
  pack: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be a name such as house'),
  version: z.string().regex(/^[0-9A-Za-z][0-9A-Za-z.-]{0,31}$/, 'must be a version such as "2026.11"'),
  jurisdiction: z.string().min(1),
  binds: z.array(z.enum(actors)),
  rules: z.array(ruleSource).min(1),
});
export type WrittenPack = z.infer<typeof packSource>;

function isPattern(text: string): boolean {
  try {
    new RegExp(text, 'iu');
    return true;
  } catch {
    return false;
  }
}
