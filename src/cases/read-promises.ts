import { isKept } from '../domain/promise';
import { Refusal } from '../domain/refusal';
import { getLatestCase } from '../store/cases';
import { loadLoanFacts } from '../store/loan-facts';
import { promisesOf, type StoredPromise } from '../store/task-lists';
import { bankToday } from './bank-today';
import type { Desk } from './desk';

export interface JudgedPromise extends StoredPromise {
  readonly state: 'running' | 'kept' | 'broken';
}

/**
 * The promises to pay of the loan's latest case. One is broken when its day is over and less was paid; a reversal can break
 * one that was kept. @throws Refusal NotFound.
 */
export async function readPromises(desk: Desk, loanId: string): Promise<JudgedPromise[]> {
  const latest = await getLatestCase(desk.pool, loanId);
  const loan = await loadLoanFacts(desk.pool, loanId);
  if (latest === null || loan === null) throw new Refusal('NotFound', 'the loan never had a case', 'loanId');
  const { calendar } = await desk.policies.pinned(desk.pool, latest.policyId, latest.policyVersion);
  const today = await bankToday(desk);
  return (await promisesOf(desk.pool, loanId, latest.caseNo)).map((promise) => {
    const { promisedDay, promisedMinor, completedAtMs } = promise;
    const given = { givenDay: calendar.dayOf(completedAtMs), dueDay: promisedDay, amountMinor: promisedMinor ?? 0 };
    const kept = promisedMinor !== null && isKept(given, loan.payments, today < promisedDay ? today : promisedDay);
    return { ...promise, state: kept ? 'kept' : today > promisedDay ? 'broken' : 'running' };
  });
}
