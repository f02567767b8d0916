import { z } from 'zod';

import { disputeOutcomes, disputeReasonCodes } from '../domain/dispute/dispute';
import type { Schedule } from '../domain/loan';
import type { Queryable } from './database';
import { instalmentColumns, instalmentsFromJson, instalmentsParameter } from './instalment-rows';
import { execute, instant, many, maybeOne } from './rows';

const disputeRow = z.object({
  disputeId: z.string(),
  loanId: z.string(),
  caseNo: z.int(),
  reasonCode: z.enum(disputeReasonCodes),
  /** Null: the whole debt. */
  disputedMinor: z.int().nullable(),
  openedBy: z.string(),
  openedAtMs: z.int(),
  answerByMs: z.int(),
  flagId: z.int(),
  /** How the bank knows; it is kept with the flag. */
  evidence: z.string(),
  /** Whether the flag has not been ended by hand. */
  flagRuns: z.boolean(),
  outcome: z.enum(disputeOutcomes).nullable(),
  upheldMinor: z.int().nullable(),
  creditedMinor: z.int().nullable(),
  scheduleNo: z.int().nullable(),
  resolvedBy: z.string().nullable(),
  resolvedAtMs: z.int().nullable(),
});
export type Dispute = z.infer<typeof disputeRow>;

const select = `select dispute_id as "disputeId", d.loan_id as "loanId", case_no as "caseNo", reason_code as "reasonCode",
    disputed_minor as "disputedMinor", opened_by as "openedBy", opened_at as "openedAtMs", answer_by as "answerByMs",
    d.flag_id as "flagId", evidence, ended_by is null as "flagRuns", outcome, upheld_minor as "upheldMinor",
    credited_minor as "creditedMinor", schedule_no as "scheduleNo", resolved_by as "resolvedBy",
    resolved_at as "resolvedAtMs"
  from dispute d join contact_flag f using (flag_id)`;

export type NewDispute = Pick<
  Dispute,
  | 'disputeId'
  | 'loanId'
  | 'caseNo'
  | 'reasonCode'
  | 'disputedMinor'
  | 'openedBy'
  | 'openedAtMs'
  | 'answerByMs'
  | 'flagId'
>;

export async function addDispute(db: Queryable, dispute: NewDispute): Promise<void> {
  const text = `insert into dispute (dispute_id, loan_id, case_no, reason_code, disputed_minor, opened_by, opened_at,
      answer_by, flag_id) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`;
  const { disputeId, loanId, caseNo, reasonCode, disputedMinor, openedBy, openedAtMs, answerByMs, flagId } = dispute;
  const when = [instant(openedAtMs), instant(answerByMs)];
  await execute(db, text, [disputeId, loanId, caseNo, reasonCode, disputedMinor, openedBy, ...when, flagId]);
}

export async function getDispute(db: Queryable, disputeId: string): Promise<Dispute | null> {
  return maybeOne(db, disputeRow, `${select} where dispute_id = $1`, [disputeId]);
}

export async function listDisputes(db: Queryable, loanId: string): Promise<Dispute[]> {
  return many(db, disputeRow, `${select} where d.loan_id = $1 order by opened_at, dispute_id`, [loanId]);
}

export interface Resolution {
  readonly outcome: (typeof disputeOutcomes)[number];
  readonly upheldMinor: number;
  readonly creditedMinor: number;
  readonly scheduleNo: number | null;
  readonly resolvedBy: string;
  readonly resolvedAtMs: number;
}

export async function writeResolution(db: Queryable, disputeId: string, resolution: Resolution): Promise<void> {
  const { outcome, upheldMinor, creditedMinor, scheduleNo, resolvedBy, resolvedAtMs } = resolution;
  const text = `update dispute set outcome = $2, upheld_minor = $3, credited_minor = $4, schedule_no = $5,
      resolved_by = $6, resolved_at = $7 where dispute_id = $1`;
  const values = [disputeId, outcome, upheldMinor, creditedMinor, scheduleNo, resolvedBy, instant(resolvedAtMs)];
  await execute(db, text, values);
}

/** Adds the schedule that asks for what is left after a dispute was upheld. */
export async function addCorrectedSchedule(
  db: Queryable,
  loanId: string,
  { no, effectiveFrom, instalments, chargesOff }: Schedule,
  disputeId: string,
): Promise<void> {
  const text = `
    with added as (
      insert into schedule (loan_id, schedule_no, effective_from, dispute_id, charges_off)
        values ($1, $2, $3, $4, $6)
      returning loan_id, schedule_no)
    insert into instalment (loan_id, schedule_no, ${instalmentColumns})
    select loan_id, schedule_no, given.* from added, ${instalmentsFromJson('$5')}`;
  const values = [loanId, no, effectiveFrom, disputeId, instalmentsParameter(instalments)];
  await execute(db, text, [...values, chargesOff === undefined ? null : JSON.stringify(chargesOff)]);
}
