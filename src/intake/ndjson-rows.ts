import { shownName } from './column-checks';
import type { Column, ImportKind } from './import-kinds';
import { columnsOf } from './import-kinds';
import type { BadLine, FieldRefusal, ReadRow, RowReader } from './row';
import { lineTooLong } from './row';

/**
 * What a row's own `kind` may say. A payment's kind is a column of it as well, and says the same: payments and
 * what undoes them are all rows of payments.
 */
const kindsByName: Readonly<Record<string, ImportKind>> = {
  customer: 'customers',
  customers: 'customers',
  loan: 'loans',
  loans: 'loans',
  instalment: 'instalments',
  instalments: 'instalments',
  payment: 'payments',
  reversal: 'payments',
  bounce: 'payments',
  chargeback: 'payments',
};

/** A reader of one JSON object per line. Without a kind for the file each row must name its own. */
export function ndjsonRows(fileKind: ImportKind | undefined): RowReader {
  return function* ({ firstLine, lines }) {
    for (const [at, text] of lines.entries()) {
      const line = firstLine + at;
      if (text === null) yield { line, wrong: [lineTooLong] };
      else if (text !== '') yield rowOf(line, text, fileKind);
    }
  };
}

function rowOf(line: number, text: string, fileKind: ImportKind | undefined): ReadRow | BadLine {
  const object = objectOf(text);
  if (object === null) return { line, wrong: [{ field: 'line', reason: 'is not one whole JSON object' }] };
  const named = Object.hasOwn(object, 'kind') ? object['kind'] : fileKind;
  const kind = typeof named === 'string' && Object.hasOwn(kindsByName, named) ? kindsByName[named] : fileKind;
  if (kind === undefined || (fileKind !== undefined && kind !== fileKind))
    return { line, wrong: [{ field: 'kind', reason: `is not one of ${fileKind ?? 'a portfolio'}` }] };
  return cellsOf(line, kind, object);
}

function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function cellsOf(line: number, kind: ImportKind, object: Record<string, unknown>): ReadRow | BadLine {
  const columns = columnsOf[kind];
  const wrong: FieldRefusal[] = [];
  let met = 0;
  const cells = columns.map((column) => {
    if (!Object.hasOwn(object, column.name)) return null;
    met++;
    const cell = cellOf(column, object[column.name]);
    if (typeof cell !== 'object' || cell === null) return cell;
    wrong.push(cell);
    return null;
  });
  const kindIsExtra = kind !== 'payments' && Object.hasOwn(object, 'kind') ? 1 : 0;
  if (Object.keys(object).length > met + kindIsExtra) wrong.push(...unknownIn(kind, object));
  return wrong.length > 0 ? { line, wrong } : { line, kind, cells };
}

function cellOf(column: Column, value: unknown): string | null | FieldRefusal {
  if (value === null || value === '') return null;
  if (column.sqlType === 'bigint' || column.sqlType === 'int') {
    if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
    return { field: column.name, reason: 'must be a whole JSON number' };
  }
  return typeof value === 'string' ? value : { field: column.name, reason: 'must be a JSON string' };
}

function unknownIn(kind: ImportKind, object: Record<string, unknown>): FieldRefusal[] {
  return Object.keys(object)
    .filter((name) => name !== 'kind' && !columnsOf[kind].some((column) => column.name === name))
    .map((name) => ({ field: shownName(name), reason: `is not a field of ${kind}` }));
}
