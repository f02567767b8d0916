import { z } from 'zod';
import type { WantedRetry } from '../domain/retry-steps';
import { givenBackUnheard } from './contacts';
import type { Queryable } from './database';
import { execute, instant, many } from './rows';

const retryRow = z.object({
  stepKey: z.string(),
  channel: z.enum(['sms', 'email']),
  template: z.string(),
  retryAtMs: z.int(),
});

/** The case's messages that reached nobody and are worth another attempt; each that was made again is in the list still. */
export async function wantedRetries(db: Queryable, loanId: string, caseNo: number): Promise<WantedRetry[]> {
  const text = `select substr(contact_key, length($1 || '/' || $2::int || '/') + 1) as "stepKey", channel, template,
      retry_at as "retryAtMs"
    from contact where loan_id = $1 and case_no = $2 and retry_at is not null and template is not null
      and state in ('failed', 'released') and channel in ('sms', 'email')
    order by retry_at, contact_key`;
  return many(db, retryRow, text, [loanId, caseNo]);
}

/** Asks for another attempt from then on. */
export async function wantRetry(db: Queryable, contactId: string, atMs: number): Promise<void> {
  await execute(db, 'update contact set retry_at = $2 where contact_id = $1', [contactId, instant(atMs)]);
}

/** Gives back what the provider had taken and says that it never sent: it is no contact. Answers whether it was one. */
export async function takeBack(
  db: Queryable,
  contactId: string,
  { providerId, outcome }: { readonly providerId: string; readonly outcome: string },
): Promise<boolean> {
  const text = `update contact set state = 'released', outcome = $3, provider_id = coalesce(provider_id, $2)
    where contact_id = $1 and (state in ('reserved', 'unknown', 'placed') or ${givenBackUnheard})`;
  return (await execute(db, text, [contactId, providerId, outcome])) > 0;
}
