import { z } from 'zod';
import type { FlagName } from '../domain/contact/flag';
import type { Queryable } from './database';
import { maybeOne, one } from './rows';

/** Whether any phone number or mail address of the borrower's own is still in use. */
export async function canBeReached(db: Queryable, customerId: string): Promise<boolean> {
  const text = `select exists (select from contact_point where customer_id = $1 and kind in ('phone', 'email')
    and party_id is null and state in ('unverified', 'verified')) as reachable`;
  return (await one(db, z.object({ reachable: z.boolean() }), text, [customerId])).reachable;
}

/** The number of the borrower's or a party's flag, about all loans or about one, that has no end yet; null where there is none. */
export async function runningFlag(
  db: Queryable,
  customerId: string,
  flag: FlagName,
  loanId: string | null = null,
  partyId: string | null = null,
): Promise<number | null> {
  const text = `select flag_id as id from contact_flag where customer_id = $1 and flag = $2
    and loan_id is not distinct from $3 and party_id is not distinct from $4 and until_at is null order by flag_id limit 1`;
  return (
    (await maybeOne(db, z.object({ id: z.coerce.number() }), text, [customerId, flag, loanId, partyId]))?.id ?? null
  );
}
