import { z } from 'zod';
import { channels } from '../domain/case';
import { grantCodes } from '../domain/contact/consent';
import { flagCodes } from '../domain/contact/flag';
import { caseEventNames, weekdays } from '../domain/contact/situation';
import { timeZone } from '../intake/column-checks';
import type { ContactFacts } from '../store/known-contact-facts';
import {
  actorName,
  checkContactPoint,
  checked,
  id,
  iso,
  maybeIso,
  shortText,
  shownDay,
  shownInstant,
  words,
} from './shapes';

const instant = z.iso.datetime({ offset: true });
const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 18:30');
/** How the bank knows: a letter's number, a note of the call. It is shown to whoever may see the customer. */
const evidence = words;

export const flagBody = z.strictObject({
  flag: z.enum(flagCodes).exclude(['opt-out']),
  loanId: id.nullable().default(null),
  partyId: id.nullable().default(null),
  from: instant.optional(),
  until: instant.nullable().default(null),
  /** In writing, or on a lasting record. */
  confirmed: z.boolean().default(false),
  /** Who looks after the borrower because of it: the case's tasks are theirs from now on. */
  handler: actorName.nullable().default(null),
  evidence,
});

const grantFields = z.strictObject({
  grant: z.enum(grantCodes),
  channel: z.enum(channels).nullable().default(null),
  contactPoint: shortText(500).nullable().default(null),
  /** Who gave it, of those on record beside the borrower; null: the borrower. It serves nobody else. */
  partyId: id.nullable().default(null),
  at: instant.optional(),
  until: instant.nullable().default(null),
  evidence,
});
export const grantBody = grantFields.superRefine(checkContactPoint);

export const inconvenientTimeBody = z.strictObject({
  weekdays: z.array(z.enum(weekdays)).min(1).nullable().default(null),
  start: timeOfDay,
  end: timeOfDay,
  channel: z.enum(channels).nullable().default(null),
  evidence,
});

export const milestoneBody = z.strictObject({
  event: z.enum(caseEventNames),
  loanId: id.nullable().default(null),
  at: instant.optional(),
  evidence,
});

export const endBody = z.strictObject({ at: instant.optional(), reason: shortText(500) });
export const toldTimezonesBody = z.strictObject({
  timezones: z.array(checked(timeZone).meta({ examples: ['Asia/Shanghai'] })).max(10),
});

const known = { id: z.number(), evidence: z.string(), actor: z.string() };
const ended = { endedBy: z.string().nullable(), endReason: z.string().nullable() };
export const contactFacts = z
  .object({
    toldTimezones: z.array(z.string()),
    flags: z.array(
      z.object({
        ...known,
        flag: z.string(),
        loanId: z.string().nullable(),
        partyId: z.string().nullable(),
        from: shownInstant,
        until: shownInstant.nullable(),
        confirmed: z.boolean(),
        handler: z.string().nullable(),
        /** The days on which the loan rests because of it, as the policy says; null where it acts on contacts alone. */
        fromDay: shownDay.nullable(),
        untilDay: shownDay.nullable(),
        ...ended,
      }),
    ),
    grants: z.array(
      z.object({
        ...known,
        grant: z.string(),
        channel: z.enum(channels).nullable(),
        contactPoint: z.string().nullable(),
        partyId: z.string().nullable(),
        at: shownInstant,
        until: shownInstant.nullable(),
        ...ended,
      }),
    ),
    inconvenientTimes: z.array(
      z.object({
        ...known,
        weekdays: z.array(z.string()).nullable(),
        start: z.string(),
        end: z.string(),
        channel: z.enum(channels).nullable(),
        ...ended,
      }),
    ),
    milestones: z.array(z.object({ ...known, event: z.string(), loanId: z.string().nullable(), at: shownInstant })),
  })
  .meta({ id: 'ContactFacts' });

export function showContactFacts(facts: ContactFacts): z.infer<typeof contactFacts> {
  return {
    ...facts,
    flags: facts.flags.map(({ fromMs, untilMs, ...flag }) => ({
      ...flag,
      from: iso(fromMs),
      until: maybeIso(untilMs),
    })),
    grants: facts.grants.map(({ atMs, untilMs, ...grant }) => ({ ...grant, at: iso(atMs), until: maybeIso(untilMs) })),
    milestones: facts.milestones.map(({ atMs, ...milestone }) => ({ ...milestone, at: iso(atMs) })),
  };
}
