import { accountAsOf } from '../domain/account/account';
import { sumAmounts } from '../domain/allocation';
import type { Day } from '../domain/day';
import { noAmounts } from '../domain/loan';
import { needsApproval, waiverProblem } from '../domain/waiver/waiver-rules';
import { lockBorrowerOf } from '../store/case-lock';
import { inTransaction, type Queryable } from '../store/database';
import { addWaiver, findWaiver, type StoredWaiver } from '../store/waivers';
import { accountRules } from './account-rules';
import type { Actor } from './actor';
import { askForApproval } from './decide-approval';
import type { Desk } from './desk';
import { lockOpenCase } from './hand-to-legal';
import { notifyCase } from './notify';
import type { CaseReading } from './read-facts';
import { tellGranted } from './waiver-approval';

export interface WaiverRequest {
  readonly waiverId: string;
  readonly penaltyMinor: number;
  readonly feeMinor: number;
  readonly interestMinor: number;
  readonly payBy: Day | null;
  /** The asker's own words; they are on the timeline. */
  readonly reason: string;
}

/**
 * Gives up penalty, fee or interest from today on, or asks a second person to where it is more than the policy leaves to
 * one. The same again gives the one that is there.
 * @throws Refusal NotFound, CaseNotOpen, WaiverInvalid or AlreadyExists.
 */
export async function askWaiver(
  desk: Desk,
  loanId: string,
  request: WaiverRequest,
  actor: Actor,
): Promise<{ waiver: StoredWaiver; added: boolean }> {
  const nowMs = await desk.clock.nowMs();
  const answer = await inTransaction(desk.pool, async (tx) => {
    await lockBorrowerOf(tx, loanId);
    // What was asked for before is not judged anew: what was granted is no longer unpaid.
    const known = await findWaiver(tx, request.waiverId);
    if (known !== null) return addWaiver(tx, { ...known, ...request, loanId });
    return writeWaiver(tx, await lockOpenCase(tx, desk, loanId, nowMs), request, actor, nowMs);
  });
  await notifyCase(desk, loanId);
  return answer;
}

async function writeWaiver(
  tx: Queryable,
  { loan, policy, today, caseRow: { loanId, caseNo } }: CaseReading,
  { reason, ...request }: WaiverRequest,
  actor: Actor,
  nowMs: number,
): Promise<{ waiver: StoredWaiver; added: boolean }> {
  const { waiverId, penaltyMinor, feeMinor, interestMinor, payBy } = request;
  const amounts = { ...noAmounts, penalty: penaltyMinor, fee: feeMinor, interest: interestMinor };
  const { unpaid } = accountAsOf(loan, today, accountRules(policy));
  const unpaidAmounts = sumAmounts(unpaid.map((line) => line.unpaid));
  const problem = waiverProblem({ amounts, payBy }, unpaidAmounts, today, policy.waivers);
  if (problem !== null) throw problem;
  const approvalRole = needsApproval({ amounts, payBy }, policy.waivers) ? policy.waivers.approval : null;
  const asked = { ...request, loanId, caseNo, day: today, approvalRole, askedBy: actor.name };
  const written = await addWaiver(tx, asked);
  if (approvalRole === null) {
    await tellGranted(tx, written.waiver, { actor: actor.name, reason, atMs: nowMs });
    return written;
  }
  const terms = { penaltyMinor, feeMinor, interestMinor, payBy };
  const proposal = { kind: 'waiver', subjectId: waiverId, loanId, caseNo, terms } as const;
  await askForApproval(tx, { ...proposal, role: approvalRole, proposedBy: actor.name, proposedAtMs: nowMs }, reason);
  return written;
}
