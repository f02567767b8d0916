import { z } from 'zod';
import type { ContactPointKind } from './customers';
import type { Queryable } from './database';
import { many, one } from './rows';

/** Every customer with this number or address, also where it was found to be invalid. Mail addresses have no capitals. */
export async function ownersOf(db: Queryable, kind: ContactPointKind, value: string): Promise<string[]> {
  const same = kind === 'email' ? 'lower(value) = lower($2)' : 'value = $2';
  const text = `select distinct customer_id as "customerId" from contact_point where kind = $1 and ${same}
    order by customer_id`;
  return (await many(db, z.object({ customerId: z.string() }), text, [kind, value])).map(
    ({ customerId }) => customerId,
  );
}

/** Whether any number or address on record of this customer belongs to the party. */
export async function knowsParty(db: Queryable, customerId: string, partyId: string): Promise<boolean> {
  const text = 'select exists (select from contact_point where customer_id = $1 and party_id = $2) as known';
  return (await one(db, z.object({ known: z.boolean() }), text, [customerId, partyId])).known;
}
