import type { ImportKind } from './import-kinds';
import { columnsOf } from './import-kinds';
import type { ReadRow } from './row';

/** Rows of one kind that go into the store together, column by column as `unnest` takes them. */
export interface Batch {
  readonly kind: ImportKind;
  readonly lines: number[];
  readonly columns: readonly (string | null)[][];
}

export function emptyBatch(kind: ImportKind): Batch {
  return { kind, lines: [], columns: columnsOf[kind].map(() => []) };
}

export function addRow(batch: Batch, row: ReadRow): void {
  batch.lines.push(row.line);
  for (let at = 0; at < batch.columns.length; at++) batch.columns[at]?.push(row.cells[at] ?? null);
}

/**
 * The batch as a table for a `from` clause, `b(…columns of the kind, ord)`, whose parameters `$1…` are `batchValues`.
 * `ord` counts the rows from 1 in the order of the file.
 */
export function batchTable(kind: ImportKind): string {
  const columns = columnsOf[kind];
  const arrays = columns.map(({ sqlType }, at) => `$${at + 1}::${sqlType}[]`);
  return `unnest(${arrays.join(', ')}) with ordinality as b(${columns.map(({ name }) => name).join(', ')}, ord)`;
}

/** The driver quotes every element of an array, which costs more than all our checks; numbers and days need no quotes. */
export function batchValues({ kind, columns }: Batch): string[] {
  return columnsOf[kind].map(({ sqlType }, at) => {
    const cells = columns[at] ?? [];
    return sqlType === 'text'
      ? `{${cells.map(quoted).join(',')}}`
      : `{${cells.map((cell) => cell ?? 'NULL').join(',')}}`;
  });
}

function quoted(cell: string | null): string {
  if (cell === null) return 'NULL';
  return /["\\]/.test(cell) ? `"${cell.replace(/["\\]/g, '\\$&')}"` : `"${cell}"`;
}
