import { types } from 'pg';

const { INT8, DATE, TIMESTAMPTZ } = types.builtins;

type TypeId = Parameters<typeof types.getTypeParser>[0];
type Parser = (text: string) => unknown;

/** How a column's text becomes a value: bigint → safe integer, date → `YYYY-MM-DD`, timestamptz → epoch milliseconds. */
export function columnParser(oid: TypeId, format?: 'text' | 'binary'): Parser {
  if (format !== 'binary') {
    if (oid === INT8) return parseInteger;
    if (oid === DATE) return parseDay;
    if (oid === TIMESTAMPTZ) return parseInstant;
  }
  return types.getTypeParser(oid, format) as Parser;
}

function parseInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} is beyond the integers that a number holds`);
  return value;
}

// The driver's own parser makes a local midnight of a day, which is another day elsewhere.
function parseDay(text: string): string {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) throw new RangeError(`date ${text} is not a day YYYY-MM-DD`);
  return text;
}

const parseTimestamp = types.getTypeParser(TIMESTAMPTZ) as (text: string) => Date | number;

/** Parts of a millisecond are cut off. */
function parseInstant(text: string): number {
  const ms = parseTimestamp(text).valueOf();
  if (!Number.isSafeInteger(ms)) throw new RangeError(`timestamptz ${text} is not an instant`);
  return ms;
}
