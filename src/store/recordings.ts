import { z } from 'zod';
import type { Queryable } from './database';
import { execute, instant, many, maybeInstant, maybeOne } from './rows';

const recordingRow = z.object({
  recordingId: z.string(),
  contactId: z.string(),
  loanId: z.string(),
  caseNo: z.int(),
  providerId: z.string(),
  url: z.string(),
  durationSeconds: z.int(),
  madeAtMs: z.int(),
  retainUntilMs: z.int().nullable(),
  deletedAtMs: z.int().nullable(),
});
export type Recording = z.infer<typeof recordingRow>;

const select = `select r.recording_id as "recordingId", r.contact_id as "contactId", t.loan_id as "loanId",
    t.case_no as "caseNo", r.provider_id as "providerId", r.url, r.duration_seconds as "durationSeconds",
    r.made_at as "madeAtMs", r.retain_until as "retainUntilMs", r.deleted_at as "deletedAtMs"
  from recording r join contact t using (contact_id)`;

/** Keeps the link, never the sound. Answers whether it is new. */
export async function addRecording(db: Queryable, recording: Omit<Recording, 'loanId' | 'caseNo' | 'deletedAtMs'>) {
  const text = `insert into recording (recording_id, contact_id, provider_id, url, duration_seconds, made_at, retain_until)
    values ($1, $2, $3, $4, $5, $6, $7) on conflict (provider_id) do nothing`;
  const { recordingId, contactId, providerId, url, durationSeconds, madeAtMs, retainUntilMs } = recording;
  const times = [instant(madeAtMs), maybeInstant(retainUntilMs)];
  return (await execute(db, text, [recordingId, contactId, providerId, url, durationSeconds, ...times])) > 0;
}

export async function getRecording(db: Queryable, recordingId: string): Promise<Recording | null> {
  return maybeOne(db, recordingRow, `${select} where r.recording_id = $1`, [recordingId]);
}

export async function recordingsOfLoan(db: Queryable, loanId: string): Promise<Recording[]> {
  return many(db, recordingRow, `${select} where t.loan_id = $1 order by r.made_at, r.recording_id`, [loanId]);
}

const dueRecordingRow = recordingRow.pick({ recordingId: true, providerId: true, loanId: true, caseNo: true }).extend({
  /** The loans that it is about and for which a plan came into force. */
  withPlan: z.array(z.string()),
});
export type DueRecording = z.infer<typeof dueRecordingRow>;

/** Those whose time is over and that the provider may still have. While the loan has an open case, all are kept. */
export async function recordingsToDelete(db: Queryable, nowMs: number): Promise<DueRecording[]> {
  const text = `select r.recording_id as "recordingId", r.provider_id as "providerId", t.loan_id as "loanId",
      t.case_no as "caseNo", array(select distinct a.loan_id from arrangement a
        where a.loan_id = any(t.loan_ids) and a.effective_from is not null) as "withPlan"
    from recording r join contact t using (contact_id) where r.deleted_at is null and r.retain_until <= $1
      and not exists (select from loan_case c where c.loan_id = any(t.loan_ids) and c.status = 'open')
      and not exists (select from legal_hold h where h.customer_id = t.customer_id and h.cleared_at is null
        and (h.loan_id is null or h.loan_id = any(t.loan_ids)))
    order by r.retain_until`;
  return many(db, dueRecordingRow, text, [instant(nowMs)]);
}

export async function markDeleted(db: Queryable, recordingId: string, atMs: number): Promise<void> {
  await execute(db, 'update recording set deleted_at = $2 where recording_id = $1 and deleted_at is null', [
    recordingId,
    instant(atMs),
  ]);
}

export interface RecordingAccess {
  readonly recordingId: string;
  readonly actor: string;
  readonly reason: string;
  readonly atMs: number;
}

export async function recordAccess(
  db: Queryable,
  { recordingId, actor, reason, atMs }: RecordingAccess,
): Promise<void> {
  const text = 'insert into recording_access (recording_id, actor, reason, at) values ($1, $2, $3, $4)';
  await execute(db, text, [recordingId, actor, reason, instant(atMs)]);
}
