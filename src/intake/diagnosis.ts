import { z } from 'zod';

import type { Queryable } from '../store/database';
import type { ImportRefusal } from '../store/imports';
import { many } from '../store/rows';
import type { Batch } from './batch';
import { batchTable, batchValues } from './batch';
import type { ImportKind } from './import-kinds';

/** A row is refused by the first rule whose condition (SQL over `b` and the joined tables) holds. */
export interface RefusalRule {
  readonly when: string;
  readonly field: string;
  readonly reason: string;
}

/** The row's id is in the store under other content. `stored` is the alias of the stored row. */
export function otherContent(stored: string, columns: readonly string[]): RefusalRule[] {
  return columns.map((column) => ({
    when: `${stored}.${column} is distinct from b.${column}`,
    field: column,
    reason: `already known with another ${column}`,
  }));
}

/** A statement that answers, after a batch was inserted, which of its rows are not in the store as the file has them. */
export function diagnosisSql(kind: ImportKind, joins: string, rules: readonly RefusalRule[]): string {
  const cases = rules.map(({ when }, at) => `when ${when} then ${at}`).join('\n      ');
  return `
    select ord::int as ord, rule from (
      select b.ord, case ${cases} end as rule
      from ${batchTable(kind)} ${joins}
    ) judged where rule is not null order by ord`;
}

const judgedRow = z.object({ ord: z.number(), rule: z.number() });

export async function diagnose(
  db: Queryable,
  batch: Batch,
  sql: string,
  rules: readonly RefusalRule[],
): Promise<ImportRefusal[]> {
  const judged = await many(db, judgedRow, sql, batchValues(batch));
  return judged.map(({ ord, rule }) => {
    const line = batch.lines[ord - 1];
    const broken = rules[rule];
    if (line === undefined || broken === undefined)
      throw new Error('the diagnosis names a row that is not in its batch');
    return { line, field: broken.field, reason: broken.reason };
  });
}
