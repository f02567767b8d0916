import { z } from 'zod';
import { type Duration, parseDuration } from './policy-duration';

/** A length of time as an officer writes it. */
export const duration = z.string().transform((text, context): Duration => {
  const parsed = parseDuration(text);
  if (parsed !== null) return parsed;
  context.addIssue({ code: 'custom', message: 'must be a length of time such as "36h", "2 days" or "2 working days"' });
  return z.NEVER;
});
