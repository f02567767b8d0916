import { z } from 'zod';

import type { AgreedArrangement } from '../domain/arrangement/state';
import { arrangementKinds, type ArrangementTerms } from '../domain/arrangement/terms';
import type { Day } from '../domain/day';
import type { Amounts } from '../domain/loan';
import { Refusal } from '../domain/refusal';
import type { Queryable } from './database';
import { execute, many, maybeOne, one } from './rows';

const amounts = z.object({ penalty: z.int(), fee: z.int(), interest: z.int(), principal: z.int() });

const arrangementRow = z.object({
  arrangementId: z.string(),
  loanId: z.string(),
  caseNo: z.int(),
  kind: z.enum(arrangementKinds),
  /** Checked when it was written. */
  terms: z.custom<ArrangementTerms>((value) => typeof value === 'object' && value !== null && 'kind' in value),
  reason: z.string(),
  actor: z.string(),
  proposedOn: z.string(),
  /** Who has to agree besides; null where nobody has. */
  approvalRole: z.string().nullable(),
  effectiveFrom: z.string().nullable(),
  rejectedOn: z.string().nullable(),
  cancelledOn: z.string().nullable(),
  cancelledBy: z.string().nullable(),
  waived: amounts.nullable(),
  added: amounts.nullable(),
  /** The schedule that it made. */
  scheduleNo: z.int().nullable(),
  /** The schedule that brought the one before back, when it was cancelled. */
  reinstatedAsNo: z.int().nullable(),
  recordedAtMs: z.int(),
});
export type StoredArrangement = z.infer<typeof arrangementRow> & AgreedArrangement;

const columns = `a.arrangement_id as "arrangementId", a.loan_id as "loanId", a.case_no as "caseNo", a.kind, a.terms, a.reason,
  a.actor, a.proposed_on as "proposedOn", a.approval_role as "approvalRole", a.effective_from as "effectiveFrom",
  a.rejected_on as "rejectedOn", a.cancelled_on as "cancelledOn", a.cancelled_by as "cancelledBy",
  a.waived, a.added, a.recorded_at as "recordedAtMs",
  (select min(s.schedule_no) from schedule s where s.loan_id = a.loan_id and s.arrangement_id = a.arrangement_id)
    as "scheduleNo",
  (select max(s.schedule_no) from schedule s where s.loan_id = a.loan_id and s.arrangement_id = a.arrangement_id
    having count(*) > 1) as "reinstatedAsNo"`;

export type NewArrangement = Pick<
  StoredArrangement,
  'arrangementId' | 'loanId' | 'caseNo' | 'terms' | 'reason' | 'actor' | 'proposedOn' | 'approvalRole'
>;

/** Writes down what was agreed on; it is not in force yet. */
export async function addArrangement(db: Queryable, arrangement: NewArrangement): Promise<void> {
  const { arrangementId, loanId, caseNo, terms, reason, actor, proposedOn, approvalRole } = arrangement;
  const text = `insert into arrangement
      (arrangement_id, loan_id, case_no, kind, terms, reason, actor, proposed_on, approval_role)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`;
  const values = [arrangementId, loanId, caseNo, terms.kind, JSON.stringify(terms), reason, actor, proposedOn];
  await execute(db, text, [...values, approvalRole]);
}

/** @throws Refusal AlreadyExists where the id is another loan's. */
export async function getArrangement(
  db: Queryable,
  loanId: string,
  arrangementId: string,
): Promise<StoredArrangement | null> {
  const text = `select ${columns} from arrangement a where a.arrangement_id = $1`;
  const found = await maybeOne(db, arrangementRow, text, [arrangementId]);
  if (found !== null && found.loanId !== loanId) {
    throw new Refusal('AlreadyExists', 'is the arrangement of another loan', 'arrangementId');
  }
  return found;
}

/** The loan's arrangements in the order in which they came into force; what waits, or never will, comes last. */
export async function listArrangements(db: Queryable, loanId: string): Promise<StoredArrangement[]> {
  const text = `select ${columns} from arrangement a where a.loan_id = $1
    order by a.effective_from nulls last, "scheduleNo" nulls last, a.recorded_at, a.arrangement_id`;
  return many(db, arrangementRow, { name: 'arrangements-of-loan', text }, [loanId]);
}

export interface InForce {
  readonly arrangementId: string;
  readonly effectiveFrom: Day;
  readonly waived: Amounts;
  readonly added: Amounts;
}

export async function bringArrangementIntoForce(
  db: Queryable,
  { arrangementId, effectiveFrom, waived, added }: InForce,
): Promise<void> {
  const text = 'update arrangement set effective_from = $2, waived = $3, added = $4 where arrangement_id = $1';
  await execute(db, text, [arrangementId, effectiveFrom, JSON.stringify(waived), JSON.stringify(added)]);
}

export async function rejectArrangement(db: Queryable, arrangementId: string, on: Day): Promise<void> {
  await execute(db, 'update arrangement set rejected_on = $2 where arrangement_id = $1', [arrangementId, on]);
}

export async function cancelArrangement(
  db: Queryable,
  { arrangementId, on, actor }: { arrangementId: string; on: Day; actor: string },
): Promise<void> {
  const text = 'update arrangement set cancelled_on = $2, cancelled_by = $3 where arrangement_id = $1';
  await execute(db, text, [arrangementId, on, actor]);
}

/**
 * How many cases of a branch are open, and how many of them are under an arrangement that is kept. Holds the branch until
 * the transaction ends, so that two who ask at once do not both get the last place.
 */
export async function branchArrangements(
  db: Queryable,
  branch: string,
): Promise<{ openCases: number; underArrangement: number }> {
  await execute(db, 'select pg_advisory_xact_lock(hashtextextended($1, 8210003))', [branch]);
  const row = z.object({ openCases: z.int(), underArrangement: z.int() });
  const text = `select count(*) as "openCases", count(*) filter (where exists (
        select from contact_flag f where f.customer_id = c.customer_id and f.loan_id = c.loan_id
          and f.flag = 'plan-active' and f.ended_by is null)) as "underArrangement"
    from loan_case c join loan l using (loan_id) where c.status = 'open' and l.branch = $1`;
  return one(db, row, text, [branch]);
}
