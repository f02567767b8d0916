/** Months of the file, oldest first, as the columns' suffixes name them newest first. There is no PAY_1. */
export const uciMonths = ['2005-04', '2005-05', '2005-06', '2005-07', '2005-08', '2005-09'] as const;
export type UciMonth = (typeof uciMonths)[number];

/** One account. Amounts in whole New Taiwan dollars; lists are in the order of `uciMonths`. */
export interface UciRow {
  readonly id: number;
  readonly limitTwd: number;
  /** -2 no use, -1 paid in full, 0 minimum paid, 1 … 8 months late. */
  readonly codes: readonly number[];
  readonly billsTwd: readonly number[];
}

const codeColumns = ['PAY_6', 'PAY_5', 'PAY_4', 'PAY_3', 'PAY_2', 'PAY_0'];
const billColumns = ['BILL_AMT6', 'BILL_AMT5', 'BILL_AMT4', 'BILL_AMT3', 'BILL_AMT2', 'BILL_AMT1'];

/**
 * A reader of the file's rows, given its header. It takes what the file says of behaviour up to September 2005 and leaves the
 * outcome of October alone.
 * @throws RangeError when a column is missing or a cell is not a whole number.
 */
export function uciRowReader(header: string): (line: string) => UciRow {
  const names = header.split(',');
  const placeOf = (name: string): number => {
    const place = names.indexOf(name);
    if (place < 0) throw new RangeError(`the file has no column ${name}`);
    return place;
  };
  const id = placeOf('ID');
  const limit = placeOf('LIMIT_BAL');
  const codes = codeColumns.map(placeOf);
  const bills = billColumns.map(placeOf);
  return (line) => {
    const cells = line.split(',');
    const integer = (place: number): number => {
      // Some copies of the file write 20000.0.
      const value = Number(cells[place] || NaN);
      if (!Number.isSafeInteger(value)) throw new RangeError(`${names[place] ?? ''} is not a whole number`);
      return value;
    };
    return { id: integer(id), limitTwd: integer(limit), codes: codes.map(integer), billsTwd: bills.map(integer) };
  };
}
