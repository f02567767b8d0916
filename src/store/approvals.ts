import { z } from 'zod';

import { approvalKinds, approvalStates } from '../domain/approval';
import { Refusal } from '../domain/refusal';
import { cursorInstant, decodeCursor, type Page, toPage } from './cursor';
import type { Queryable } from './database';
import { execute, instant, many, maybeInstant, maybeOne, one } from './rows';

const approvalRow = z.object({
  approvalId: z.string(),
  kind: z.enum(approvalKinds),
  /** The row that it is about: the id of an arrangement, of a sale and so on. */
  subjectId: z.string(),
  loanId: z.string(),
  caseNo: z.int(),
  /** Who may decide. */
  role: z.string(),
  /** Figures and codes of what was proposed, as whoever decides is to see them. */
  terms: z.record(z.string(), z.unknown()),
  state: z.enum(approvalStates),
  proposedBy: z.string(),
  proposedAtMs: z.int(),
  decidedBy: z.string().nullable(),
  decidedAtMs: z.int().nullable(),
});
export type Approval = z.infer<typeof approvalRow>;

const columns = `approval_id as "approvalId", kind, subject_id as "subjectId", loan_id as "loanId", case_no as "caseNo", role,
  terms, state, proposed_by as "proposedBy", proposed_at as "proposedAtMs", decided_by as "decidedBy",
  decided_at as "decidedAtMs"`;

export type NewApproval = Omit<Approval, 'state' | 'decidedBy' | 'decidedAtMs'>;

/** Asks for a second person; the same subject once more gives the row that is there. */
export async function proposeApproval(
  db: Queryable,
  proposal: NewApproval,
): Promise<{ approval: Approval; proposed: boolean }> {
  const { approvalId, kind, subjectId, loanId, caseNo, role, terms, proposedBy, proposedAtMs } = proposal;
  const text = `insert into approval
      (approval_id, kind, subject_id, loan_id, case_no, role, terms, proposed_by, proposed_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`;
  const values = [approvalId, kind, subjectId, loanId, caseNo, role, JSON.stringify(terms)];
  const proposed = (await execute(db, text, [...values, proposedBy, instant(proposedAtMs)])) > 0;
  const select = `select ${columns} from approval where kind = $1 and subject_id = $2`;
  return { approval: await one(db, approvalRow, select, [kind, subjectId]), proposed };
}

export interface ApprovalDecision {
  readonly approvalId: string;
  readonly state: 'approved' | 'rejected';
  readonly decidedBy: string;
  readonly decidedAtMs: number;
}

/**
 * Approves or rejects; the same decision again by the same person is known and answers `decided: false`.
 * @throws Refusal NotFound, FourEyes, or AlreadyExists where it was decided otherwise.
 */
export async function decideApproval(
  db: Queryable,
  { approvalId, state, decidedBy, decidedAtMs }: ApprovalDecision,
): Promise<{ approval: Approval; decided: boolean }> {
  const text = `update approval set state = $2, decided_by = $3, decided_at = $4
    where approval_id = $1 and state = 'waiting' and proposed_by <> $3 returning ${columns}`;
  const approval = await maybeOne(db, approvalRow, text, [approvalId, state, decidedBy, instant(decidedAtMs)]);
  if (approval !== null) return { approval, decided: true };
  const stored = await getApproval(db, approvalId);
  if (stored === null) throw new Refusal('NotFound', 'no such approval', 'approvalId');
  if (stored.proposedBy === decidedBy) throw new Refusal('FourEyes', 'whoever proposed it cannot decide on it');
  if (stored.state === state && stored.decidedBy === decidedBy) return { approval: stored, decided: false };
  throw new Refusal('AlreadyExists', `it was already ${stored.state}`);
}

/** Takes back what waits, because its subject was; what was decided before stays decided. */
export async function withdrawApproval(
  db: Queryable,
  { kind, subjectId, by, atMs }: Pick<Approval, 'kind' | 'subjectId'> & { readonly by: string; readonly atMs: number },
): Promise<void> {
  const text = `update approval set state = 'withdrawn', decided_by = $3, decided_at = $4
    where kind = $1 and subject_id = $2 and state = 'waiting'`;
  await execute(db, text, [kind, subjectId, by, instant(atMs)]);
}

export async function getApproval(db: Queryable, approvalId: string): Promise<Approval | null> {
  return maybeOne(db, approvalRow, `select ${columns} from approval where approval_id = $1`, [approvalId]);
}

export interface ApprovalFilter {
  readonly state?: Approval['state'] | undefined;
  readonly kind?: Approval['kind'] | undefined;
  readonly role?: string | undefined;
  readonly loanId?: string | undefined;
}

/** What was proposed, the oldest first. */
export async function listApprovals(
  db: Queryable,
  { state, kind, role, loanId }: ApprovalFilter,
  cursor: string | null,
  limit: number,
): Promise<Page<Approval>> {
  const [afterMs, afterId] = decodeCursor(cursor, z.tuple([cursorInstant, z.uuid()])) ?? [null, null];
  const text = `select ${columns} from approval
    where ($1::text is null or state = $1) and ($2::text is null or kind = $2) and ($3::text is null or role = $3)
      and ($4::text is null or loan_id = $4)
      and ($5::timestamptz is null or (proposed_at, approval_id) > ($5, $6::uuid))
    order by proposed_at, approval_id limit $7`;
  const values = [state, kind, role, loanId, maybeInstant(afterMs), afterId, limit + 1];
  return toPage(await many(db, approvalRow, text, values), limit, (row) => [row.proposedAtMs, row.approvalId]);
}
