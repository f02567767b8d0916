import { z } from 'zod';
import type { Budget } from '../domain/arrangement/affordability';
import { Refusal } from '../domain/refusal';
import type { Approval } from '../store/approvals';
import { getArrangement, rejectArrangement, type StoredArrangement } from '../store/arrangements';
import type { ApprovalHandler, DecidedApproval } from './approval-handlers';
import { bringIntoForce, weighTerms } from './arrangement-force';
import { lockOpenCase } from './hand-to-legal';

/**
 * What was approved begins on the day of the approval, on the facts of that day. Where it can no longer be (the first day has
 * passed, all is paid, the quota is used up, the borrower can no longer afford what it asks for), the approval is refused and goes
 * on waiting.
 */
export const arrangementApproval: ApprovalHandler = {
  async approved(decided) {
    const { tx, desk, approval, nowMs } = decided;
    const arrangement = await proposed(decided);
    if (arrangement.cancelledOn !== null) throw new Refusal('RestructureInvalid', 'it was cancelled');
    const reading = await lockOpenCase(tx, desk, approval.loanId, nowMs);
    const weighed = await weighTerms(tx, reading, arrangement.terms, budgetOf(approval));
    const poorer = weighed.refusals.find(({ field }) => field === 'budget');
    if (poorer !== undefined) {
      throw new Refusal(poorer.type, `${poorer.reason}; it has to be proposed anew, with what is left today`, 'budget');
    }
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

const weighedBefore = z.object({ affordability: z.object({ leftMinor: z.int() }).nullable() });

/** What was left to the borrower in a month when it was proposed; what the schedule asks for is found anew. */
function budgetOf({ terms }: Approval): Budget | null {
  const { data } = weighedBefore.safeParse(terms);
  const leftMinor = data?.affordability?.leftMinor;
  return leftMinor === undefined ? null : { incomeMinor: leftMinor, outgoingsMinor: 0 };
}

async function proposed({ tx, approval }: DecidedApproval): Promise<StoredArrangement> {
  const arrangement = await getArrangement(tx, approval.loanId, approval.subjectId);
  if (arrangement === null) throw new Refusal('NotFound', 'no such arrangement', 'arrangementId');
  return arrangement;
}
