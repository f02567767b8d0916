import { z } from 'zod';
import { channels } from '../domain/case';
import { cursorInstant, decodeCursor, type Page, toPage } from './cursor';
import type { Queryable } from './database';
import { many, maybeInstant } from './rows';

/** What was to be sent. */
export const keptText = z.object({
  template: z.string().nullable(),
  language: z.string().nullable(),
  subject: z.string().nullable(),
  body: z.string(),
});

const keptRow = z.object({
  /** Of the contact or of the decision against one. */
  id: z.string(),
  contactKey: z.string(),
  loanId: z.string(),
  channel: z.enum(channels),
  purpose: z.string(),
  atMs: z.int(),
  /** Null for what was decided in the contact's own evidence. */
  decided: z.enum(['deny', 'defer']).nullable(),
  untilMs: z.int().nullable(),
  rules: z.array(z.string()).nullable(),
  evidence: z.record(z.string(), z.unknown()),
  /** Null where nothing was written, or where it was removed. */
  text: keptText.nullable(),
});

/** What the gate decided about one contact, as it is on record. */
export type KeptDecision = z.infer<typeof keptRow>;

/** Everything that was decided about contacts with the customer, oldest first: what was allowed and what was not. */
export async function keptDecisions(
  db: Queryable,
  customerId: string,
  cursor: string | null,
  limit: number,
): Promise<Page<KeptDecision>> {
  const [afterMs, afterId] = decodeCursor(cursor, z.tuple([cursorInstant, z.string()])) ?? [null, null];
  const text = `select * from (
      select contact_id::text as id, contact_key as "contactKey", loan_id as "loanId", channel, purpose, at as "atMs",
        null as decided, null::timestamptz as "untilMs", null::text[] as rules, verdict as evidence,
        case when body is not null then json_build_object('template', template, 'language', language,
          'subject', subject, 'body', body) end as text
      from contact where customer_id = $1
      union all
      select 'decision/' || decision_id, contact_key, loan_id, channel, purpose, at,
        case kind when 'denied' then 'deny' else 'defer' end, until_at, rules, evidence, null
      from contact_decision where customer_id = $1) kept
    where $2::timestamptz is null or ("atMs", id) > ($2, $3) order by "atMs", id limit $4`;
  const rows = await many(db, keptRow, text, [customerId, maybeInstant(afterMs), afterId, limit + 1]);
  return toPage(rows, limit, (row) => [row.atMs, row.id]);
}
