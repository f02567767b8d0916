import { z } from 'zod';
import { contentTagCodes } from '../domain/contact/content-tag';
import { purposeCodes } from '../domain/contact/purpose';
import { languages, offerKinds } from '../domain/policy';

const text = z.string().min(1).max(10_000);

/** One message in every channel and language it is written in; texts are Liquid. */
export const messageTemplate = z.strictObject({
  /** Why the borrower is written to. Contact rules go by these. */
  purpose: z.enum(purposeCodes),
  /** What its texts carry. Left out, it carries nothing that a rule asks for. */
  tags: z.array(z.enum(contentTagCodes)).min(1).optional(),
  /** What the message offers the borrower; counts as offered once it was made. */
  offers: z.array(z.enum(offerKinds)).min(1).optional(),
  sms: z.partialRecord(z.enum(languages), text).optional(),
  email: z.partialRecord(z.enum(languages), z.strictObject({ subject: text, text })).optional(),
});
export type MessageTemplate = z.infer<typeof messageTemplate>;

export type Templates = Readonly<Record<string, MessageTemplate>>;
export type MessageChannel = 'sms' | 'email';
