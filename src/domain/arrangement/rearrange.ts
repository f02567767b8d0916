import { allocate, type Allocation, type AllocationOrder, sumAmounts, type UnpaidInstalment } from '../allocation';
import { addDays, type Day, isDay } from '../day';
import { type Amounts, type Instalment, noAmounts, type Schedule } from '../loan';
import { addAmounts, splitAmounts, subtractAmounts } from './amounts';
import { amortise } from './amortise';
import { dueDays, equalInstalments, keepPaidPart, nextNo, requireNewInstalments, sumMinor } from './new-instalments';
import { refuse, requireDayAfter, requireWhole } from './refuse';
import type { AmortisationMethod, ArrangementTerms, NewInstalmentTerms } from './terms';

const daysMax = 3_650;
const rateBpsMax = 10_000;

/** Where a loan stands when something is agreed on: the money received up to that day, set against its schedule. */
export interface Standing {
  readonly schedule: Schedule;
  readonly allocation: Allocation;
  /** The order in which that was done; a settlement's money goes on in it. */
  readonly order: AllocationOrder;
}

/** What an agreement makes of a loan. Per component: due after = due before - waived + added, to the minor unit. */
export interface Rearranged {
  /** Null where the schedule stays: a settlement gives up what is left once it is paid, and not before. */
  readonly schedule: Schedule | null;
  /** What the bank gives up. */
  readonly waived: Amounts;
  /** What the borrower has to pay besides: interest for a longer time. */
  readonly added: Amounts;
}

type Change = { readonly instalments: readonly Instalment[] } & Partial<Pick<Rearranged, 'waived' | 'added'>>;

/**
 * The schedule that follows from an arrangement, and what it costs either side. Setting the same money against the new
 * schedule gives the same unpaid total, less what is waived, with what is added; after `instalments`, `re-age` and
 * `re-amortise` nothing is overdue on `effectiveFrom`.
 * This cannot hold for another policy's order: a loan rearranged by instalment and then judged by component may show old
 * instalments as unpaid again. Nor does it hold once a payment made before is reversed: then the old due day speaks again.
 * @throws Refusal `RestructureInvalid` with the field that is wrong.
 */
export function rearrange(standing: Standing, terms: ArrangementTerms, effectiveFrom: Day): Rearranged {
  const { schedule, allocation } = standing;
  if (!isDay(effectiveFrom)) refuse('is not a day of the calendar (YYYY-MM-DD)', 'effectiveFrom');
  if (effectiveFrom < schedule.effectiveFrom) refuse('lies before the schedule that it changes', 'effectiveFrom');
  if (allocation.unpaid.length === 0) refuse('nothing is unpaid');
  if (terms.kind === 'settlement') return settle(standing, terms, effectiveFrom);
  const { instalments, waived = noAmounts, added = noAmounts } = change(standing, terms, effectiveFrom);
  return { schedule: { no: schedule.no + 1, effectiveFrom, instalments }, waived, added };
}

function change(
  { schedule: { instalments }, allocation: { unpaid } }: Standing,
  terms: Exclude<ArrangementTerms, { kind: 'settlement' }>,
  effectiveFrom: Day,
): Change {
  const overdue = unpaid.filter(({ instalment }) => instalment.dueDay < effectiveFrom);
  switch (terms.kind) {
    case 'extension':
      return extend(instalments, unpaid, terms.days);
    case 'instalments':
      if (overdue.length === 0) refuse('nothing is overdue');
      return moveInto(instalments, overdue, terms, effectiveFrom);
    case 're-age':
      if (overdue.length === 0) refuse('nothing is overdue');
      return moveInto(instalments, unpaid, terms, effectiveFrom);
    case 're-amortise':
      return terms.method === 'spread'
        ? spread(instalments, overdue, effectiveFrom)
        : amortiseAnew(instalments, unpaid, terms, effectiveFrom);
    case 'interest-reduction':
      return reduceInterest(instalments, unpaid, terms, effectiveFrom);
  }
}

/** Moves every instalment that has something unpaid; the order among them, and so what the money settles, stays. */
function extend(instalments: readonly Instalment[], unpaid: readonly UnpaidInstalment[], days: number): Change {
  requireWhole(days, 1, daysMax, 'terms.days');
  const open = new Set(unpaid.map(({ instalment }) => instalment.no));
  return {
    instalments: instalments.map((instalment) =>
      open.has(instalment.no) ? { ...instalment, dueDay: addDays(instalment.dueDay, days) } : instalment,
    ),
  };
}

/** Leaves instalments with what was paid on them and puts the rest into new ones, component by component. */
function moveInto(
  instalments: readonly Instalment[],
  moved: readonly UnpaidInstalment[],
  terms: NewInstalmentTerms,
  effectiveFrom: Day,
): Change {
  requireNewInstalments(terms, effectiveFrom, sumMinor(moved));
  const amounts = sumAmounts(moved.map(({ unpaid }) => unpaid));
  return {
    instalments: [...keepPaidPart(instalments, moved), ...equalInstalments(nextNo(instalments), amounts, terms)],
  };
}

/** Puts what is overdue onto the instalments that are left, in equal parts. */
function spread(instalments: readonly Instalment[], overdue: readonly UnpaidInstalment[], effectiveFrom: Day): Change {
  if (overdue.length === 0) refuse('nothing is overdue');
  const left = instalments.filter(({ dueDay }) => dueDay >= effectiveFrom).map(({ no }) => no);
  if (left.length === 0) refuse('has no instalment left to spread over', 'terms.method');
  const parts = splitAmounts(sumAmounts(overdue.map(({ unpaid }) => unpaid)), left.length);
  const partOf = new Map(left.map((no, index) => [no, parts[index] ?? noAmounts]));
  return {
    instalments: keepPaidPart(instalments, overdue).map((instalment) => ({
      ...instalment,
      due: addAmounts(instalment.due, partOf.get(instalment.no) ?? noAmounts),
    })),
  };
}

/**
 * All unpaid principal anew at a rate, from the day of the arrangement in whole periods. Interest and charges that fell due
 * are carried in equal parts and bear no interest; interest that is not due yet is replaced.
 */
function amortiseAnew(
  instalments: readonly Instalment[],
  unpaid: readonly UnpaidInstalment[],
  terms: NewInstalmentTerms & { readonly method: AmortisationMethod; readonly yearlyRateBps: number },
  effectiveFrom: Day,
): Change {
  const amounts = sumAmounts(unpaid.map((line) => line.unpaid));
  const { count, everyMonths = 1, method, yearlyRateBps } = terms;
  requireNewInstalments(terms, effectiveFrom, amounts.principal);
  if (!(yearlyRateBps >= 0 && yearlyRateBps <= rateBpsMax)) {
    refuse(`must lie between 0 and ${rateBpsMax}`, 'terms.yearlyRateBps');
  }
  const replacedMinor = sumAmounts(
    unpaid.filter(({ instalment }) => instalment.dueDay >= effectiveFrom).map((line) => line.unpaid),
  ).interest;
  const carried = { ...amounts, principal: 0, interest: amounts.interest - replacedMinor };
  const carriedParts = splitAmounts(carried, count);
  const parts = amortise({ principalMinor: amounts.principal, yearlyRateBps, count, everyMonths, method });
  const firstNo = nextNo(instalments);
  const made = dueDays(terms).map((dueDay, index): Instalment => {
    const { principalMinor = 0, interestMinor = 0 } = parts[index] ?? {};
    const due = { ...noAmounts, principal: principalMinor, interest: interestMinor };
    return { no: firstNo + index, dueDay, due: addAmounts(due, carriedParts[index] ?? noAmounts) };
  });
  const moreMinor = parts.reduce((sum, { interestMinor }) => sum + interestMinor, 0) - replacedMinor;
  return {
    instalments: [...keepPaidPart(instalments, unpaid), ...made],
    waived: { ...noAmounts, interest: Math.max(0, -moreMinor) },
    added: { ...noAmounts, interest: Math.max(0, moreMinor) },
  };
}

/** Interest that is unpaid and not due yet falls by a share, rounded in the borrower's favour by less than a minor unit. */
function reduceInterest(
  instalments: readonly Instalment[],
  unpaid: readonly UnpaidInstalment[],
  { reductionPerMille, count }: Extract<ArrangementTerms, { kind: 'interest-reduction' }>,
  effectiveFrom: Day,
): Change {
  requireWhole(reductionPerMille, 1, 1_000, 'terms.reductionPerMille');
  if (count !== undefined) requireWhole(count, 1, 600, 'terms.count');
  const ahead = unpaid.filter((line) => line.instalment.dueDay >= effectiveFrom && line.unpaid.interest > 0);
  if (ahead.length === 0) refuse('no interest is still to fall due');
  const lessByNo = new Map(
    ahead.slice(0, count).map((line) => [line.instalment.no, shareUp(line.unpaid.interest, reductionPerMille)]),
  );
  const waived = { ...noAmounts, interest: [...lessByNo.values()].reduce((sum, less) => sum + less, 0) };
  return {
    instalments: instalments.map((instalment) => ({
      ...instalment,
      due: { ...instalment.due, interest: instalment.due.interest - (lessByNo.get(instalment.no) ?? 0) },
    })),
    waived,
  };
}

/** A share in per mille, rounded up; in two steps, so that no product leaves the safe integers. */
function shareUp(minor: number, perMille: number): number {
  return Math.floor(minor / 1_000) * perMille + Math.ceil(((minor % 1_000) * perMille) / 1_000);
}

function settle(
  { allocation: { unpaid }, order }: Standing,
  { amountMinor, until }: Extract<ArrangementTerms, { kind: 'settlement' }>,
  effectiveFrom: Day,
): Rearranged {
  requireWhole(amountMinor, 1, sumMinor(unpaid) - 1, 'terms.amountMinor');
  if (!isDay(until) || until < effectiveFrom) requireDayAfter(until, effectiveFrom, 'terms.until');
  const open = unpaid.map((line) => ({ ...line.instalment, due: line.unpaid }));
  const left = allocate(open, amountMinor, order, effectiveFrom).unpaid;
  return { schedule: null, waived: sumAmounts(left.map((line) => line.unpaid)), added: noAmounts };
}

/** What the borrower pays more (or, below zero, less) than before, in minor units. */
export function costMinor({ waived, added }: Rearranged): number {
  const { penalty, fee, interest, principal } = subtractAmounts(added, waived);
  return penalty + fee + interest + principal;
}
