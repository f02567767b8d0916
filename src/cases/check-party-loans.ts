import { Refusal } from '../domain/refusal';
import type { NewContactPoint } from '../store/customers';
import type { Queryable } from '../store/database';
import { loansOfOtherCustomers } from '../store/loan-selection';

/**
 * What is said of a person's loans can be true: they are no other customer's, and two numbers of one person do not contradict each
 * other. A loan that nobody knows yet is taken: borrowers are put before their loans. `fieldOf` names the list of one of the points.
 * @throws Refusal InputInvalid.
 */
export async function checkPartyLoans(
  tx: Queryable,
  customerId: string,
  points: readonly NewContactPoint[],
  fieldOf: (index: number) => string,
): Promise<void> {
  const said = new Map<string | null, string>();
  for (const [index, { owner }] of points.entries()) {
    if (owner?.loanIds === undefined) continue;
    const { partyId, loanIds } = owner;
    const others = await loansOfOtherCustomers(tx, customerId, loanIds);
    if (others.length > 0) {
      throw new Refusal('InputInvalid', `no loan of this borrower: ${others.join(', ')}`, fieldOf(index));
    }
    const list = [...new Set(loanIds)].sort().join('\n');
    if (said.has(partyId) && said.get(partyId) !== list) {
      throw new Refusal('InputInvalid', 'another number or address of this person says otherwise', fieldOf(index));
    }
    said.set(partyId, list);
  }
}
