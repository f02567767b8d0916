import { randomUUID } from 'node:crypto';
import { Refusal } from '../domain/refusal';
import {
  type Approval,
  decideApproval as storeDecision,
  getApproval,
  type NewApproval,
  proposeApproval,
} from '../store/approvals';
import { lockBorrowerOf } from '../store/case-lock';
import { inTransaction, type Queryable } from '../store/database';
import { recordEvent } from '../store/timeline';
import type { Actor } from './actor';
import { approvalHandlers } from './approval-handlers';
import type { Desk } from './desk';
import { notifyCase } from './notify';

/**
 * Puts something before a second person and writes that into the timeline. `reason` is the proposer's; `terms` are figures
 * and codes. The same subject once more is the same proposal.
 */
export async function askForApproval(
  tx: Queryable,
  proposal: Omit<NewApproval, 'approvalId'>,
  reason: string,
): Promise<Approval> {
  const { approval, proposed } = await proposeApproval(tx, { ...proposal, approvalId: randomUUID() });
  if (proposed) await tell(tx, approval, 'proposed', approval.proposedBy, reason, approval.proposedAtMs);
  return approval;
}

/**
 * The second person decides, and what was proposed takes effect or does not, in one transaction.
 * @throws Refusal NotFound, Forbidden, FourEyes or AlreadyExists; or what the kind's handler refuses.
 */
export async function decideApproval(
  desk: Desk,
  approvalId: string,
  { state, reason }: { readonly state: 'approved' | 'rejected'; readonly reason: string },
  actor: Actor,
): Promise<Approval> {
  const nowMs = await desk.clock.nowMs();
  const approval = await inTransaction(desk.pool, async (tx) => {
    const proposed = await getApproval(tx, approvalId);
    if (proposed === null) throw new Refusal('NotFound', 'no such approval', 'approvalId');
    await lockBorrowerOf(tx, proposed.loanId);
    if (!actor.roles.includes(proposed.role)) {
      throw new Refusal('Forbidden', `the policy asks for the role ${proposed.role}`);
    }
    const decision = { approvalId, state, decidedBy: actor.name, decidedAtMs: nowMs };
    const { approval: stored, decided } = await storeDecision(tx, decision);
    if (!decided) return stored;
    await tell(tx, stored, state, actor.name, reason, nowMs);
    await approvalHandlers[stored.kind][state]({ tx, desk, approval: stored, nowMs });
    return stored;
  });
  await notifyCase(desk, approval.loanId);
  return approval;
}

async function tell(
  tx: Queryable,
  { approvalId, kind, subjectId, loanId, caseNo, role, terms }: Approval,
  what: 'proposed' | 'approved' | 'rejected',
  actor: string,
  reason: string,
  atMs: number,
): Promise<void> {
  const data = { approvalId, subjectId, role, terms };
  const event = { loanId, caseNo, atMs, kind: `${kind}-${what}`, actor, reason, data };
  await recordEvent(tx, { ...event, eventKey: `approval/${approvalId}/${what}` });
}
