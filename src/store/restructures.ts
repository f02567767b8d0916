import { z } from 'zod';

import { Refusal } from '../domain/refusal';
import type { Queryable } from './database';
import { execute, many, maybeOne } from './rows';

const restructureRow = z.object({
  restructureId: z.string(),
  loanId: z.string(),
  kind: z.enum(['extension', 'instalments']),
  terms: z.record(z.string(), z.unknown()),
  effectiveFrom: z.string(),
  reason: z.string(),
  actor: z.string(),
  recordedAtMs: z.int(),
});
export type StoredRestructure = z.infer<typeof restructureRow>;

const columns = `restructure_id as "restructureId", loan_id as "loanId", kind, terms,
  effective_from as "effectiveFrom", reason, actor, recorded_at as "recordedAtMs"`;

/**
 * Writes an agreement down; the same id again gives the row that is there. Its schedule is added by `addSchedule`.
 * @throws Refusal NotFound or RestructureInvalid.
 */
export async function addRestructure(
  db: Queryable,
  restructure: Omit<StoredRestructure, 'recordedAtMs'>,
): Promise<StoredRestructure> {
  const { restructureId, loanId, kind, terms, effectiveFrom, reason, actor } = restructure;
  const text = `insert into restructure (restructure_id, loan_id, kind, terms, effective_from, reason, actor)
    select $1, loan_id, $3, $4, $5, $6, $7 from loan where loan_id = $2
    on conflict (restructure_id) do nothing`;
  await execute(db, text, [restructureId, loanId, kind, JSON.stringify(terms), effectiveFrom, reason, actor]);
  const select = `select ${columns} from restructure where restructure_id = $1`;
  const stored = await maybeOne(db, restructureRow, select, [restructureId]);
  if (stored === null) throw new Refusal('NotFound', 'no such loan', 'loanId');
  if (stored.loanId !== loanId) {
    throw new Refusal('RestructureInvalid', 'is the restructure of another loan', 'restructureId');
  }
  return stored;
}

/** The loan's agreements in the order in which they were made. */
export async function listRestructures(db: Queryable, loanId: string): Promise<StoredRestructure[]> {
  const text = `select ${columns} from restructure where loan_id = $1 order by recorded_at, restructure_id`;
  return many(db, restructureRow, text, [loanId]);
}
