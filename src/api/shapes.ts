import { z } from 'zod';
import type { Channel } from '../domain/case';
import { contactPointKindOf } from '../domain/contact/contact-point-kind';
import { isDay } from '../domain/day';
import { isCurrency } from '../domain/money';
import { type Check, mailAddress, phoneNumber, textOf } from '../intake/column-checks';

// The words of requests and answers. Money is whole minor units, days are the bank's, instants carry an offset.

/** A text that passes one of the checks that files pass too. */
export function checked(check: Check): z.ZodString {
  return z.string().superRefine((text, context) => {
    const reason = check(text);
    if (reason !== null) context.addIssue({ code: 'custom', message: reason });
  });
}

const pointChecks = { phone: phoneNumber, email: mailAddress, address: null } as const;

/** For `superRefine`: what a contact by the channel is made to has the form in which it is on record. */
export function checkContactPoint(
  { channel, contactPoint }: { readonly channel: Channel | null; readonly contactPoint: string | null },
  context: z.RefinementCtx,
): void {
  if (channel === null || contactPoint === null) return;
  const message = pointChecks[contactPointKindOf[channel]]?.(contactPoint) ?? null;
  if (message !== null) context.addIssue({ code: 'custom', message, path: ['contactPoint'] });
}

/** As a key of the service names its holder. */
export const actorName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be the name of an actor');

export const id = checked(textOf(64)).min(1);
export const shortText = (charsMax: number): z.ZodString => checked(textOf(charsMax)).min(1);
/** An officer's own words, over several lines if need be. */
export const words = z
  .string()
  .trim()
  .min(1)
  .max(2_000)
  .regex(/^[^\u0000\ufffd]*$/, 'holds a character that cannot be stored');

export const day = z
  .string()
  .refine(
    (text) => isDay(text) && text >= '1900-01-01' && text <= '2199-12-31',
    'is not a day of the calendar, YYYY-MM-DD',
  )
  .meta({ format: 'date', examples: ['2026-11-23'] });
export const currency = z.string().refine(isCurrency, 'is not an ISO 4217 code such as CNY');

const minorMax = 9_999_999_999_999;
export const amountMinor = z.int().min(0).max(minorMax);
export const positiveMinor = z.int().min(1).max(minorMax);

export const shownInstant = z.string().meta({ format: 'date-time', examples: ['2026-11-23T01:00:00.000Z'] });
export const shownDay = z.string().meta({ format: 'date' });

export function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}

export function maybeIso(atMs: number | null): string | null {
  return atMs === null ? null : iso(atMs);
}

export const paging = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().min(1).max(1_000).optional(),
};

export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

export const loanParams = z.object({ loanId: id });
export const nothing = z.null().describe('Nothing');
/** A request that says all in its address may come with an empty object or with no body. */
export const noBody = z.strictObject({}).nullish();
