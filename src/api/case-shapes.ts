import { z } from 'zod';
import { riskTiers } from '../domain/loan';
import type { StoredCase } from '../store/case-row';
import { iso, maybeIso, shownInstant } from './shapes';

const caseFields = {
  loanId: z.string(),
  caseNo: z.int(),
  customerId: z.string(),
  status: z.enum(['open', 'closed']),
  stage: z.string(),
  riskTier: z.enum(riskTiers),
  branch: z.string(),
  assignee: z.string().nullable(),
  policyId: z.string(),
  policyVersion: z.string(),
  openedAt: shownInstant,
  openedDpd: z.int(),
  closedAt: shownInstant.nullable(),
  closeReason: z.string().nullable(),
  rawDpd: z.int(),
  effectiveDpd: z.int(),
  overdueMinor: z.int(),
  currency: z.string(),
  paused: z.boolean(),
  nextAction: z.string(),
  nextActionAt: shownInstant.nullable(),
  escalateTo: z.string().nullable(),
};
export const shownCase = z.object(caseFields).meta({ id: 'Case' });

/** The case with what its workflow answers; `workflow` is null where it cannot be reached or has ended. */
export const shownCaseInFull = z
  .object({
    ...caseFields,
    workflow: z
      .object({
        stage: z.string(),
        done: z.array(z.string()),
        deferred: z.object({ step: z.string(), until: shownInstant }).nullable(),
        legalMissing: z.array(z.string()).nullable(),
        next: z
          .object({ do: z.string(), reason: z.string(), step: z.string().nullable(), at: shownInstant.nullable() })
          .nullable(),
        rawDpd: z.int().nullable(),
        effectiveDpd: z.int().nullable(),
        overdueMinor: z.int().nullable(),
      })
      .nullable(),
  })
  .meta({ id: 'CaseInFull' });

export function showCaseRow(row: StoredCase): z.infer<typeof shownCase> {
  const { openedAtMs, closedAtMs, nextActionAtMs, ...rest } = row;
  return { ...rest, openedAt: iso(openedAtMs), closedAt: maybeIso(closedAtMs), nextActionAt: maybeIso(nextActionAtMs) };
}
