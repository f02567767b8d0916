import { isTheirs } from './party';
import type { Situation } from './situation';

/**
 * Why a contact tells somebody of a debt that is not theirs, whatever the rules in force allow to people like them; null where it
 * does not. What nobody knows is no.
 */
export function whyNotTheirs({ disclosesDebt, party, loanIds }: Situation): string | null {
  if (!disclosesDebt || loanIds.every((loanId) => isTheirs(party, loanId))) return null;
  return party.loanIds?.length === 0
    ? 'it is not known which loans they owe or answer for'
    : 'the loan is not theirs: they neither owe it nor answer for it';
}
