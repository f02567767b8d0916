import { z } from 'zod';
import { duration } from '../duration-source';
import type { Duration } from '../policy-duration';

export interface DisputeRules {
  /** A person decides on a dispute within this time. */
  readonly answerWithin: Duration;
}

const usual: DisputeRules = { answerWithin: { amount: 15, unit: 'workingDays' } };

/** The part of a policy about disputes; it may be left out. */
export const disputesSection = z.strictObject({ answerWithin: duration }).default(usual);
