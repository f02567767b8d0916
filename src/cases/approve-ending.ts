import { Refusal } from '../domain/refusal';
import { getLatestCase } from '../store/cases';
import { writeOffProblem } from '../domain/ending/write-off';
import { listWriteOffs } from '../store/write-offs';
import type { ApprovalHandler, DecidedApproval } from './approval-handlers';
import { readCase } from './read-facts';

const nothing = (): Promise<void> => Promise.resolve();

/**
 * A write-off, its undoing and a sale take effect by being agreed to: what counts is read from the approval. What is left
 * is to see whether it can still be; money may have come since it was proposed.
 */
export const writeOffHandler: ApprovalHandler = { approved: canStillBeWrittenOff, rejected: nothing };
export const caseStillOpenHandler: ApprovalHandler = {
  approved: async (decided) => {
    await openCaseOf(decided);
  },
  rejected: nothing,
};

async function canStillBeWrittenOff(decided: DecidedApproval): Promise<void> {
  const { tx, desk, approval, nowMs } = decided;
  const { loanId, caseNo, stage } = await openCaseOf(decided);
  const { delinquency, policy } = await readCase(tx, desk, { loanId, caseNo, stage, done: [] }, nowMs);
  const others = (await listWriteOffs(tx, loanId)).filter(({ writeOffId }) => writeOffId !== approval.subjectId);
  const problem = writeOffProblem(delinquency, policy.writeOff, others);
  if (problem !== null) throw problem;
}

async function openCaseOf({ tx, approval: { loanId, caseNo } }: DecidedApproval) {
  const latest = await getLatestCase(tx, loanId);
  if (latest?.status !== 'open' || latest.caseNo !== caseNo) throw new Refusal('CaseNotOpen', 'the case is closed');
  return latest;
}
