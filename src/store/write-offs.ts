import { z } from 'zod';

import { decisionStates } from '../domain/approval';
import { type WriteOffFacts, type WriteOffReason, writeOffReasons } from '../domain/ending/write-off';
import type { Queryable } from './database';
import { execute, instant, many } from './rows';

const decision = {
  approvalId: z.string(),
  approval: z.enum(decisionStates),
  decidedBy: z.string().nullable(),
  decidedAtMs: z.int().nullable(),
};
const writeOffRow = z.object({
  writeOffId: z.string(),
  loanId: z.string(),
  caseNo: z.int(),
  reason: z.enum(writeOffReasons),
  evidence: z.array(z.string()),
  /** As the loan stood when it was proposed. */
  rawDpd: z.int(),
  outstandingMinor: z.int(),
  proposedBy: z.string(),
  proposedAtMs: z.int(),
  ...decision,
  undoApproval: z.enum(decisionStates).nullable(),
});
type WriteOffRow = z.infer<typeof writeOffRow>;
export type StoredWriteOff = Omit<WriteOffRow, 'approval' | 'undoApproval'> & WriteOffFacts;

export interface NewWriteOff {
  readonly writeOffId: string;
  readonly loanId: string;
  readonly caseNo: number;
  readonly reason: WriteOffReason;
  readonly evidence: readonly string[];
  readonly rawDpd: number;
  readonly outstandingMinor: number;
  readonly proposedBy: string;
  readonly proposedAtMs: number;
}

/** Writes a proposal down; it counts from its approval on. */
export async function addWriteOff(db: Queryable, proposal: NewWriteOff): Promise<void> {
  const { writeOffId, loanId, caseNo, reason, evidence, rawDpd, outstandingMinor } = proposal;
  const text = `insert into write_off (write_off_id, loan_id, case_no, reason, evidence, raw_dpd, outstanding_minor,
      proposed_by, proposed_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`;
  const values = [writeOffId, loanId, caseNo, reason, evidence, rawDpd, outstandingMinor];
  await execute(db, text, [...values, proposal.proposedBy, instant(proposal.proposedAtMs)]);
}

export interface NewUndo {
  readonly undoId: string;
  readonly writeOffId: string;
  readonly loanId: string;
  readonly caseNo: number;
  readonly proposedBy: string;
  readonly proposedAtMs: number;
}

/** Writes down that a write-off is to be undone; it is from the approval of that on. */
export async function addWriteOffUndo(db: Queryable, undo: NewUndo): Promise<void> {
  const text = `insert into write_off_undo (undo_id, write_off_id, loan_id, case_no, proposed_by, proposed_at)
    values ($1, $2, $3, $4, $5, $6)`;
  const { undoId, writeOffId, loanId, caseNo, proposedBy, proposedAtMs } = undo;
  await execute(db, text, [undoId, writeOffId, loanId, caseNo, proposedBy, instant(proposedAtMs)]);
}

/** Every write-off that was proposed for the loan, the oldest first. */
export async function listWriteOffs(db: Queryable, loanId: string): Promise<StoredWriteOff[]> {
  // Of several attempts to undo one, the rejected ones say nothing.
  const text = `select w.write_off_id as "writeOffId", w.loan_id as "loanId", w.case_no as "caseNo", w.reason, w.evidence,
      w.raw_dpd as "rawDpd", w.outstanding_minor as "outstandingMinor", w.proposed_by as "proposedBy",
      w.proposed_at as "proposedAtMs", a.approval_id as "approvalId", a.state as approval, a.decided_by as "decidedBy",
      a.decided_at as "decidedAtMs", u.state as "undoApproval"
    from write_off w
      join approval a on a.kind = 'write-off' and a.subject_id = w.write_off_id::text
      left join lateral (select b.state from write_off_undo t
          join approval b on b.kind = 'write-off-undo' and b.subject_id = t.undo_id::text
        where t.write_off_id = w.write_off_id and b.state <> 'rejected') u on true
    where w.loan_id = $1 order by w.proposed_at, w.recorded_at`;
  return (await many(db, writeOffRow, text, [loanId])).map(withState);
}

function withState({ approval, undoApproval, ...row }: WriteOffRow): StoredWriteOff {
  return { ...row, state: stateOf(approval, undoApproval), undoWaits: undoApproval === 'waiting' };
}

function stateOf(approval: WriteOffRow['approval'], undoApproval: WriteOffRow['undoApproval']): WriteOffFacts['state'] {
  if (approval !== 'approved') return approval;
  return undoApproval === 'approved' ? 'undone' : 'in-force';
}
