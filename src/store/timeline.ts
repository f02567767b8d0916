import { z } from 'zod';

import { decodeCursor, type Page, toPage } from './cursor';
import type { Queryable } from './database';
import { execute, instant, many } from './rows';

const eventRow = z.object({
  eventId: z.int(),
  loanId: z.string(),
  caseNo: z.int(),
  atMs: z.int(),
  kind: z.string(),
  actor: z.string(),
  reason: z.string(),
  data: z.record(z.string(), z.unknown()),
  recordedAtMs: z.int(),
});
export type StoredEvent = z.infer<typeof eventRow>;

export interface NewEvent {
  readonly loanId: string;
  readonly caseNo: number;
  readonly atMs: number;
  readonly kind: string;
  readonly actor: string;
  readonly reason: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** The event's business key within its case: the same key again leaves one row. */
  readonly eventKey?: string | undefined;
}

/** Answers whether the event is new. */
export async function recordEvent(db: Queryable, event: NewEvent): Promise<boolean> {
  const { loanId, caseNo, atMs, kind, actor, reason, data, eventKey } = event;
  const text = `insert into case_event (loan_id, case_no, at, kind, actor, reason, data, event_key)
    values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (loan_id, case_no, event_key) do nothing`;
  const values = [loanId, caseNo, instant(atMs), kind, actor, reason, JSON.stringify(data), eventKey];
  return (await execute(db, text, values)) > 0;
}

const coveredCase = z.object({ loanId: z.string(), caseNo: z.int() });

/** The cases of these loans that were told that a contact of another case covers them. */
export async function casesCoveredBy(
  db: Queryable,
  contactId: string,
  loanIds: readonly string[],
): Promise<z.infer<typeof coveredCase>[]> {
  const text = `select distinct loan_id as "loanId", case_no as "caseNo" from case_event
    where loan_id = any($2) and kind = 'contact-covered' and data->>'contactId' = $1 order by 1, 2`;
  return many(db, coveredCase, text, [contactId, loanIds]);
}

/** What happened in all cases of the loan, in the order of recording. */
export async function listEvents(
  db: Queryable,
  loanId: string,
  cursor: string | null,
  limit: number,
): Promise<Page<StoredEvent>> {
  const [afterId] = decodeCursor(cursor, z.tuple([z.int().min(0)])) ?? [0];
  const rows = await many(
    db,
    eventRow,
    `select event_id as "eventId", loan_id as "loanId", case_no as "caseNo", at as "atMs", kind, actor, reason, data,
       recorded_at as "recordedAtMs"
     from case_event where loan_id = $1 and event_id > $2 order by event_id limit $3`,
    [loanId, afterId, limit + 1],
  );
  return toPage(rows, limit, (row) => [row.eventId]);
}

/** What was done because of how the loan stood: contacts, tasks, stages, legal means; a case that opened. */
const deedKinds = [
  'opened',
  'contact-made',
  'contact-covered',
  'contact-reported',
  'call-started',
  'task-created',
  'escalated',
  'legal-proposed',
];

const deedRow = z.object({ step: z.string(), atMs: z.int(), recordedAtMs: z.int() });

/**
 * What was done in the loan's cases since an instant of the bank's time, the first of it first. A deed without a step of
 * its policy goes by the stage that it led to, or by its kind.
 */
export async function takenStepsSince(
  db: Queryable,
  loanId: string,
  sinceMs: number,
): Promise<z.infer<typeof deedRow>[]> {
  const text = `select case when reason ~ ' is due$' then regexp_replace(reason, ' is due$', '')
      else coalesce(data->>'step', data->>'to', kind) end as step, at as "atMs",
      recorded_at as "recordedAtMs"
    from case_event where loan_id = $1 and at >= $2 and kind = any($3) order by at, event_id`;
  return many(db, deedRow, text, [loanId, instant(sinceMs), deedKinds]);
}
