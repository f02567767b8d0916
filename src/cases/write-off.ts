import { randomUUID } from 'node:crypto';
import { type WriteOffReason, writeOffProblem, writeOffToUndo } from '../domain/ending/write-off';
import { inTransaction } from '../store/database';
import { addWriteOff, addWriteOffUndo, listWriteOffs } from '../store/write-offs';
import type { Actor } from './actor';
import { askForApproval } from './decide-approval';
import type { Desk } from './desk';
import { lockOpenCase } from './hand-to-legal';

export interface WriteOffProposal {
  readonly reason: WriteOffReason;
  /** References of documents. */
  readonly evidence: readonly string[];
}

/**
 * Proposes to write a loan off (核销). The claim stays: days past due and what is owed go on, and so does the collection.
 * @throws Refusal NotFound, CaseNotOpen, AlreadyExists or EndingInvalid.
 */
export async function proposeWriteOff(
  desk: Desk,
  loanId: string,
  { reason, evidence }: WriteOffProposal,
  actor: Actor,
): Promise<void> {
  const nowMs = await desk.clock.nowMs();
  await inTransaction(desk.pool, async (tx) => {
    const { caseRow, delinquency, policy } = await lockOpenCase(tx, desk, loanId, nowMs);
    const problem = writeOffProblem(delinquency, policy.writeOff, await listWriteOffs(tx, loanId));
    if (problem !== null) throw problem;
    const { rawDpd, outstandingMinor } = delinquency;
    const writeOffId = randomUUID();
    const proposed = { loanId, caseNo: caseRow.caseNo, proposedBy: actor.name, proposedAtMs: nowMs };
    await addWriteOff(tx, { ...proposed, writeOffId, reason, evidence, rawDpd, outstandingMinor });
    const terms = { reason, rawDpd, outstandingMinor, currency: caseRow.currency };
    const about = { kind: 'write-off', subjectId: writeOffId, role: policy.writeOff.approval, terms } as const;
    await askForApproval(tx, { ...proposed, ...about }, reason);
  });
}

/**
 * Proposes to undo the write-off that is in force; once agreed to, everything is as if it had never been.
 * @throws Refusal NotFound, CaseNotOpen, AlreadyExists or EndingInvalid.
 */
export async function proposeWriteOffUndo(desk: Desk, loanId: string, reason: string, actor: Actor): Promise<void> {
  const nowMs = await desk.clock.nowMs();
  await inTransaction(desk.pool, async (tx) => {
    const { caseRow, policy } = await lockOpenCase(tx, desk, loanId, nowMs);
    const { writeOffId } = writeOffToUndo(await listWriteOffs(tx, loanId));
    const undoId = randomUUID();
    const proposed = { loanId, caseNo: caseRow.caseNo, proposedBy: actor.name, proposedAtMs: nowMs };
    await addWriteOffUndo(tx, { ...proposed, undoId, writeOffId });
    const about = { kind: 'write-off-undo', subjectId: undoId, role: policy.writeOff.approval } as const;
    await askForApproval(tx, { ...proposed, ...about, terms: { writeOffId } }, reason);
  });
}
