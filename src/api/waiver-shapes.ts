import { z } from 'zod';
import { shownDay } from './shapes';

export const shownWaiver = z
  .object({
    waiverId: z.string(),
    loanId: z.string(),
    caseNo: z.int(),
    day: shownDay,
    penaltyMinor: z.int(),
    feeMinor: z.int(),
    interestMinor: z.int(),
    payBy: shownDay.nullable(),
    /** The role of the second person; null where nobody else had to agree. */
    approvalRole: z.string().nullable(),
    /** `granted` counts today; of one that is `lapsed` the last day to pay passed in vain. */
    state: z.enum(['waiting', 'granted', 'rejected', 'lapsed']),
    askedBy: z.string(),
  })
  .meta({ id: 'Waiver' });
