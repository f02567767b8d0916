import { z } from 'zod';

import { Refusal } from '../domain/refusal';
import type { Queryable } from './database';
import { execute, instant, maybeOne, one } from './rows';

const handoffRow = z.object({
  handoffId: z.string(),
  loanId: z.string(),
  caseNo: z.int(),
  state: z.enum(['proposed', 'approved', 'rejected']),
  proposedBy: z.string(),
  proposedAtMs: z.int(),
  /** What was on record when it was proposed. */
  evidence: z.record(z.string(), z.unknown()),
  decidedBy: z.string().nullable(),
  decidedAtMs: z.int().nullable(),
  reason: z.string().nullable(),
});
export type Handoff = z.infer<typeof handoffRow>;

const columns = `handoff_id as "handoffId", loan_id as "loanId", case_no as "caseNo", state,
  proposed_by as "proposedBy", proposed_at as "proposedAtMs", evidence, decided_by as "decidedBy",
  decided_at as "decidedAtMs", reason`;

/** Proposes the handoff of a case, or answers with the one that is proposed or approved already. */
export async function proposeHandoff(
  db: Queryable,
  proposal: Pick<Handoff, 'handoffId' | 'loanId' | 'caseNo' | 'proposedBy' | 'proposedAtMs' | 'evidence'>,
): Promise<{ handoff: Handoff; proposed: boolean }> {
  const { handoffId, loanId, caseNo, proposedBy, proposedAtMs, evidence } = proposal;
  const text = `insert into legal_handoff (handoff_id, loan_id, case_no, state, proposed_by, proposed_at, evidence)
    values ($1, $2, $3, 'proposed', $4, $5, $6) on conflict do nothing`;
  const values = [handoffId, loanId, caseNo, proposedBy, instant(proposedAtMs), JSON.stringify(evidence)];
  const proposed = (await execute(db, text, values)) > 0;
  // The same id once more is the same proposal, also after it was rejected.
  const select = `select ${columns} from legal_handoff
    where handoff_id = $1 or (loan_id = $2 and case_no = $3 and state <> 'rejected')
    order by handoff_id = $1 desc limit 1`;
  return { handoff: await one(db, handoffRow, select, [handoffId, loanId, caseNo]), proposed };
}

export interface HandoffDecision {
  readonly handoffId: string;
  readonly state: 'approved' | 'rejected';
  readonly decidedBy: string;
  readonly decidedAtMs: number;
  readonly reason: string;
}

/**
 * Approves or rejects a proposal; the same decision again by the same person is known.
 * @throws Refusal NotFound, FourEyes, or AlreadyExists where it was decided otherwise.
 */
export async function decideHandoff(db: Queryable, decision: HandoffDecision): Promise<Handoff> {
  const { handoffId, state, decidedBy, decidedAtMs, reason } = decision;
  const text = `update legal_handoff set state = $2, decided_by = $3, decided_at = $4, reason = $5
    where handoff_id = $1 and state = 'proposed' and proposed_by <> $3 returning ${columns}`;
  const values = [handoffId, state, decidedBy, instant(decidedAtMs), reason];
  const decided = await maybeOne(db, handoffRow, text, values);
  if (decided !== null) return decided;
  const stored = await maybeOne(db, handoffRow, `select ${columns} from legal_handoff where handoff_id = $1`, [
    handoffId,
  ]);
  if (stored === null) throw new Refusal('NotFound', 'no such handoff', 'handoffId');
  if (stored.proposedBy === decidedBy) {
    throw new Refusal('FourEyes', 'whoever proposed a handoff cannot decide on it', 'decidedBy');
  }
  if (stored.state === state && stored.decidedBy === decidedBy) return stored;
  throw new Refusal('AlreadyExists', `the handoff was already ${stored.state}`);
}

/** The case's handoff that was proposed last. */
export async function latestHandoff(db: Queryable, loanId: string, caseNo: number): Promise<Handoff | null> {
  // A live one comes before rejected ones, which lie before it even where their instants are the same.
  const text = `select ${columns} from legal_handoff where loan_id = $1 and case_no = $2
    order by state = 'rejected', proposed_at desc, recorded_at desc limit 1`;
  return maybeOne(db, handoffRow, text, [loanId, caseNo]);
}
