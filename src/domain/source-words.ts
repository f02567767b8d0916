import { z } from 'zod';

// Words that several parts of a policy are written with.

export const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as "10:00"');

export const nameOf = (what: string): z.ZodString =>
  z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, `must be ${what}: small letters, digits and hyphens, 40 at most`);

export const templateName = nameOf('the name of a template');
