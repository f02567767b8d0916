import type { Channel } from '../domain/case';
import { explainContact, type Explanation } from '../domain/contact/explain';
import { theBorrower, theirsAmong } from '../domain/contact/party';
import type { Purpose } from '../domain/contact/purpose';
import type { Situation } from '../domain/contact/situation';
import { Refusal } from '../domain/refusal';
import { openCasesOfCustomer } from '../store/case-lists';
import { bestContactPoint, getCustomer } from '../store/customers';
import type { Queryable } from '../store/database';
import { loadLoanFactsOfCustomer } from '../store/loan-facts';
import { partyAt } from '../store/party-loans';
import type { Gate } from './gate';
import { situationOf } from './read-situation';

export interface Question {
  readonly customerId: string;
  readonly channel: Channel;
  readonly purpose: Purpose;
  /** Null: every loan with an open case, or every loan where none is open; of who owes some of them, those. */
  readonly loanId: string | null;
  /** Null: the one that a message would go to. */
  readonly contactPoint: string | null;
}

/**
 * What the gate would say of a contact at an instant, and why; nothing is reserved and nothing is recorded. Of an instant
 * ahead it knows the record as it is now. @throws Refusal NotFound.
 */
export async function explain(
  db: Queryable,
  gate: Gate,
  question: Question,
  atMs: number,
): Promise<Explanation & { readonly situation: Situation }> {
  const { customerId, channel, purpose, loanId } = question;
  const customer = await getCustomer(db, customerId);
  if (customer === null) throw new Refusal('NotFound', 'no such customer', 'customerId');
  const asked = loanId === null ? await loansOf(db, customerId) : [loanId];
  const contactPoint =
    question.contactPoint ?? (await bestContactPoint(db, customerId, channel, asked, atMs))?.value ?? null;
  const party = contactPoint === null ? theBorrower : await partyAt(db, customerId, channel, contactPoint);
  const loanIds = theirsAmong(party, asked);
  const contact = { contactKey: null, customerId, loanIds, channel, purpose, contactPoint };
  const { situation } = await situationOf(db, gate, contact, atMs);
  return { ...explainContact(situation, gate.inForce.packs, gate.calendars), situation };
}

async function loansOf(db: Queryable, customerId: string): Promise<readonly string[]> {
  const open = (await openCasesOfCustomer(db, customerId)).map(({ loanId }) => loanId);
  return open.length > 0 ? open : (await loadLoanFactsOfCustomer(db, customerId)).map(({ loanId }) => loanId);
}
