import { z } from 'zod';

import { Refusal } from '../domain/refusal';
import { caseRow, selectCase, type StoredCase } from './case-row';
import type { Queryable } from './database';
import { execute, instant, maybeInstant, maybeOne } from './rows';

export interface NewCase {
  readonly loanId: string;
  readonly policyId: string;
  readonly policyVersion: string;
  readonly openedAtMs: number;
  readonly openedDpd: number;
  readonly effectiveDpd: number;
  readonly overdueMinor: number;
  readonly stage: string;
  readonly assignee: string | null;
}

/**
 * Opens the loan's next case, or answers with the one that is open.
 * @throws Refusal NotFound for an unknown loan or policy version.
 */
export async function openCase(db: Queryable, opening: NewCase): Promise<{ caseNo: number; opened: boolean }> {
  // Again only when another process has opened and closed a case in between.
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    const openedNo = await insertCase(db, opening);
    if (openedNo !== null) return { caseNo: openedNo, opened: true };
    const open = await getOpenCase(db, opening.loanId);
    if (open !== null) return { caseNo: open.caseNo, opened: false };
    await checkLoanAndPolicy(db, opening);
  }
  throw new Error(`the case of loan ${opening.loanId} could neither be opened nor read`);
}

async function insertCase(db: Queryable, opening: NewCase): Promise<number | null> {
  // Any conflict counts: two that open at once collide on the number or on the open case, whichever is found first.
  const text = `
    insert into loan_case (loan_id, case_no, customer_id, policy_id, policy_version, opened_at, opened_dpd, raw_dpd,
      effective_dpd, overdue_minor, stage, assignee)
    select l.loan_id, 1 + coalesce((select max(case_no) from loan_case p where p.loan_id = l.loan_id), 0),
      l.customer_id, y.policy_id, y.version, $4, $5, $5, $6, $7, $8, $9
    from loan l, policy y where l.loan_id = $1 and y.policy_id = $2 and y.version = $3
    on conflict do nothing returning case_no as "caseNo"`;
  const { loanId, policyId, policyVersion, openedAtMs, openedDpd, effectiveDpd, overdueMinor, stage } = opening;
  const row = await maybeOne(db, z.object({ caseNo: z.int() }), text, [
    ...[loanId, policyId, policyVersion, instant(openedAtMs), openedDpd, effectiveDpd, overdueMinor, stage],
    opening.assignee,
  ]);
  return row?.caseNo ?? null;
}

async function checkLoanAndPolicy(db: Queryable, { loanId, policyId, policyVersion }: NewCase): Promise<void> {
  const loans = await execute(db, 'select from loan where loan_id = $1', [loanId]);
  if (loans === 0) throw new Refusal('NotFound', 'no such loan', 'loanId');
  const text = 'select from policy where policy_id = $1 and version = $2';
  const policies = await execute(db, text, [policyId, policyVersion]);
  if (policies === 0) throw new Refusal('NotFound', 'no such policy version', 'policyVersion');
}

export async function getCase(db: Queryable, loanId: string, caseNo: number): Promise<StoredCase | null> {
  return maybeOne(db, caseRow, `${selectCase} where c.loan_id = $1 and c.case_no = $2`, [loanId, caseNo]);
}

export async function getOpenCase(db: Queryable, loanId: string): Promise<StoredCase | null> {
  return maybeOne(db, caseRow, `${selectCase} where c.loan_id = $1 and c.status = 'open'`, [loanId]);
}

/** The open case, or else the one that was closed last. */
export async function getLatestCase(db: Queryable, loanId: string): Promise<StoredCase | null> {
  return maybeOne(db, caseRow, `${selectCase} where c.loan_id = $1 order by c.case_no desc limit 1`, [loanId]);
}

export type CaseProjection = Pick<
  StoredCase,
  'stage' | 'rawDpd' | 'effectiveDpd' | 'overdueMinor' | 'paused' | 'nextAction' | 'nextActionAtMs'
>;

/** Writes what lists show of an open case; a closed one keeps what it ended with. */
export async function projectCase(db: Queryable, loanId: string, caseNo: number, shown: CaseProjection): Promise<void> {
  // An unchanged row is not written again: most steps of a case leave most of it as it was.
  await execute(
    db,
    `update loan_case set stage = $3, raw_dpd = $4, effective_dpd = $5, overdue_minor = $6, paused = $7,
       next_action = $8, next_action_at = $9
     where loan_id = $1 and case_no = $2 and status = 'open'
       and (stage, raw_dpd, effective_dpd, overdue_minor, paused, next_action, next_action_at)
         is distinct from ($3::text, $4::int, $5::int, $6::bigint, $7::boolean, $8::text, $9::timestamptz)`,
    [
      ...[loanId, caseNo, shown.stage, shown.rawDpd, shown.effectiveDpd, shown.overdueMinor, shown.paused],
      ...[shown.nextAction, maybeInstant(shown.nextActionAtMs)],
    ],
  );
}

/** Answers whether the case was open until now. */
export async function closeCase(
  db: Queryable,
  loanId: string,
  caseNo: number,
  closing: { readonly closedAtMs: number; readonly reason: string },
): Promise<boolean> {
  const text = `update loan_case set status = 'closed', closed_at = $3, close_reason = $4, paused = false,
      next_action = 'none', next_action_at = null
    where loan_id = $1 and case_no = $2 and status = 'open'`;
  return (await execute(db, text, [loanId, caseNo, instant(closing.closedAtMs), closing.reason])) > 0;
}

/** @throws Refusal CaseNotOpen. */
export async function setEscalateTo(
  db: Queryable,
  loanId: string,
  caseNo: number,
  stage: string | null,
): Promise<void> {
  const text = `update loan_case set escalate_to = $3 where loan_id = $1 and case_no = $2 and status = 'open'`;
  if ((await execute(db, text, [loanId, caseNo, stage])) === 0) throw notOpen();
}

/** @throws Refusal CaseNotOpen. */
export async function setAssignee(
  db: Queryable,
  loanId: string,
  caseNo: number,
  assignee: string | null,
): Promise<void> {
  const text = `update loan_case set assignee = $3 where loan_id = $1 and case_no = $2 and status = 'open'`;
  if ((await execute(db, text, [loanId, caseNo, assignee])) === 0) throw notOpen();
}

function notOpen(): Refusal {
  return new Refusal('CaseNotOpen', 'the loan has no such open case');
}
