import { z } from 'zod';
import type { Queryable } from './database';
import { many, one } from './rows';

export interface ProviderReport {
  readonly provider: 'twilio' | 'mail';
  readonly providerId: string;
  readonly status: string;
  /** Null where nobody knows the message. */
  readonly contactId: string | null;
  readonly code: string | null;
}

/** Keeps a report once per message and word, however often it comes; answers whether it is the first. */
export async function recordReport(db: Queryable, report: ProviderReport): Promise<boolean> {
  const { provider, providerId, status, contactId, code } = report;
  const text = `insert into provider_report as r (provider, provider_id, status, contact_id, code)
    values ($1, $2, $3, $4, $5)
    on conflict (provider, provider_id, status) do update
      set times = r.times + 1, contact_id = coalesce(r.contact_id, excluded.contact_id)
    returning times`;
  const { times } = await one(db, z.object({ times: z.int() }), text, [provider, providerId, status, contactId, code]);
  return times === 1;
}

const countRow = z.object({ provider: z.string(), count: z.int() });

/** How many reports were about a message that nobody knows. */
export async function unmatchedReports(db: Queryable): Promise<z.infer<typeof countRow>[]> {
  const text = `select provider, count(*) as count from provider_report where contact_id is null
    group by provider order by provider`;
  return many(db, countRow, text);
}
