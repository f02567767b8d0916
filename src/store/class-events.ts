import type { Queryable } from './database';
import { execute, instant } from './rows';

export interface ClassFound {
  readonly loanId: string;
  readonly caseNo: number;
  readonly atMs: number;
  readonly actor: string;
  readonly reason: string;
  readonly class: string;
  /** The class of a case whose timeline names none. */
  readonly usual: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * Records the event `classified` unless the case's last one, or its opening, names the same class; answers whether it did.
 * The key names the event that it follows, so that of two looks at the same time one tells.
 */
export async function recordClass(db: Queryable, found: ClassFound): Promise<boolean> {
  const text = `
    with last as (
      select coalesce(max(event_id), 0) as event_id, (array_agg(data ->> 'class' order by event_id desc))[1] as class
      from case_event where loan_id = $1 and case_no = $2 and kind in ('opened', 'classified'))
    insert into case_event (loan_id, case_no, at, kind, actor, reason, data, event_key)
    select $1, $2, $3, 'classified', $4, $5, $6, 'classified/after/' || event_id from last
    where coalesce(class, $8) <> $7
    on conflict (loan_id, case_no, event_key) do nothing`;
  const { loanId, caseNo, atMs, actor, reason, data } = found;
  const values = [loanId, caseNo, instant(atMs), actor, reason, JSON.stringify(data), found.class, found.usual];
  return (await execute(db, text, values)) > 0;
}
