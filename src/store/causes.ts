import { z } from 'zod';

import { causeSources } from '../domain/cause/cause';
import { Refusal } from '../domain/refusal';
import type { Queryable } from './database';
import { instant, many, maybeOne, one } from './rows';

const causeRow = z.object({
  causeId: z.string(),
  loanId: z.string(),
  caseNo: z.int(),
  code: z.string(),
  fromDay: z.string(),
  heardAtMs: z.int(),
  source: z.enum(causeSources),
  /** The task or the contact that heard it. */
  sourceId: z.string().nullable(),
  actor: z.string(),
  endedDay: z.string().nullable(),
  endedBy: z.string().nullable(),
});
export type StoredCause = z.infer<typeof causeRow>;

const columns = `cause_id as "causeId", loan_id as "loanId", case_no as "caseNo", code, from_day as "fromDay",
  heard_at as "heardAtMs", source, source_id as "sourceId", actor, ended_day as "endedDay", ended_by as "endedBy"`;

export type NewCause = Omit<StoredCause, 'endedDay' | 'endedBy'>;

/** Adds a cause; while one of the same code runs in the case, that one is the answer. */
export async function addCause(db: Queryable, heard: NewCause): Promise<{ cause: StoredCause; added: boolean }> {
  const { causeId, loanId, caseNo, code, fromDay, heardAtMs, source, sourceId, actor } = heard;
  const text = `insert into cause (cause_id, loan_id, case_no, code, from_day, heard_at, source, source_id, actor)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    on conflict (loan_id, case_no, code) where ended_day is null do nothing returning ${columns}`;
  const values = [causeId, loanId, caseNo, code, fromDay, instant(heardAtMs), source, sourceId, actor];
  const added = await maybeOne(db, causeRow, text, values);
  if (added !== null) return { cause: added, added: true };
  const running = `select ${columns} from cause where loan_id = $1 and case_no = $2 and code = $3 and ended_day is null`;
  return { cause: await one(db, causeRow, running, [loanId, caseNo, code]), added: false };
}

export async function getCause(db: Queryable, causeId: string): Promise<StoredCause | null> {
  return maybeOne(db, causeRow, `select ${columns} from cause where cause_id = $1`, [causeId]);
}

export interface CauseEnd {
  readonly causeId: string;
  readonly endedDay: string;
  readonly endedBy: string;
  readonly endedAtMs: number;
}

/** Says that a cause is over. The same day again is known. @throws Refusal NotFound, or AlreadyExists for another day. */
export async function endCause(db: Queryable, end: CauseEnd): Promise<{ cause: StoredCause; ended: boolean }> {
  const text = `update cause set ended_day = $2, ended_by = $3, ended_at = $4
    where cause_id = $1 and ended_day is null returning ${columns}`;
  const values = [end.causeId, end.endedDay, end.endedBy, instant(end.endedAtMs)];
  const ended = await maybeOne(db, causeRow, text, values);
  if (ended !== null) return { cause: ended, ended: true };
  const stored = await getCause(db, end.causeId);
  if (stored === null) throw new Refusal('NotFound', 'no such cause', 'causeId');
  if (stored.endedDay === end.endedDay) return { cause: stored, ended: false };
  throw new Refusal('AlreadyExists', `it ended on ${stored.endedDay}`, 'endedDay');
}

/** All that was heard in the loan's cases, in the order in which it was heard. */
export async function listCauses(db: Queryable, loanId: string): Promise<StoredCause[]> {
  const text = `select ${columns} from cause where loan_id = $1 order by heard_at, recorded_at, cause_id`;
  return many(db, causeRow, text, [loanId]);
}
