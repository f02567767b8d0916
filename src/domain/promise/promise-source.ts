import { z } from 'zod';
import { duration } from '../duration-source';
import { templateName, timeOfDay } from '../source-words';
import { defaultPromiseTerms, type PromiseTerms } from './promise-rules';

/** The part of a policy that says what a promise is worth. All of it may be left out. */
export const promiseSection = {
  promises: z
    .strictObject({
      tolerance: z.strictObject({ minor: z.int().min(0).default(0), perMille: z.int().min(0).max(999).default(0) }),
      lookBackDays: z.int().min(0).max(90),
      partsMax: z.int().min(1).max(36),
      openMax: z.int().min(1).max(20),
      noneAfter: z.strictObject({ broken: z.int().min(1).max(99), withinDays: z.int().min(1).max(3650) }),
      remind: z
        .strictObject({
          daysBefore: z.int().min(0).max(30),
          at: timeOfDay.optional(),
          sms: templateName.optional(),
          email: templateName.optional(),
        })
        .refine(
          ({ sms, email }) => (sms === undefined) !== (email === undefined),
          'must do exactly one of: sms, email',
        ),
      whenBroken: z.strictObject({ task: z.enum(['call', 'visit', 'review']), within: duration }),
    })
    .partial()
    .optional(),
};

type WrittenPromises = NonNullable<z.infer<z.ZodObject<typeof promiseSection>>['promises']>;

/** What an officer wrote, over what holds where nothing was written; a reminder goes out at `contactAt` unless it says when. */
export function toPromiseTerms(written: WrittenPromises, contactAt: string): PromiseTerms {
  const { tolerance, lookBackDays, partsMax, openMax, noneAfter, whenBroken, remind } = written;
  return {
    tolerance: tolerance ?? defaultPromiseTerms.tolerance,
    lookBackDays: lookBackDays ?? defaultPromiseTerms.lookBackDays,
    partsMax: partsMax ?? defaultPromiseTerms.partsMax,
    openMax: openMax ?? null,
    noneAfter: noneAfter ?? null,
    whenBroken: whenBroken ?? null,
    ...(remind !== undefined && { remind: toReminder(remind, contactAt) }),
  };
}

function toReminder(
  { daysBefore, at, sms, email }: NonNullable<WrittenPromises['remind']>,
  contactAt: string,
): NonNullable<PromiseTerms['remind']> {
  const message =
    sms === undefined
      ? { channel: 'email' as const, template: email ?? '' }
      : { channel: 'sms' as const, template: sms };
  return { daysBefore, at: at ?? contactAt, ...message };
}
