import { z } from 'zod';
import type { ContactPointKind } from './customers';
import type { Queryable } from './database';
import { many } from './rows';

/** Every customer with this number or address, also where it was found to be invalid. */
export async function ownersOf(db: Queryable, kind: ContactPointKind, value: string): Promise<string[]> {
  const text = `select customer_id as "customerId" from contact_point where kind = $1 and value = $2 order by customer_id`;
  return (await many(db, z.object({ customerId: z.string() }), text, [kind, value])).map(
    ({ customerId }) => customerId,
  );
}
