import { type JudgedPromise, judgePromises } from '../domain/promise/judge-promises';
import { promisedMinor } from '../domain/promise/promise';
import { promiseRulesOf } from '../domain/promise/promise-rules';
import { Refusal } from '../domain/refusal';
import { getLatestCase } from '../store/cases';
import { loadLoanFacts } from '../store/loan-facts';
import { listPromises, type StoredPromise } from '../store/promises';
import type { Desk } from './desk';

export type ShownPromise = Omit<StoredPromise, 'parts'> & JudgedPromise & { readonly promisedMinor: number };

/** The promises to pay of all cases of the loan, as they stand today, the oldest first. @throws Refusal NotFound. */
export async function readPromises(desk: Desk, loanId: string): Promise<ShownPromise[]> {
  const latest = await getLatestCase(desk.pool, loanId);
  const loan = await loadLoanFacts(desk.pool, loanId);
  if (latest === null || loan === null) throw new Refusal('NotFound', 'the loan never had a case', 'loanId');
  const { policy, calendar } = await desk.policies.pinned(desk.pool, latest.policyId, latest.policyVersion);
  const today = calendar.dayOf(await desk.clock.nowMs());
  const stored = await listPromises(desk.pool, loanId);
  const judged = judgePromises(stored, loan.payments, promiseRulesOf(policy), today);
  const byId = new Map(judged.map((promise) => [promise.promiseId, promise]));
  return stored.flatMap((promise) => {
    const stands = byId.get(promise.promiseId);
    return stands === undefined ? [] : [{ ...promise, ...stands, promisedMinor: promisedMinor(promise) }];
  });
}
