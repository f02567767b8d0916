import type { Day } from '../domain/day';
import type { Queryable } from '../store/database';
import type { ImportRefusal } from '../store/imports';
import type { Batch } from './batch';
import { addRow, emptyBatch } from './batch';
import { diagnose } from './diagnosis';
import type { ImportKind } from './import-kinds';
import { importKinds } from './import-kinds';
import type { BadLine, ReadRow } from './row';
import { isBad, wrongIn } from './row';
import { customersTaker } from './take-customers';
import { instalmentsTaker } from './take-instalments';
import { loansTaker } from './take-loans';
import { paymentsTaker } from './take-payments';
import type { Taker } from './taker';

const takers: Readonly<Record<ImportKind, Taker>> = {
  customers: customersTaker,
  loans: loansTaker,
  instalments: instalmentsTaker,
  payments: paymentsTaker,
};

/** What goes into the store in one transaction: good rows by kind, and what was wrong with the others. */
export interface Part {
  readonly batches: Partial<Record<ImportKind, Batch>>;
  readonly refusals: ImportRefusal[];
  rowsRead: number;
  rowsBad: number;
}

export function emptyPart(): Part {
  return { batches: {}, refusals: [], rowsRead: 0, rowsBad: 0 };
}

export function addToPart(part: Part, row: ReadRow | BadLine, today: Day): void {
  // A header is not a row.
  const counts = isBad(row) && row.endsFile !== undefined ? 0 : 1;
  part.rowsRead += counts;
  const wrong = isBad(row) ? row.wrong : wrongIn(row, today);
  if (wrong.length > 0) {
    part.rowsBad += counts;
    for (const { field, reason } of wrong) part.refusals.push({ line: row.line, field, reason });
  } else if (!isBad(row)) addRow((part.batches[row.kind] ??= emptyBatch(row.kind)), row);
}

/** Stores the part's good rows, referred-to kinds first, and answers what came of them. */
export async function storeRows(
  db: Queryable,
  { batches }: Part,
): Promise<{ taken: number; known: number; refusals: ImportRefusal[] }> {
  const sum = { taken: 0, known: 0, refusals: [] as ImportRefusal[] };
  for (const kind of importKinds) {
    const batch = batches[kind];
    if (batch === undefined) continue;
    const { insert, diagnosis, rules } = takers[kind];
    const taken = await insert(db, batch);
    const refused = taken === batch.lines.length ? [] : await diagnose(db, batch, diagnosis, rules);
    sum.taken += taken;
    sum.known += batch.lines.length - taken - refused.length;
    sum.refusals.push(...refused);
  }
  return sum;
}
