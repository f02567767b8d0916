import type { Day } from '../day';
import { Refusal } from '../refusal';

/** How a sale that was proposed stands. Once it is agreed to, the loan is another's and stays so. */
export type SaleState = 'waiting' | 'rejected' | 'sold';

/** Why a loan (债权转让) cannot be sold as of `saleDay`, as seen on `today`; null when it can. */
export function saleProblem(saleDay: Day, today: Day, others: readonly SaleState[]): Refusal | null {
  if (others.includes('sold')) return new Refusal('AlreadyExists', 'the loan is sold');
  if (others.includes('waiting')) return new Refusal('AlreadyExists', 'a sale waits for a second person');
  if (saleDay <= today) return null;
  return new Refusal('EndingInvalid', `must not lie after today, ${today}`, 'saleDay');
}
