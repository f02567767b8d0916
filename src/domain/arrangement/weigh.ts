import { accountAsOf, orderAsOf } from '../account/account';
import type { Day } from '../day';
import { type Delinquency, delinquencyAsOf, type DelinquencyRules } from '../delinquency';
import type { LoanFacts, Schedule } from '../loan';
import { Refusal } from '../refusal';
import { scheduleAsOf } from '../schedule';
import { type Affordability, affordabilityOf, affordabilityProblem, type Budget } from './affordability';
import type { ArrangementPolicy, OfferRules } from './arrangement-policy';
import { loanLimitProblem, quotaProblem } from './loan-limits';
import { beyond, beyondProblem, type MeasureName, type Measures, measuresOf } from './measures';
import { type Rearranged, rearrange, type Standing } from './rearrange';
import type { ArrangementTerms } from './terms';

/** Everything that bears on whether a loan may have an arrangement. */
export interface Scene {
  readonly loan: LoanFacts;
  readonly product: string;
  readonly today: Day;
  readonly rules: DelinquencyRules;
  readonly policy: ArrangementPolicy;
  /** The days on which the loan's earlier arrangements began. */
  readonly earlier: readonly Day[];
  readonly branch: { readonly openCases: number; readonly underArrangement: number };
  /** What the borrower says of a month; null where nobody asked. */
  readonly budget: Budget | null;
}

/** What an arrangement would do, and whether it may be. Nothing is written. */
export interface Weighed {
  /** Null where it cannot be at all. */
  readonly made: Rearranged | null;
  readonly measures: Measures;
  readonly affordability: Affordability | null;
  /** Who has to agree besides, and which limits ask for it. */
  readonly approval: { readonly role: string; readonly because: readonly MeasureName[] } | null;
  readonly refusals: readonly Refusal[];
  readonly before: Delinquency;
  /** The same day under the new schedule; a settlement changes nothing before it is paid. */
  readonly after: Delinquency | null;
}

/** Weighs an arrangement that would begin today. Every reason against it is found, not only the first. */
export function weigh(scene: Scene, terms: ArrangementTerms): Weighed {
  const { loan, today, rules, policy } = scene;
  const before = delinquencyAsOf(loan, today, rules);
  const offer = policy.offers[terms.kind];
  const standing = standingFor(scene, terms);
  const made = offer === undefined ? notOffered(terms) : attempted(() => rearrange(standing, terms, today));
  if (made instanceof Refusal || offer === undefined) {
    const refusals = made instanceof Refusal ? [made] : [];
    return { made: null, measures: {}, affordability: null, approval: null, refusals, before, after: null };
  }
  const measures = measuresOf(standing, terms, made, today);
  const asked = beyond(measures, offer.alone);
  const affordability = affordabilityIn(scene, made);
  return {
    made,
    measures,
    affordability,
    approval: offer.approval === null || asked.length === 0 ? null : { role: offer.approval, because: asked },
    refusals: [
      ...offerProblems(scene, offer, terms, measures, before),
      ...problem(loanLimitProblem(scene.earlier, today, policy.perLoan)),
      ...problem(quotaProblem(scene.branch.openCases, scene.branch.underArrangement, policy.quota)),
      ...problem(affordabilityProblem(offer.affordabilityRequired, affordability)),
    ],
    before,
    after: delinquencyAsOf(withSchedule(loan, made.schedule), today, rules),
  };
}

/**
 * A new schedule is made from the contract's own amounts: what is unpaid of charges falls due with it by itself. A settlement
 * is of all that is unpaid, charges too; it counts payments from its first day on, so what was paid on that day is no part of
 * what it starts from.
 */
function standingFor({ loan, today, rules }: Scene, terms: ArrangementTerms): Standing {
  const schedule = scheduleAsOf(loan.schedules, today);
  const { contract, creditMinor, unpaid } = accountAsOf(loan, today, rules);
  if (terms.kind !== 'settlement' || unpaid.length === 0) {
    return { schedule, allocation: { unpaid: contract, creditMinor }, order: orderAsOf(loan, today, rules) };
  }
  const payments = loan.payments.filter(({ kind, valueDay }) => kind !== 'payment' || valueDay < today);
  const settlements = [
    ...(loan.settlements ?? []),
    { from: today, until: terms.until, amountMinor: terms.amountMinor },
  ];
  return {
    schedule,
    allocation: accountAsOf({ ...loan, payments }, today, rules),
    order: orderAsOf({ ...loan, settlements }, today, rules),
  };
}

function notOffered({ kind }: ArrangementTerms): Refusal {
  return new Refusal('RestructureInvalid', `the policy does not offer: ${kind}`, 'terms.kind');
}

function attempted<T>(make: () => T): T | Refusal {
  try {
    return make();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

function offerProblems(
  { product }: Scene,
  { products, most, downPaymentPerMille }: OfferRules,
  terms: ArrangementTerms,
  measures: Measures,
  { overdueMinor }: Delinquency,
): readonly Refusal[] {
  const problems = beyond(measures, most).map((name) => beyondProblem(name, measures, most));
  if (products !== null && !products.includes(product)) {
    const reason = `the policy offers it for ${products.join(', ')}, not for ${product}`;
    problems.push(new Refusal('RestructureInvalid', reason, 'terms.kind'));
  }
  const leastMinor = Math.ceil((overdueMinor * downPaymentPerMille) / 1_000);
  const paysFirst = terms.kind === 'instalments' || terms.kind === 're-age';
  if (paysFirst && (terms.downPayment?.amountMinor ?? 0) < leastMinor) {
    const reason = `must be ${leastMinor} or more: ${downPaymentPerMille} per mille of what is overdue`;
    problems.push(new Refusal('RestructureInvalid', reason, 'terms.downPayment'));
  }
  return problems;
}

/** By what is to be paid from today on: what is unpaid of charges falls due with the first instalment. */
function affordabilityIn(
  { loan, rules, budget, today, policy }: Scene,
  { schedule }: Rearranged,
): Affordability | null {
  if (budget === null) return null;
  const { unpaid } = accountAsOf(withSchedule(loan, schedule), today, rules);
  const instalments = unpaid.map((line) => ({ ...line.instalment, due: line.unpaid }));
  const toPay = schedule === null ? null : { ...schedule, instalments };
  return affordabilityOf(budget, toPay, today, policy.affordabilityMarginPerMille);
}

function withSchedule(loan: LoanFacts, schedule: Schedule | null): LoanFacts {
  return schedule === null ? loan : { ...loan, schedules: [...loan.schedules, schedule] };
}

function problem(found: Refusal | null): readonly Refusal[] {
  return found === null ? [] : [found];
}
