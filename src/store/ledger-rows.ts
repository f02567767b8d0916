import { z } from 'zod';

import type { Queryable } from './database';
import { many } from './rows';

/** Tables whose rows the ledger attests. The same as `ledger_source`, which whoever tampers might have changed. */
export const attestedTables = [
  { table: 'contact', key: 'contact_id' },
  { table: 'case_event', key: 'event_id', customerBy: 'case' },
  { table: 'contact_decision', key: 'decision_id' },
  { table: 'consent', key: 'consent_id' },
  { table: 'contact_grant', key: 'grant_id' },
  { table: 'contact_flag', key: 'flag_id' },
  { table: 'inconvenient_time', key: 'inconvenient_id' },
  { table: 'contact_milestone', key: 'milestone_id' },
  { table: 'legal_hold', key: 'hold_id' },
  { table: 'data_request', key: 'request_id' },
  { table: 'purge', key: 'purge_id' },
  { table: 'cause', key: 'cause_id', customerBy: 'case' },
  { table: 'arrangement', key: 'arrangement_id', customerBy: 'case' },
  { table: 'write_off', key: 'write_off_id', customerBy: 'case' },
  { table: 'write_off_undo', key: 'undo_id', customerBy: 'case' },
  { table: 'sale', key: 'sale_id', customerBy: 'case' },
  { table: 'waiver', key: 'waiver_id', customerBy: 'case' },
  { table: 'promise', key: 'promise_id', customerBy: 'case' },
  { table: 'promise_part', key: 'part_id', customerBy: 'case' },
] as const satisfies readonly AttestedTable[];

export interface AttestedTable {
  readonly table: string;
  readonly key: string;
  /** Where the row does not say itself whose it is. */
  readonly customerBy?: 'case';
}

const attestedRow = z.object({
  key: z.string(),
  seal: z.string().nullable(),
  /** Each column's value as PostgreSQL writes JSON: what is sealed. */
  columns: z.record(z.string(), z.string()),
});
export type AttestedRow = z.infer<typeof attestedRow> & { readonly table: string };

/** Rows of the customers as they stand now. The session's time zone must be UTC, because instants are sealed as text. */
export async function attestedRowsOf(
  db: Queryable,
  { table, key, customerBy }: AttestedTable,
  customerIds: readonly string[],
): Promise<AttestedRow[]> {
  const whose = customerBy === undefined ? 't.customer_id' : 'c.customer_id';
  const join = customerBy === undefined ? '' : 'join loan_case c using (loan_id, case_no)';
  const text = `select t.${key}::text as key, t.seal::text as seal,
      (select json_object_agg(e.key, e.value::text) from jsonb_each(to_jsonb(t) - 'seal') e) as columns
    from ${table} t ${join} where ${whose} = any($1)`;
  const rows = await many(db, attestedRow, text, [customerIds]);
  return rows.map((row) => ({ ...row, table }));
}

/** Rows of these keys. */
export async function attestedRowsByKey(
  db: Queryable,
  { table, key }: AttestedTable,
  keys: readonly string[],
): Promise<AttestedRow[]> {
  if (keys.length === 0) return [];
  const text = `select t.${key}::text as key, t.seal::text as seal,
      (select json_object_agg(e.key, e.value::text) from jsonb_each(to_jsonb(t) - 'seal') e) as columns
    from ${table} t where t.${key}::text = any($1)`;
  const rows = await many(db, attestedRow, text, [keys]);
  return rows.map((row) => ({ ...row, table }));
}
