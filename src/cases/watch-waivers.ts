import { waiversOn } from '../domain/account/account';
import type { BankCalendar } from '../domain/bank-calendar';
import { addDays, type Day } from '../domain/day';
import type { LoanFacts } from '../domain/loan';
import type { Queryable } from '../store/database';
import { recordEvent } from '../store/timeline';
import { accountRules } from './account-rules';
import { policyActor } from './actor';
import type { CaseReading } from './read-facts';

/** When the next waiver with a last day to pay may lapse; undefined where none can any more. */
export function nextWaiverEndMs(
  { waivers = [] }: LoanFacts,
  today: Day,
  calendar: Pick<BankCalendar, 'startOfDayMs'>,
): number | undefined {
  const [first] = waivers.flatMap(({ payBy }) => (payBy === null || payBy < today ? [] : [payBy])).sort();
  return first === undefined ? undefined : calendar.startOfDayMs(addDays(first, 1));
}

/** Tells on the timeline what became of waivers whose last day to pay is over, each end once. */
export async function noteWaivers(tx: Queryable, reading: CaseReading, nowMs: number): Promise<void> {
  const { loan, policy, today, caseRow } = reading;
  const over = (loan.waivers ?? []).filter(({ payBy }) => payBy !== null && payBy < today);
  if (over.length === 0) return;
  const inForce = new Set(waiversOn(loan, today, accountRules(policy)).map(({ id }) => id));
  for (const { id: waiverId, payBy } of over) {
    const [what, reason] = inForce.has(waiverId)
      ? ['fulfilled', 'the rest was paid in time']
      : ['lapsed', 'the rest was not paid in time'];
    await recordEvent(tx, {
      ...{ loanId: loan.loanId, caseNo: caseRow.caseNo, atMs: nowMs, actor: policyActor, reason },
      ...{ kind: `waiver-${what}`, data: { waiverId, payBy }, eventKey: `waiver/${waiverId}/${what}` },
    });
  }
}
