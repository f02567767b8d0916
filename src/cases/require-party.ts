import { Refusal } from '../domain/refusal';
import { knowsParty } from '../store/contact-point-owners';
import type { Queryable } from '../store/database';

/** @throws Refusal InputInvalid for a party that has no number or address on record of this borrower. */
export async function requireParty(
  tx: Queryable,
  { customerId, partyId }: { readonly customerId: string; readonly partyId: string | null },
): Promise<void> {
  if (partyId === null || (await knowsParty(tx, customerId, partyId))) return;
  throw new Refusal('InputInvalid', 'owns no number or address on record of this customer', 'partyId');
}
