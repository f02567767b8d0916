import { z } from 'zod';
import { dataRequestKinds, dataRequestStates, refusalGrounds } from '../domain/data-request';
import type { Day } from '../domain/day';
import type { DataRequest } from '../store/data-requests';
import type { LegalHold } from '../store/legal-holds';
import { iso, maybeIso, shownDay, shownInstant } from './shapes';

export const legalHold = z
  .object({
    holdId: z.string(),
    loanId: z.string().nullable(),
    reason: z.string(),
    setBy: z.string(),
    setAt: shownInstant,
    clearedBy: z.string().nullable(),
    clearedAt: shownInstant.nullable(),
    clearReason: z.string().nullable(),
  })
  .meta({ id: 'LegalHold' });

export function showHold({ setAtMs, clearedAtMs, ...rest }: LegalHold): z.infer<typeof legalHold> {
  return { ...rest, setAt: iso(setAtMs), clearedAt: maybeIso(clearedAtMs) };
}

export const dataRequest = z
  .object({
    requestId: z.string(),
    customerId: z.string(),
    kind: z.enum(dataRequestKinds),
    state: z.enum(dataRequestStates),
    receivedAt: shownInstant,
    dueDay: shownDay,
    /** Not decided, and the deadline is over. */
    overdue: z.boolean(),
    /** The rule that gave the deadline. */
    rule: z.string(),
    decidedAt: shownInstant.nullable(),
    decidedBy: z.string().nullable(),
    ground: z.enum(refusalGrounds).nullable(),
    note: z.string().nullable(),
    takenBy: z.string(),
  })
  .meta({ id: 'DataRequest' });

export function showDataRequest(
  { receivedAtMs, decidedAtMs, ...rest }: DataRequest,
  today: Day,
): z.infer<typeof dataRequest> {
  const overdue = rest.state === 'received' && rest.dueDay < today;
  return { ...rest, receivedAt: iso(receivedAtMs), decidedAt: maybeIso(decidedAtMs), overdue };
}
