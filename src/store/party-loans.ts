import { z } from 'zod';
import type { Channel } from '../domain/case';
import { contactPointKindOf } from '../domain/contact/contact-point-kind';
import { owesByContract, type Party, type PartyRole, partyRoles, theBorrower } from '../domain/contact/party';
import type { Queryable } from './database';
import { execute, many, maybeOne } from './rows';

const loanRow = z.object({ loanId: z.string() });

/** Which of the customer's loans the person owes or answers for, instead of what was said before. */
export async function putPartyLoans(
  db: Queryable,
  customerId: string,
  partyId: string,
  loanIds: readonly string[],
): Promise<void> {
  const text = `with gone as (delete from party_loan
      where customer_id = $1 and party_id = $2 and loan_id <> all($3) returning 1)
    insert into party_loan (customer_id, party_id, loan_id) select $1, $2, unnest($3::text[])
    on conflict do nothing`;
  await execute(db, text, [customerId, partyId, loanIds]);
}

export interface Owner {
  readonly partyId: string | null;
  readonly partyRole: PartyRole;
}

/** The owner of a number or an address with what is theirs of the customer's loans; none where nobody said it. */
export async function partyOf(db: Queryable, customerId: string, { partyId, partyRole: role }: Owner): Promise<Party> {
  if (!owesByContract(role)) return { partyId, role };
  const text = 'select loan_id as "loanId" from party_loan where customer_id = $1 and party_id = $2 order by loan_id';
  const loans = await many(db, loanRow, text, [customerId, partyId]);
  return { partyId, role, loanIds: loans.map(({ loanId }) => loanId) };
}

/** Whoever the number or address belongs to; one that is not on record is taken for the borrower's. */
export async function partyAt(db: Queryable, customerId: string, channel: Channel, value: string): Promise<Party> {
  const text = `select party_id as "partyId", party_role as "partyRole" from contact_point
    where customer_id = $1 and kind = $2 and value = $3`;
  const row = z.object({ partyId: z.string().nullable(), partyRole: z.enum(partyRoles) });
  const owner = await maybeOne(db, row, text, [customerId, contactPointKindOf[channel], value]);
  return owner === null ? theBorrower : partyOf(db, customerId, owner);
}
