import { z } from 'zod';
import type { Connection } from '../domain/contact/past-contact';
import { claimContact, type NewContact } from './contacts';
import type { Queryable } from './database';
import { execute, instant, maybeOne } from './rows';

const reportRow = z.object({
  contactId: z.string(),
  contentHash: z.string(),
  brokenRules: z.array(z.string()),
  breach: z.string().nullable(),
});
export type StoredReport = z.infer<typeof reportRow>;

export interface NewReport extends StoredReport {
  readonly reportId: string;
  readonly note: string | null;
  readonly reportedBy: string;
  readonly reportedAtMs: number;
  readonly direction: 'outbound' | 'inbound';
  readonly connection: Connection | null;
  /** Who made it for the bank; null for the bank itself. */
  readonly agency: string | null;
}

export async function reportByKey(db: Queryable, contactKey: string): Promise<StoredReport | null> {
  const text = `select contact_id as "contactId", r.content_hash as "contentHash", broken_rules as "brokenRules", breach
    from reported_contact r join contact t using (contact_id) where t.contact_key = $1`;
  return maybeOne(db, reportRow, text, [contactKey]);
}

/** Adds a contact that was made elsewhere, with what was said of it. */
export async function addReportedContact(db: Queryable, contact: NewContact, report: NewReport): Promise<void> {
  await claimContact(db, contact);
  const { contactId, direction, connection, agency } = report;
  const update = 'update contact set direction = $2, connection = $3, agency = $4 where contact_id = $1';
  await execute(db, update, [contactId, direction, connection, agency]);
  const insert = `insert into reported_contact (contact_id, report_id, content_hash, broken_rules, breach, note,
      reported_by, reported_at) values ($1, $2, $3, $4, $5, $6, $7, $8)`;
  await execute(db, insert, [
    ...[contactId, report.reportId, report.contentHash, report.brokenRules, report.breach, report.note],
    ...[report.reportedBy, instant(report.reportedAtMs)],
  ]);
}
