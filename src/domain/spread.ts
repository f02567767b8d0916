import type { UnpaidInstalment } from './allocation';
import { totalMinor } from './loan';
import { Refusal } from './refusal';

/** What of a sum that came for several loans goes to one of them; minor units of their currency. */
export interface LoanPart {
  readonly loanId: string;
  readonly amountMinor: number;
}

export interface UnpaidLoan {
  readonly loanId: string;
  readonly unpaid: readonly UnpaidInstalment[];
}

/**
 * Spreads one sum over a borrower's loans: what fell due first is paid first, whichever loan it belongs to, ties by loan id
 * and number; each instalment whole before the next. Money beyond all that is unpaid stays as credit on the loan that comes
 * first. The parts add up to the sum; a loan that gets nothing has none.
 * @throws RangeError when the sum is not a whole number from 1 up or there is no loan.
 */
export function spreadOverLoans(loans: readonly UnpaidLoan[], amountMinor: number): LoanPart[] {
  if (!Number.isSafeInteger(amountMinor) || amountMinor < 1) {
    throw new RangeError(`the sum must be a whole number of minor units from 1 up, not ${amountMinor}`);
  }
  const [first] = loans.map(({ loanId }) => loanId).sort();
  if (first === undefined) throw new RangeError('there is no loan to spread over');
  const parts = new Map<string, number>();
  let leftMinor = amountMinor;
  for (const { loanId, unpaid } of oldestFirst(loans)) {
    const partMinor = Math.min(leftMinor, totalMinor(unpaid.unpaid));
    if (partMinor > 0) parts.set(loanId, (parts.get(loanId) ?? 0) + partMinor);
    leftMinor -= partMinor;
  }
  const creditTo = parts.keys().next().value ?? first;
  if (leftMinor > 0) parts.set(creditTo, (parts.get(creditTo) ?? 0) + leftMinor);
  return [...parts].map(([loanId, partMinor]) => ({ loanId, amountMinor: partMinor }));
}

/** Why parts that were given cannot be those of the sum, or null when they can. */
export function partsProblem(parts: readonly LoanPart[], amountMinor: number): Refusal | null {
  const twice = parts.findIndex(({ loanId }, at) => parts.findIndex((other) => other.loanId === loanId) < at);
  if (twice >= 0) return new Refusal('PaymentInvalid', 'the loan stands twice', `loans.${twice}.loanId`);
  const sumMinor = parts.reduce((sum, part) => sum + part.amountMinor, 0);
  if (sumMinor === amountMinor) return null;
  return new Refusal('PaymentInvalid', `the parts add up to ${sumMinor}, not to ${amountMinor}`, 'loans');
}

function oldestFirst(loans: readonly UnpaidLoan[]): { readonly loanId: string; readonly unpaid: UnpaidInstalment }[] {
  const lines = loans.flatMap(({ loanId, unpaid }) => unpaid.map((line) => ({ loanId, unpaid: line })));
  const keyOf = ({ loanId, unpaid: { instalment } }: (typeof lines)[number]) =>
    [instalment.dueDay, loanId, instalment.no] as const;
  return lines.sort((a, b) => {
    const [[dayA, loanA, noA], [dayB, loanB, noB]] = [keyOf(a), keyOf(b)];
    if (dayA !== dayB) return dayA < dayB ? -1 : 1;
    if (loanA !== loanB) return loanA < loanB ? -1 : 1;
    return noA - noB;
  });
}
