import { z } from 'zod';

import type { Queryable } from './database';
import { many } from './rows';

// Everything that is kept about a person, and how each table knows whose it is.
const sources = {
  customer: 't.customer_id = $1',
  contactPoints: 't.customer_id = $1',
  partyLoans: 't.customer_id = $1',
  consents: 't.customer_id = $1',
  grants: 't.customer_id = $1',
  flags: 't.customer_id = $1',
  inconvenientTimes: 't.customer_id = $1',
  milestones: 't.customer_id = $1',
  loans: 't.customer_id = $1',
  payments: 't.loan_id in (select loan_id from loan where customer_id = $1)',
  cases: 't.customer_id = $1',
  events: 't.loan_id in (select loan_id from loan where customer_id = $1)',
  contacts: 't.customer_id = $1',
  contactDecisions: 't.customer_id = $1',
  reportedContacts: 't.contact_id in (select contact_id from contact where customer_id = $1)',
  calls: 't.contact_id in (select contact_id from contact where customer_id = $1)',
  recordings: 't.contact_id in (select contact_id from contact where customer_id = $1)',
  inboundMessages: 't.inbound_id in (select inbound_id from inbound_message_customer where customer_id = $1)',
  tasks: 't.customer_id = $1',
  causes: 't.loan_id in (select loan_id from loan where customer_id = $1)',
  writeOffs: 't.loan_id in (select loan_id from loan where customer_id = $1)',
  writeOffUndos: 't.loan_id in (select loan_id from loan where customer_id = $1)',
  sales: 't.loan_id in (select loan_id from loan where customer_id = $1)',
  pauses: 't.loan_id in (select loan_id from loan where customer_id = $1)',
  arrangements: 't.loan_id in (select loan_id from loan where customer_id = $1)',
  waivers: 't.loan_id in (select loan_id from loan where customer_id = $1)',
  disputes: 't.loan_id in (select loan_id from loan where customer_id = $1)',
  approvals: 't.loan_id in (select loan_id from loan where customer_id = $1)',
  legalHandoffs: 't.loan_id in (select loan_id from loan where customer_id = $1)',
  receipts: `t.receipt_id in (select receipt_id from payment join loan using (loan_id) where customer_id = $1)`,
  promises: 't.loan_id in (select loan_id from loan where customer_id = $1)',
  promiseParts: 't.promise_id in (select promise_id from promise join loan using (loan_id) where customer_id = $1)',
  legalHolds: 't.customer_id = $1',
  dataRequests: 't.customer_id = $1',
} as const;
type Source = keyof typeof sources;

export const personalTables: Readonly<Record<Source, string>> = {
  customer: 'customer',
  contactPoints: 'contact_point',
  partyLoans: 'party_loan',
  consents: 'consent',
  grants: 'contact_grant',
  flags: 'contact_flag',
  inconvenientTimes: 'inconvenient_time',
  milestones: 'contact_milestone',
  loans: 'loan',
  payments: 'payment',
  cases: 'loan_case',
  events: 'case_event',
  contacts: 'contact',
  contactDecisions: 'contact_decision',
  reportedContacts: 'reported_contact',
  calls: 'call',
  recordings: 'recording',
  inboundMessages: 'inbound_message',
  tasks: 'task',
  causes: 'cause',
  writeOffs: 'write_off',
  writeOffUndos: 'write_off_undo',
  sales: 'sale',
  pauses: 'pause',
  arrangements: 'arrangement',
  waivers: 'waiver',
  disputes: 'dispute',
  approvals: 'approval',
  legalHandoffs: 'legal_handoff',
  receipts: 'receipt',
  promises: 'promise',
  promiseParts: 'promise_part',
  legalHolds: 'legal_hold',
  dataRequests: 'data_request',
};

const held = z.object({ row: z.record(z.string(), z.unknown()) });
export type PersonalData = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

/**
 * Every row about a person, as it is stored, oldest first: what is handed over when they ask what is known of them. Numbers of
 * the bank's own people and links by which anybody could listen to a recording are not theirs, and stay here.
 */
export async function personalDataOf(db: Queryable, customerId: string): Promise<PersonalData> {
  const entries: [string, Record<string, unknown>[]][] = [];
  for (const [name, whose] of Object.entries(sources)) {
    const text = `select to_jsonb(t) - '{seal,url,collector_phone}'::text[] as row from ${personalTables[name as Source]} t where ${whose} order by t.recorded_at`;
    entries.push([name, (await many(db, held, text, [customerId])).map(({ row }) => camelCased(row))]);
  }
  return Object.fromEntries(entries);
}

function camelCased(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const named = (column: string): string => column.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(row).map(([column, value]) => [named(column), value]));
}
