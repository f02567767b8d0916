import { Refusal } from '../domain/refusal';
import type { Queryable } from '../store/database';
import { recordEvent } from '../store/timeline';
import { findWaiver, type StoredWaiver } from '../store/waivers';
import type { ApprovalHandler } from './approval-handlers';
import { lockOpenCase } from './hand-to-legal';

/**
 * A waiver that waited for a second person takes effect by being agreed to, and counts from the day on which it was asked
 * for. One whose last day to pay has passed meanwhile can only be rejected.
 */
export const waiverApproval: ApprovalHandler = {
  async approved({ tx, desk, approval: { loanId, subjectId, decidedBy, proposedBy }, nowMs }) {
    const waiver = await findWaiver(tx, subjectId);
    if (waiver === null) throw new Refusal('NotFound', 'no such waiver', 'waiverId');
    const { today } = await lockOpenCase(tx, desk, loanId, nowMs);
    if (waiver.payBy !== null && waiver.payBy < today) {
      throw new Refusal('WaiverInvalid', 'its last day to pay has passed', 'payBy');
    }
    await tellGranted(tx, waiver, { actor: decidedBy ?? proposedBy, reason: 'a second person agreed', atMs: nowMs });
  },
  rejected: () => Promise.resolve(),
};

/** Writes into the timeline that a waiver counts, whoever it was that granted it. */
export async function tellGranted(
  tx: Queryable,
  { waiverId, loanId, caseNo, penaltyMinor, feeMinor, interestMinor, day, payBy }: StoredWaiver,
  granted: { readonly actor: string; readonly reason: string; readonly atMs: number },
): Promise<void> {
  const data = { waiverId, penaltyMinor, feeMinor, interestMinor, day, payBy };
  await recordEvent(tx, { loanId, caseNo, kind: 'waived', ...granted, data, eventKey: `waived/${waiverId}` });
}
