import { shownName } from './column-checks';
import type { SplitLine } from './csv-split';
import { splitLines } from './csv-split';
import type { ImportKind } from './import-kinds';
import { columnsOf } from './import-kinds';
import type { LineBlock } from './lines';
import type { BadLine, FieldRefusal, ReadRow, RowReader } from './row';
import { lineTooLong } from './row';

/** For each column of the kind, its place in the file; -1 where an optional one is absent. */
interface Header {
  readonly places: readonly number[];
  readonly width: number;
}

/** A reader of CSV with a header row. A header that does not fit yields its refusals and ends the reading. */
export function csvRows(kind: ImportKind): RowReader {
  let header: Header | undefined;
  return function* (block) {
    for (const { line, split } of numbered(block)) {
      if (split === null) yield { line, wrong: [lineTooLong] };
      else if (header === undefined) {
        const wrong = wrongInHeader(kind, split);
        if (wrong.length > 0) {
          yield { line, wrong, endsFile: `the header is not one of ${kind}` };
          return;
        }
        header = headerOf(kind, split as readonly string[]);
      } else yield rowOf(kind, header, line, split);
    }
  };
}

function* numbered(block: LineBlock): Generator<{ line: number; split: SplitLine | null }> {
  const full: string[] = [];
  for (const text of block.lines) if (text !== null && text !== '') full.push(text);
  const split = splitLines(full);
  let next = 0;
  for (const [at, text] of block.lines.entries()) {
    if (text !== '') yield { line: block.firstLine + at, split: text === null ? null : (split[next++] ?? null) };
  }
}

function wrongInHeader(kind: ImportKind, split: SplitLine): FieldRefusal[] {
  if ('reason' in split) return [{ field: 'header', reason: split.reason }];
  const columns = columnsOf[kind];
  const unknown = split.filter((name) => !columns.some((column) => column.name === name));
  const missing = columns.filter((column) => !column.optional && !split.includes(column.name));
  const doubled = split.filter((name, at) => split.indexOf(name) !== at && !unknown.includes(name));
  return [
    ...[...new Set(unknown)].map((name) => ({ field: shownName(name), reason: `is not a column of ${kind}` })),
    ...missing.map(({ name }) => ({ field: name, reason: `the column is missing from the header` })),
    ...[...new Set(doubled)].map((name) => ({ field: name, reason: 'the column stands twice in the header' })),
  ];
}

function headerOf(kind: ImportKind, names: readonly string[]): Header {
  return { places: columnsOf[kind].map(({ name }) => names.indexOf(name)), width: names.length };
}

function rowOf(kind: ImportKind, { places, width }: Header, line: number, split: SplitLine): ReadRow | BadLine {
  if ('reason' in split) return { line, wrong: [{ field: 'line', reason: split.reason }] };
  if (split.length !== width)
    return { line, wrong: [{ field: 'line', reason: `has ${split.length} cells where the header has ${width}` }] };
  return { line, kind, cells: places.map((place) => split[place] || null) };
}
