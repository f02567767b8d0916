import { z } from 'zod';
import type { Classification } from '../domain/classification/classify';
import { classReasons } from '../domain/classification/own-class';
import { shownDay } from './shapes';

/** The class of a loan on a day. Money in minor units of the loan's currency. */
const classFields = {
  class: z.string(),
  sinceDay: shownDay,
  why: z.enum(classReasons),
  nonPerforming: z.boolean(),
  /** Interest is no longer income. */
  nonAccrual: z.boolean(),
  /** The outstanding principal, due or not. */
  provisionBaseMinor: z.int(),
  provisionPerMille: z.int(),
  provisionMinor: z.int(),
};

export const loanClass = z.object(classFields).meta({ id: 'LoanClass' });

export const classification = z
  .object({
    loanId: z.string(),
    currency: z.string(),
    asOf: shownDay,
    ...classFields,
    history: z.array(z.object({ fromDay: shownDay, class: z.string(), why: z.enum(classReasons) })),
  })
  .meta({ id: 'Classification' });

export function showClass(found: Classification): z.infer<typeof loanClass> {
  return loanClass.parse(found);
}
