import { z } from 'zod';
import { legStatuses } from '../domain/call/call-leg';
import { type Connection, connections } from '../domain/contact/past-contact';
import { type Contact, contactColumns, contactRow } from './contact-row';
import type { ContactPoint } from './customers';
import type { Queryable } from './database';
import { execute, instant, many, maybeOne } from './rows';

const callRow = z.object({
  contactId: z.string(),
  taskId: z.string(),
  attempt: z.int(),
  startedBy: z.string(),
  collectorPhone: z.string(),
  askedAtMs: z.int(),
  collectorSid: z.string().nullable(),
  collectorStatus: z.enum(legStatuses).nullable(),
  dialledAtMs: z.int().nullable(),
  borrowerSid: z.string().nullable(),
  borrowerStatus: z.enum(legStatuses).nullable(),
  answeredBy: z.string().nullable(),
  voicemail: z.enum(['playing', 'left', 'partial']).nullable(),
  failure: z.string().nullable(),
});
export type Call = z.infer<typeof callRow>;

const columns = `contact_id as "contactId", task_id as "taskId", attempt, started_by as "startedBy",
  collector_phone as "collectorPhone", asked_at as "askedAtMs", collector_sid as "collectorSid",
  collector_status as "collectorStatus", dialled_at as "dialledAtMs", borrower_sid as "borrowerSid",
  borrower_status as "borrowerStatus", answered_by as "answeredBy", voicemail, failure`;

export type NewCall = Pick<Call, 'contactId' | 'taskId' | 'attempt' | 'startedBy' | 'collectorPhone' | 'askedAtMs'>;

export async function addCall(db: Queryable, call: NewCall): Promise<void> {
  const text = `insert into call (contact_id, task_id, attempt, started_by, collector_phone, asked_at)
    values ($1, $2, $3, $4, $5, $6)`;
  const { contactId, taskId, attempt, startedBy, collectorPhone, askedAtMs } = call;
  await execute(db, text, [contactId, taskId, attempt, startedBy, collectorPhone, instant(askedAtMs)]);
}

export async function getCall(db: Queryable, contactId: string): Promise<Call | null> {
  return maybeOne(db, callRow, `select ${columns} from call where contact_id = $1`, [contactId]);
}

export async function latestCallOfTask(db: Queryable, taskId: string): Promise<Call | null> {
  const text = `select ${columns} from call where task_id = $1 order by attempt desc limit 1`;
  return maybeOne(db, callRow, text, [taskId]);
}

const notDialled = z.object({ contactId: z.string(), customerId: z.string() });
const notDialledMax = 200;

/** Calls asked for before then whose contact is held though nobody was dialled and nothing was heard of an end, the oldest first. */
export async function callsNotDialled(db: Queryable, beforeMs: number): Promise<z.infer<typeof notDialled>[]> {
  const text = `select c.contact_id as "contactId", t.customer_id as "customerId" from call c join contact t using (contact_id)
    where t.state in ('reserved', 'unknown') and c.dialled_at is null and c.failure is null and c.asked_at <= $1
    order by c.asked_at, c.contact_id limit ${notDialledMax}`;
  return many(db, notDialled, text, [instant(beforeMs)]);
}

/** Writes what became known of a call; what is left out stays as it is. */
export async function updateCall(
  db: Queryable,
  contactId: string,
  change: Partial<Omit<Call, 'contactId' | 'taskId' | 'attempt' | 'startedBy' | 'collectorPhone' | 'askedAtMs'>>,
): Promise<void> {
  const text = `update call set collector_sid = coalesce($2, collector_sid),
      collector_status = coalesce($3, collector_status), dialled_at = coalesce($4, dialled_at),
      borrower_sid = coalesce($5, borrower_sid), borrower_status = coalesce($6, borrower_status),
      answered_by = coalesce($7, answered_by), voicemail = coalesce($8, voicemail), failure = coalesce($9, failure)
    where contact_id = $1`;
  const { dialledAtMs } = change;
  await execute(db, text, [
    ...[contactId, change.collectorSid, change.collectorStatus, dialledAtMs == null ? null : instant(dialledAtMs)],
    ...[change.borrowerSid, change.borrowerStatus, change.answeredBy, change.voicemail, change.failure],
  ]);
}

/** The contact that a task's outcome belongs to: of several attempts the last that may have disturbed somebody. */
export async function contactOfTask(db: Queryable, taskId: string, taskContactKey: string): Promise<Contact | null> {
  const text = `select ${contactColumns} from contact t left join call c using (contact_id)
    where c.task_id = $1 or t.contact_key = $2
    order by t.state = 'released', coalesce(c.attempt, 0) desc limit 1`;
  return maybeOne(db, contactRow, text, [taskId, taskContactKey]);
}

export interface CallEnd {
  readonly connection: Connection | null;
  /** What the collector says that it ended with; null while only the provider spoke. */
  readonly outcome: string | null;
}

/** How far the contact came. One with an outcome was made, whatever was believed before. */
export async function setConnection(db: Queryable, contactId: string, end: CallEnd): Promise<void> {
  const text = `update contact set connection = coalesce($2, connection), outcome = coalesce($3, outcome),
      state = case when $3::text is not null and state in ('reserved', 'unknown', 'released') then 'placed' else state end
    where contact_id = $1`;
  await execute(db, text, [contactId, end.connection, end.outcome]);
}

export async function connectionOfContact(db: Queryable, contactId: string): Promise<Connection | null> {
  const row = z.object({ connection: z.enum(connections).nullable() });
  return (
    (await maybeOne(db, row, 'select connection from contact where contact_id = $1', [contactId]))?.connection ?? null
  );
}

/** The number of a contact that is only reserved, whose it is, and what it is then about. */
export async function setContactPointOf(
  db: Queryable,
  contactId: string,
  { value, partyId, partyRole }: Pick<ContactPoint, 'value' | 'partyId' | 'partyRole'>,
  loanIds: readonly string[],
): Promise<void> {
  const text = `update contact set contact_point = $2, party_id = $3, party_role = $4, loan_ids = $5
    where contact_id = $1 and state = 'reserved'`;
  await execute(db, text, [contactId, value, partyId, partyRole, loanIds]);
}

/** What a machine heard; it never changes again. */
export async function addWords(
  db: Queryable,
  contactId: string,
  { language, body, contentHash }: { readonly language: string; readonly body: string; readonly contentHash: string },
): Promise<void> {
  const text = 'update contact set language = $2, body = $3, content_hash = $4 where contact_id = $1';
  await execute(db, text, [contactId, language, body, contentHash]);
}

/** Gives back what is reserved for tasks that nobody works any more, with the reason. Who was dialled stays on record. */
export async function releaseContactsOf(
  db: Queryable,
  tasks: readonly { readonly taskId: string; readonly contactKey: string }[],
  reason: string,
): Promise<void> {
  const text = `update contact t set state = 'released', outcome = $3 where state = 'reserved'
    and (contact_key = any($1) or contact_id in (select contact_id from call where task_id = any($2)))`;
  await execute(db, text, [tasks.map(({ contactKey }) => contactKey), tasks.map(({ taskId }) => taskId), reason]);
}
