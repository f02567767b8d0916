/** An instant as epoch milliseconds, for a column inside a JSON list. */
export const msOf = (column: string): string => `floor(extract(epoch from ${column}) * 1000)`;

/** A JSON list of all rows of a select. */
export const listOf = (select: string): string =>
  `(select coalesce(json_agg(row_to_json(x)), '[]') from (${select}) x)`;
