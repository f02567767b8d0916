import { z } from 'zod';
import type { Queryable } from './database';
import { execute, instant, many } from './rows';

/** Something that a person who runs the service has to put right: no borrower is at fault. */
export interface OperationsAlert {
  readonly kind: 'configuration' | 'content';
  readonly provider: 'twilio' | 'mail';
  readonly code: string;
  readonly contactId: string;
  readonly atMs: number;
}

/** Once per contact and code. */
export async function raiseAlert(db: Queryable, alert: OperationsAlert): Promise<void> {
  const { kind, provider, code, contactId, atMs } = alert;
  const text = `insert into operations_alert (kind, provider, code, contact_id, at) values ($1, $2, $3, $4, $5)
    on conflict (contact_id, code) do nothing`;
  await execute(db, text, [kind, provider, code, contactId, instant(atMs)]);
}

const countRow = z.object({ kind: z.string(), provider: z.string(), code: z.string(), count: z.int() });

/** How many there were of each kind. */
export async function alertCounts(db: Queryable): Promise<z.infer<typeof countRow>[]> {
  const text = `select kind, provider, code, count(*) as count from operations_alert
    group by kind, provider, code order by kind, provider, code`;
  return many(db, countRow, text);
}
