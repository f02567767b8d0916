import { accountAsOf } from '../domain/account/account';
import type { Charge } from '../domain/charge/charge-rules';
import { type Classification, classify } from '../domain/classification/classify';
import type { Day } from '../domain/day';
import { type Delinquency, delinquencyAsOf } from '../domain/delinquency';
import type { Policy } from '../domain/policy';
import { Refusal } from '../domain/refusal';
import { type FirstPayment, firstPayment } from '../domain/standing/first-payment';
import { type InstalmentStanding, instalmentsAsOf } from '../domain/standing/instalment-figures';
import { type BucketStay, bucketHistory } from '../domain/standing/standing-history';
import { getLatestCase } from '../store/cases';
import type { Queryable } from '../store/database';
import { loadLoanFactsOfCustomer, type StoredLoanFacts } from '../store/loan-facts';
import { getLoan, type StoredLoan } from '../store/loans';
import { bankToday } from './bank-today';
import type { Desk } from './desk';
import { delinquencyRules } from './read-facts';

/** How a loan stands on a day, whole, with the way it came there. */
export interface Standing {
  readonly loan: StoredLoan;
  readonly facts: StoredLoanFacts;
  readonly delinquency: Delinquency;
  readonly instalments: readonly InstalmentStanding[];
  readonly buckets: readonly BucketStay[];
  readonly charges: readonly Charge[];
  readonly firstPayment: FirstPayment | null;
  /** Null where the policy does not classify. */
  readonly classification: Classification | null;
}

/**
 * Recomputes from the facts how a loan stands on a day, the bank's today if none is named, by the policy that its open case
 * is pinned to or else the one that a new case would get.
 * @throws Refusal NotFound.
 */
export async function readStanding(desk: Desk, loanId: string, asOf?: Day): Promise<Standing> {
  const loan = await getLoan(desk.pool, loanId);
  const loans = loan === null ? [] : await loadLoanFactsOfCustomer(desk.pool, loan.customerId);
  const facts = loans.find((one) => one.loanId === loanId);
  if (loan === null || facts === undefined) throw new Refusal('NotFound', 'no such loan', 'loanId');
  const policy = await policyFor(desk, loanId);
  const [day, rules] = [asOf ?? (await bankToday(desk)), delinquencyRules(policy)];
  const delinquency = delinquencyAsOf(facts, day, rules);
  return {
    loan,
    facts,
    delinquency,
    instalments: instalmentsAsOf(facts, day, rules),
    buckets: bucketHistory(facts, day, rules),
    charges: accountAsOf(facts, day, rules).charges,
    firstPayment: firstPayment(facts, day, rules, policy.firstPaymentDaysMax),
    classification: classifyAmong(loans, facts, delinquency, policy),
  };
}

/** What `readCase` found, classified on its day. Reads the customer's other loans only where the policy looks at them. */
export async function classifyCase(
  db: Queryable,
  { loan, delinquency, policy }: { loan: StoredLoanFacts; delinquency: Delinquency; policy: Policy },
): Promise<Classification | null> {
  const asks = policy.classification?.customer ?? null;
  const loans = asks === null ? [loan] : await loadLoanFactsOfCustomer(db, loan.customerId);
  return classifyAmong(loans, loan, delinquency, policy);
}

/** The class of a loan by its own facts and, where the policy looks at them, those of its customer's others. */
export function classifyAmong(
  loans: readonly StoredLoanFacts[],
  facts: StoredLoanFacts,
  { asOf, outstanding }: Delinquency,
  policy: Policy,
): Classification | null {
  if (policy.classification === null) return null;
  const others = loans.filter(({ loanId }) => loanId !== facts.loanId);
  const loan = { facts, outstandingPrincipalMinor: outstanding.principal, others };
  return classify(loan, asOf, delinquencyRules(policy), policy.classification);
}

async function policyFor({ pool, policies, policyId }: Desk, loanId: string): Promise<Policy> {
  const latest = await getLatestCase(pool, loanId);
  if (latest?.status !== 'open') return (await policies.latest(pool, policyId)).policy;
  return (await policies.pinned(pool, latest.policyId, latest.policyVersion)).policy;
}
