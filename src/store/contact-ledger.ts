import { z } from 'zod';

import { channels } from '../domain/case';
import { type Contact, contactColumns, contactRow, madeStates } from './contact-row';
import { cursorInstant, decodeCursor, type Page, toPage } from './cursor';
import type { Queryable } from './database';
import { instant, many, maybeInstant, one } from './rows';

/** Every contact with the customer from then on, in any state, oldest first: what caps and intervals count. */
export async function contactsOfCustomerSince(db: Queryable, customerId: string, sinceMs: number): Promise<Contact[]> {
  const text = `select ${contactColumns} from contact t where customer_id = $1 and at >= $2 order by at, contact_id`;
  return many(db, contactRow, text, [customerId, instant(sinceMs)]);
}

const recordRow = z.object({
  made: z.int(),
  channels: z.array(z.enum(channels)),
  visits: z.int(),
  lastAtMs: z.int().nullable(),
  offered: z.array(z.string()),
});
export type ContactRecord = z.infer<typeof recordRow>;

/**
 * What was done for the case: contacts that named its loan while it was open, also those of the customer's other cases,
 * and what was offered in them or in its completed tasks.
 */
export async function contactRecord(db: Queryable, loanId: string, caseNo: number): Promise<ContactRecord> {
  return one(
    db,
    recordRow,
    `with made as (
       select t.channel, t.at, t.offers from loan_case c
       join contact t on t.customer_id = c.customer_id and t.at >= c.opened_at
       where c.loan_id = $1 and c.case_no = $2 and t.at <= coalesce(c.closed_at, 'infinity')
         and $1 = any(t.loan_ids) and t.state in ${madeStates}),
     offer as (
       select unnest(offers) as name from made union
       select unnest(offered) from task where loan_id = $1 and case_no = $2 and state = 'completed')
     select count(*) as made, count(*) filter (where channel = 'visit') as visits, max(at) as "lastAtMs",
       coalesce(array_agg(distinct channel), '{}') as channels,
       (select coalesce(array_agg(name order by name), '{}') from offer) as offered
     from made`,
    [loanId, caseNo],
  );
}

/** Every contact that named the loan, in any state, oldest first. */
export async function listContacts(
  db: Queryable,
  loanId: string,
  cursor: string | null,
  limit: number,
): Promise<Page<Contact>> {
  const [afterMs, afterId] = decodeCursor(cursor, z.tuple([cursorInstant, z.uuid()])) ?? [null, null];
  const rows = await many(
    db,
    contactRow,
    `select ${contactColumns} from loan l join contact t using (customer_id)
     where l.loan_id = $1 and $1 = any(t.loan_ids)
       and ($2::timestamptz is null or (t.at, t.contact_id) > ($2, $3::uuid))
     order by t.at, t.contact_id limit $4`,
    [loanId, maybeInstant(afterMs), afterId, limit + 1],
  );
  return toPage(rows, limit, (row) => [row.atMs, row.contactId]);
}
