import { openCasesOfCustomer } from '../store/case-lists';
import type { Queryable } from '../store/database';
import { type NewEvent, recordEvent } from '../store/timeline';

/** Writes what became known of a borrower into the timelines of their open cases; answers the loans of these cases. */
export async function tellCases(
  tx: Queryable,
  customerId: string,
  /** Null: every loan of theirs. */
  loanId: string | null,
  event: Omit<NewEvent, 'loanId' | 'caseNo'>,
): Promise<string[]> {
  const cases = (await openCasesOfCustomer(tx, customerId)).filter((one) => loanId === null || one.loanId === loanId);
  for (const one of cases) await recordEvent(tx, { ...event, loanId: one.loanId, caseNo: one.caseNo });
  return cases.map((one) => one.loanId);
}
