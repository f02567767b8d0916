import { delinquencyAsOf } from '../domain/delinquency';
import { type WriteOffFigures, writeOffFigures } from '../domain/ending/write-off';
import { Refusal } from '../domain/refusal';
import { getLatestCase } from '../store/cases';
import { loadLoanFacts } from '../store/loan-facts';
import { listWriteOffs, type StoredWriteOff } from '../store/write-offs';
import type { Desk } from './desk';
import { delinquencyRules } from './read-facts';

export interface WriteOffView extends WriteOffFigures {
  readonly writeOffId: string;
  readonly currency: string;
  /** The bank's day on which the second person agreed. */
  readonly day: string;
  /** What is owed today, due or not. */
  readonly outstandingMinor: number;
}

/**
 * The write-offs of a loan, and the figures of the one that is in force as its facts have them today.
 * @throws Refusal NotFound.
 */
export async function readWriteOffs(
  desk: Desk,
  loanId: string,
): Promise<{ current: WriteOffView | null; items: StoredWriteOff[] }> {
  const loan = await loadLoanFacts(desk.pool, loanId);
  if (loan === null) throw new Refusal('NotFound', 'no such loan', 'loanId');
  const items = await listWriteOffs(desk.pool, loanId);
  const inForce = items.find(({ state }) => state === 'in-force');
  const latest = await getLatestCase(desk.pool, loanId);
  if (inForce?.decidedAtMs === undefined || inForce.decidedAtMs === null || latest === null) {
    return { current: null, items };
  }
  const { policy, calendar } = await desk.policies.pinned(desk.pool, latest.policyId, latest.policyVersion);
  const today = calendar.dayOf(await desk.clock.nowMs());
  const day = calendar.dayOf(inForce.decidedAtMs);
  const rules = delinquencyRules(policy);
  const { outstandingMinor } = delinquencyAsOf(loan, today, rules);
  const figures = writeOffFigures(loan, day, today, rules);
  return {
    current: { ...figures, writeOffId: inForce.writeOffId, currency: loan.currency, day, outstandingMinor },
    items,
  };
}
