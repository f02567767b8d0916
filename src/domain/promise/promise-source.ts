import { z } from 'zod';
import { duration } from '../duration-source';
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
      whenBroken: z.strictObject({ task: z.enum(['call', 'visit', 'review']), within: duration }),
    })
    .partial()
    .optional(),
};

type WrittenPromises = NonNullable<z.infer<z.ZodObject<typeof promiseSection>>['promises']>;

/** What an officer wrote, over what holds where nothing was written. */
export function toPromiseTerms(written: WrittenPromises): PromiseTerms {
  const { tolerance, lookBackDays, partsMax, openMax, noneAfter, whenBroken } = written;
  return {
    tolerance: tolerance ?? defaultPromiseTerms.tolerance,
    lookBackDays: lookBackDays ?? defaultPromiseTerms.lookBackDays,
    partsMax: partsMax ?? defaultPromiseTerms.partsMax,
    openMax: openMax ?? null,
    noneAfter: noneAfter ?? null,
    whenBroken: whenBroken ?? null,
  };
}
