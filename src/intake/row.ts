import type { Day } from '../domain/day';
import type { Column, ImportKind } from './import-kinds';
import { columnsOf } from './import-kinds';
import type { LineBlock } from './lines';

export interface FieldRefusal {
  readonly field: string;
  readonly reason: string;
}

/** The cells of one line in the order of the kind's columns; null where an optional one is empty. */
export interface ReadRow {
  readonly line: number;
  readonly kind: ImportKind;
  readonly cells: readonly (string | null)[];
}

/** A line that is no row of its kind. */
export interface BadLine {
  readonly line: number;
  readonly wrong: readonly FieldRefusal[];
  /** Why nothing that follows can be read either. */
  readonly endsFile?: string;
}

/** Turns the lines of a format into rows. */
export type RowReader = (block: LineBlock) => Iterable<ReadRow | BadLine>;

export const lineTooLong: FieldRefusal = { field: 'line', reason: 'is too long for a row' };

export function isBad(row: ReadRow | BadLine): row is BadLine {
  return 'wrong' in row;
}

const reversalRule: FieldRefusal = {
  field: 'reverses',
  reason: 'must name the payment that a reversal, bounce or chargeback undoes, and is empty for a payment',
};

/** Everything that the row alone can show to be wrong; empty when it fits its columns. */
export function wrongIn(row: ReadRow, today: Day): readonly FieldRefusal[] {
  const columns = columnsOf[row.kind];
  let wrong: FieldRefusal[] | undefined;
  for (let at = 0; at < columns.length; at++) {
    const column = columns[at] as Column;
    const cell = row.cells[at] ?? null;
    const reason = cell === null ? (column.optional ? null : 'is missing') : column.check(cell);
    if (reason !== null) (wrong ??= []).push({ field: column.name, reason });
  }
  if (wrong !== undefined) return wrong;
  // Columns of a payment: 2 is its kind, 6 the payment that it undoes.
  if (row.kind !== 'payments') return none;
  if ((row.cells[2] === 'payment') !== (row.cells[6] == null)) return [reversalRule];
  return daysAhead(row, today);
}

/** Money that has not come is no money: the same rule as for a payment that is posted. Columns 5 and 7 are its days. */
function daysAhead({ cells }: ReadRow, today: Day): readonly FieldRefusal[] {
  const days = [
    { field: 'value_on', day: cells[5] ?? null },
    { field: 'booked_on', day: cells[7] ?? null },
  ];
  const ahead = days.filter(({ day }) => day !== null && day > today);
  return ahead.length === 0
    ? none
    : ahead.map(({ field }) => ({ field, reason: `must not lie after today, ${today}` }));
}

const none: readonly FieldRefusal[] = [];
