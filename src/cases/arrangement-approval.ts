import { Refusal } from '../domain/refusal';
import { getArrangement, rejectArrangement, type StoredArrangement } from '../store/arrangements';
import type { ApprovalHandler, DecidedApproval } from './approval-handlers';
import { bringIntoForce, weighTerms } from './arrangement-force';
import { lockOpenCase } from './hand-to-legal';

/**
 * What was approved begins on the day of the approval, on the facts of that day. Where it can no longer be (the first day has
 * passed, all is paid, the quota is used up), the approval is refused and goes on waiting.
 */
export const arrangementApproval: ApprovalHandler = {
  async approved(decided) {
    const { tx, desk, approval, nowMs } = decided;
    const arrangement = await proposed(decided);
    if (arrangement.cancelledOn !== null) throw new Refusal('RestructureInvalid', 'it was cancelled');
    const reading = await lockOpenCase(tx, desk, approval.loanId, nowMs);
    const weighed = await weighTerms(tx, reading, arrangement.terms, 'checked');
    await bringIntoForce(tx, desk, reading, arrangement, weighed, nowMs);
  },
  async rejected(decided) {
    const { tx, desk, approval, nowMs } = decided;
    const { arrangementId, cancelledOn } = await proposed(decided);
    if (cancelledOn !== null) return;
    const { today } = await lockOpenCase(tx, desk, approval.loanId, nowMs);
    await rejectArrangement(tx, arrangementId, today);
  },
};

async function proposed({ tx, approval }: DecidedApproval): Promise<StoredArrangement> {
  const arrangement = await getArrangement(tx, approval.loanId, approval.subjectId);
  if (arrangement === null) throw new Refusal('NotFound', 'no such arrangement', 'arrangementId');
  return arrangement;
}
