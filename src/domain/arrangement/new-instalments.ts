import type { UnpaidInstalment } from '../allocation';
import { addMonths, type Day } from '../day';
import { type Amounts, type Instalment, noAmounts, totalMinor } from '../loan';
import { splitAmounts, subtractAmounts, takeFrom } from './amounts';
import { refuse, requireDayAfter, requireWhole } from './refuse';
import type { NewInstalmentTerms } from './terms';

const countMax = 600;
const everyMonthsMax = 12;

/** Leaves instalments with what was paid on them; what was not moves elsewhere. */
export function keepPaidPart(
  instalments: readonly Instalment[],
  moved: readonly UnpaidInstalment[],
): readonly Instalment[] {
  const unpaidByNo = new Map(moved.map(({ instalment, unpaid }) => [instalment.no, unpaid]));
  return instalments.map((instalment) => {
    const unpaid = unpaidByNo.get(instalment.no) ?? noAmounts;
    return { ...instalment, due: subtractAmounts(instalment.due, unpaid) };
  });
}

export function nextNo(instalments: readonly Instalment[]): number {
  return 1 + instalments.reduce((highest, { no }) => Math.max(highest, no), 0);
}

export function dueDays({ count, firstDueDay, everyMonths = 1 }: NewInstalmentTerms): readonly Day[] {
  // Counted from the first day, so that a 31st comes back after a February.
  return Array.from({ length: count }, (_, index) => addMonths(firstDueDay, index * everyMonths));
}

/** Amounts as a down payment, where one is agreed on, and equal instalments. */
export function equalInstalments(firstNo: number, amounts: Amounts, terms: NewInstalmentTerms): readonly Instalment[] {
  const { downPayment, count } = terms;
  const down = downPayment === undefined ? noAmounts : takeFrom(amounts, downPayment.amountMinor);
  const parts = splitAmounts(subtractAmounts(amounts, down), count);
  const rest = dueDays(terms).map((dueDay, index) => ({ dueDay, due: parts[index] ?? noAmounts }));
  const first = downPayment === undefined ? [] : [{ dueDay: downPayment.dueDay, due: down }];
  return [...first, ...rest].map((instalment, index) => ({ no: firstNo + index, ...instalment }));
}

/** @throws Refusal that names the field which cannot be. */
export function requireNewInstalments(terms: NewInstalmentTerms, effectiveFrom: Day, unpaidMinor: number): void {
  const { count, firstDueDay, everyMonths = 1, downPayment } = terms;
  requireWhole(count, 1, countMax, 'terms.count');
  requireWhole(everyMonths, 1, everyMonthsMax, 'terms.everyMonths');
  requireDayAfter(firstDueDay, effectiveFrom, 'terms.firstDueDay');
  if (downPayment !== undefined) requireDownPayment(downPayment, firstDueDay, effectiveFrom, unpaidMinor);
  if (unpaidMinor - (downPayment?.amountMinor ?? 0) < count) {
    refuse('is more than there are minor units to pay', 'terms.count');
  }
}

function requireDownPayment(
  { amountMinor, dueDay }: Required<NewInstalmentTerms>['downPayment'],
  firstDueDay: Day,
  effectiveFrom: Day,
  unpaidMinor: number,
): void {
  requireWhole(amountMinor, 1, unpaidMinor, 'terms.downPayment.amountMinor');
  requireDayAfter(dueDay, effectiveFrom, 'terms.downPayment.dueDay');
  if (dueDay > firstDueDay) refuse('must not lie after the first instalment', 'terms.downPayment.dueDay');
}

export function sumMinor(lines: readonly UnpaidInstalment[]): number {
  return lines.reduce((sum, { unpaid }) => sum + totalMinor(unpaid), 0);
}
