import type { Gate } from '../contact/gate';
import { delinquencyAsOf } from '../domain/delinquency';
import { isTheirs, owes } from '../domain/contact/party';
import type { Day } from '../domain/day';
import { ownCourseOn } from '../domain/own-course/own-course';
import { isPausedOn } from '../domain/paused-days';
import type { Policy } from '../domain/policy';
import { pausesThatStop } from '../domain/rest/rest-rules';
import type { Queryable } from '../store/database';
import { loadLoanFactsOfCustomer, type StoredLoanFacts } from '../store/loan-facts';
import { type Owner, partyOf } from '../store/party-loans';
import { unnamedLoansOf } from '../store/unnamed-loans';
import { delinquencyRules } from './read-facts';

export interface Naming {
  readonly customerId: string;
  /** Of the case for which the contact is made; it is always named. */
  readonly loanId: string;
  /** Whom the contact reaches. */
  readonly owner: Owner;
  readonly policy: Policy;
  /** How the loans stood on this day, and at this instant. */
  readonly today: Day;
  readonly nowMs: number;
}

/**
 * The loans that a contact for one of a borrower's cases is about, be it a message, a call or a visit (design, decision 7): the
 * case's own, and each other that is overdue in its currency and in the same course. Nobody is reminded of a loan that is another's now, whose
 * arrangement or promise they keep, whose contacts are paused, or on which a flag lies, by a contact about another one either:
 * the gate would refuse the whole contact for it. A co-borrower or a guarantor is told of what is theirs alone; where the case's own
 * loan is not, nothing else is named in its stead, and the gate refuses the contact.
 */
export async function loansToName(
  tx: Queryable,
  { inForce }: Pick<Gate, 'inForce'>,
  { customerId, loanId, owner, policy, today, nowMs }: Naming,
): Promise<readonly StoredLoanFacts[]> {
  const packRules = inForce.packs.flatMap((pack) => pack.rules);
  const flags = packRules.flatMap((rule) => (rule.kind === 'block' ? rule.flags : []));
  const unnamed = await unnamedLoansOf(tx, customerId, flags, { nowMs, today });
  const loans = await loadLoanFactsOfCustomer(tx, customerId);
  const own = loans.find((loan) => loan.loanId === loanId);
  const party = await partyOf(tx, customerId, owner);
  if (!owes(party, loanId)) return loans.filter((loan) => loan === own);
  const rules = delinquencyRules(policy);
  const isReminded = (loan: StoredLoanFacts): boolean =>
    !loan.sold &&
    isTheirs(party, loan.loanId) &&
    loan.currency === own?.currency &&
    // A loan in a course of its own is named in the tone of that course, and no other one is.
    courseNameOf(loan, policy, today) === courseNameOf(own, policy, today) &&
    !isPausedOn(pausesThatStop(loan.pauses, 'contacts', rules.rests), today) &&
    delinquencyAsOf(loan, today, rules).rawDpd > 0;
  return loans.filter((loan) => loan === own || (!unnamed.has(loan.loanId) && isReminded(loan)));
}

function courseNameOf({ pauses }: StoredLoanFacts, { ownCourses = [] }: Policy, today: Day): string | undefined {
  return ownCourseOn(ownCourses, pauses, today)?.course.name;
}
