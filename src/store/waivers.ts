import { z } from 'zod';

import { Refusal } from '../domain/refusal';
import type { Queryable } from './database';
import { execute, many, maybeOne, one } from './rows';

const waiverRow = z.object({
  waiverId: z.string(),
  loanId: z.string(),
  caseNo: z.int(),
  /** From which it counts. */
  day: z.string(),
  penaltyMinor: z.int(),
  feeMinor: z.int(),
  interestMinor: z.int(),
  payBy: z.string().nullable(),
  /** Who has to agree besides; null where nobody has. */
  approvalRole: z.string().nullable(),
  state: z.enum(['waiting', 'granted', 'rejected']),
  askedBy: z.string(),
});
export type StoredWaiver = z.infer<typeof waiverRow>;

// Without its approval a waiver that needs one waits.
const select = `select waiver_id as "waiverId", w.loan_id as "loanId", w.case_no as "caseNo", on_day as day,
    penalty_minor as "penaltyMinor", fee_minor as "feeMinor", interest_minor as "interestMinor", pay_by as "payBy",
    approval_role as "approvalRole", asked_by as "askedBy",
    case when approval_role is null or a.state = 'approved' then 'granted' else coalesce(a.state, 'waiting') end as state
  from waiver w left join approval a on a.kind = 'waiver' and a.subject_id = w.waiver_id`;

/**
 * Writes down what was asked for; the same again gives the row that is there, with whatever was decided on it.
 * @throws Refusal AlreadyExists, where the id stands for another one.
 */
export async function addWaiver(
  db: Queryable,
  waiver: Omit<StoredWaiver, 'state'>,
): Promise<{ waiver: StoredWaiver; added: boolean }> {
  const { waiverId, loanId, caseNo, day, penaltyMinor, feeMinor, interestMinor, payBy, approvalRole, askedBy } = waiver;
  const text = `insert into waiver (waiver_id, loan_id, case_no, on_day, penalty_minor, fee_minor, interest_minor, pay_by,
      approval_role, asked_by)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`;
  const amounts = [penaltyMinor, feeMinor, interestMinor];
  const values = [waiverId, loanId, caseNo, day, ...amounts, payBy, approvalRole, askedBy];
  const added = (await execute(db, text, values)) > 0;
  const stored = await one(db, waiverRow, `${select} where waiver_id = $1`, [waiverId]);
  const fields = ['loanId', 'penaltyMinor', 'feeMinor', 'interestMinor', 'payBy'] as const;
  const other = fields.find((field) => stored[field] !== waiver[field]);
  if (other !== undefined) throw new Refusal('AlreadyExists', 'a waiver of this id asks for something else', other);
  return { waiver: stored, added };
}

export async function findWaiver(db: Queryable, waiverId: string): Promise<StoredWaiver | null> {
  return maybeOne(db, waiverRow, `${select} where waiver_id = $1`, [waiverId]);
}

/** All that were asked for, by their day. */
export async function listWaivers(db: Queryable, loanId: string): Promise<StoredWaiver[]> {
  return many(db, waiverRow, `${select} where w.loan_id = $1 order by on_day, waiver_id`, [loanId]);
}
