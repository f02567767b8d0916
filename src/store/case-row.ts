import { z } from 'zod';

import { riskTiers } from '../domain/loan';

export const caseRow = z.object({
  loanId: z.string(),
  caseNo: z.int(),
  customerId: z.string(),
  policyId: z.string(),
  policyVersion: z.string(),
  openedAtMs: z.int(),
  openedDpd: z.int(),
  status: z.enum(['open', 'closed']),
  closedAtMs: z.int().nullable(),
  closeReason: z.string().nullable(),
  stage: z.string(),
  rawDpd: z.int(),
  effectiveDpd: z.int(),
  overdueMinor: z.int(),
  paused: z.boolean(),
  nextAction: z.string(),
  nextActionAtMs: z.int().nullable(),
  assignee: z.string().nullable(),
  escalateTo: z.string().nullable(),
  currency: z.string(),
  riskTier: z.enum(riskTiers),
  branch: z.string(),
});
export type StoredCase = z.infer<typeof caseRow>;

/** `c` is the case, `l` its loan. */
export const selectCase = `
  select c.loan_id as "loanId", c.case_no as "caseNo", c.customer_id as "customerId", c.policy_id as "policyId",
    c.policy_version as "policyVersion", c.opened_at as "openedAtMs", c.opened_dpd as "openedDpd", c.status,
    c.closed_at as "closedAtMs", c.close_reason as "closeReason", c.stage, c.raw_dpd as "rawDpd",
    c.effective_dpd as "effectiveDpd", c.overdue_minor as "overdueMinor", c.paused, c.next_action as "nextAction",
    c.next_action_at as "nextActionAtMs", c.assignee, c.escalate_to as "escalateTo",
    l.currency, l.risk_tier as "riskTier", l.branch
  from loan_case c join loan l using (loan_id)`;
