import { CsvError, parse } from 'csv-parse/sync';

/** The cells of a line, or the reason why it has none. */
export type SplitLine = readonly string[] | { readonly reason: string };

/**
 * Splits lines of RFC 4180. None of our columns may hold a line break, so a record is a line: a quote that is not closed spoils
 * its own line instead of swallowing the rows that follow it.
 */
export function splitLines(lines: readonly string[]): SplitLine[] {
  // Most files have no quote at all, and then a line is its commas.
  const split: SplitLine[] = lines.map((line) => (line.includes('"') ? unsplit : line.split(',')));
  const quoted = lines.filter((line) => line.includes('"'));
  if (quoted.length === 0) return split;
  const records = together(quoted);
  let next = 0;
  return split.map((cells) => (cells === unsplit ? (records[next++] ?? unsplit) : cells));
}

const unsplit: SplitLine = { reason: 'is not CSV' };

/** One call of the parser for all of them is some twenty times faster than one per line; a bad line among them forces the latter. */
function together(lines: readonly string[]): SplitLine[] {
  try {
    const records = parse(lines.join('\n'), { relax_column_count: true });
    // A quote that ran on into the next line makes fewer records than lines.
    if (records.length === lines.length) return records;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
  }
  return lines.map(alone);
}

function alone(line: string): SplitLine {
  try {
    return parse(line, { relax_column_count: true })[0] ?? unsplit;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    if (error.code === 'CSV_QUOTE_NOT_CLOSED') return { reason: 'a quote is opened and not closed on this line' };
    return { reason: 'a quote stands where RFC 4180 allows none' };
  }
}
