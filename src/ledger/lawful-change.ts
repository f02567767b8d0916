/** What the ledger says of one row's columns, as far as entries have named them. */
export type AttestedColumns = ReadonlyMap<string, unknown>;

const ended = ['ended_by', 'end_reason'];

/** What may be written after the row: that it ended, or was decided. Of a table that is not named here nothing may be. */
const mayChange: Readonly<Record<string, readonly string[]>> = {
  contact_grant: ['until_at', ...ended],
  contact_flag: ['until_at', 'until_day', ...ended],
  inconvenient_time: ['withdrawn_at', ...ended],
  legal_hold: ['cleared_by', 'cleared_at', 'clear_reason'],
  data_request: ['state', 'decided_at', 'decided_by', 'ground', 'note'],
  cause: ['ended_day', 'ended_by', 'ended_at'],
  arrangement: ['effective_from', 'waived', 'added', 'rejected_on', 'cancelled_on', 'cancelled_by'],
  promise: ['cancelled_day', 'cancelled_by', 'cancelled_at'],
};

const contactIs = new Set(['customer_id', 'loan_id', 'case_no']);
const contactSays = new Set(['contact_point', 'subject', 'body', 'content_hash']);

/** Those of the columns that an update may not write, by what was attested before. A purge alone may change them. */
export function unlawfullyUpdated(table: string, before: AttestedColumns, columns: readonly string[]): string[] {
  if (table !== 'contact') {
    return columns.filter(
      (column) => mayChange[table]?.includes(column) !== true && !isFilledIn(table, before, column),
    );
  }
  return columns.filter((column) => contactIs.has(column) || (contactSays.has(column) && !isPlanned(before, column)));
}

/** Whose a grant is was found by the migration that added the column, for the rows that were there. */
function isFilledIn(table: string, before: AttestedColumns, column: string): boolean {
  return table === 'contact_grant' && column === 'party_id' && !before.has(column);
}

/** Until it is handed over a contact is a plan; of a call the words are added once, when a machine has heard them. */
function isPlanned(columns: AttestedColumns, column: string): boolean {
  const state = columns.get('state');
  if (state === 'released' || (state === 'reserved' && columns.get('handed_at') === null)) return true;
  const isText = column === 'body' || column === 'content_hash';
  return isText && columns.get('channel') === 'call' && columns.get(column) === null;
}
