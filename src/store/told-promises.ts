import { z } from 'zod';

import type { Queryable } from './database';
import { many } from './rows';

const toldRow = z.object({ promiseId: z.string(), kind: z.string(), times: z.int() });

/** What the timeline last said of each promise of the loan, and how often it said something of it. */
export async function toldPromises(
  db: Queryable,
  loanId: string,
): Promise<ReadonlyMap<string, { readonly kind: string; readonly times: number }>> {
  const text = `select data->>'promiseId' as "promiseId", (array_agg(kind order by event_id desc))[1] as kind,
      count(*)::int as times
    from case_event where loan_id = $1 and kind in ('promise-kept', 'promise-broken', 'promise-reopened') group by 1`;
  const rows = await many(db, toldRow, text, [loanId]);
  return new Map(rows.map(({ promiseId, kind, times }) => [promiseId, { kind, times }]));
}
