import { waiversOn } from '../domain/account/account';
import { Refusal } from '../domain/refusal';
import { getLatestCase } from '../store/cases';
import { loadLoanFacts } from '../store/loan-facts';
import { listWaivers, type StoredWaiver } from '../store/waivers';
import { accountRules } from './account-rules';
import { bankToday } from './bank-today';
import type { Desk } from './desk';

export type ShownWaiver = Omit<StoredWaiver, 'state'> & { readonly state: StoredWaiver['state'] | 'lapsed' };

/** Every waiver that was asked for, and whether its last day to pay passed in vain. @throws Refusal NotFound. */
export async function shownWaivers(desk: Desk, loanId: string): Promise<ShownWaiver[]> {
  const { pool, policies } = desk;
  const [latest, loan] = [await getLatestCase(pool, loanId), await loadLoanFacts(pool, loanId)];
  if (latest === null || loan === null) throw new Refusal('NotFound', 'the loan never had a case', 'loanId');
  const { policy } = await policies.pinned(pool, latest.policyId, latest.policyVersion);
  const today = await bankToday(desk);
  const inForce = new Set(waiversOn(loan, today, accountRules(policy)).map(({ id }) => id));
  return (await listWaivers(pool, loanId)).map((waiver) => {
    const { state, waiverId, payBy } = waiver;
    const lapsed =
      (state === 'granted' && !inForce.has(waiverId)) || (state === 'waiting' && payBy !== null && payBy < today);
    return lapsed ? { ...waiver, state: 'lapsed' } : waiver;
  });
}
