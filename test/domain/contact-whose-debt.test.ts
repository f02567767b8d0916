import { describe, expect, it } from '@jest/globals';
import { type Party, partyRoles } from '../../src/domain/contact/party';
import { type Case, hours, judge } from './contact-samples';

const at = '2026-03-02T12:00:00+08:00';
const unknown = 'it is not known which loans they owe or answer for';
const anothers = 'the loan is not theirs: they neither owe it nor answer for it';
const coBorrower = (...loanIds: string[]): Party => ({ partyId: 'P', role: 'co-borrower', loanIds });
const guarantor = (...loanIds: string[]): Party => ({ partyId: 'G', role: 'guarantor', loanIds });

function verdictOn(asked: Omit<Case, 'rules' | 'at'>): string {
  const verdict = judge({ at, rules: [hours], ...asked });
  return verdict.kind === 'deny' ? verdict.reason : verdict.kind;
}

describe('somebody who owes or answers for a loan beside the borrower', () => {
  it.each<[string, Omit<Case, 'rules' | 'at'>, string]>([
    ['is told of a loan that they owe', { party: coBorrower('L-1') }, 'allow'],
    ['is told of a loan that they answer for', { party: guarantor('L-2', 'L-1') }, 'allow'],
    ['is not told of a loan that they do not owe', { party: coBorrower('L-2') }, anothers],
    ['is not told of a loan that they do not answer for', { party: guarantor('L-2') }, anothers],
    ['is told of all that are theirs', { party: guarantor('L-1', 'L-2'), loanIds: ['L-1', 'L-2'] }, 'allow'],
    [
      'is not told of two of which one is theirs',
      { party: coBorrower('L-1', 'L-3'), loanIds: ['L-1', 'L-2'] },
      anothers,
    ],
    ['is told of nothing while nobody knows what they owe', { party: coBorrower() }, unknown],
    ['is told of nothing while nobody knows what they answer for', { party: guarantor() }, unknown],
    [
      'is asked where the borrower is, which tells of no debt',
      { party: coBorrower(), purpose: 'location-info', disclosesDebt: false },
      'allow',
    ],
    [
      'is judged as it was before anybody asked, in what was kept from then',
      { party: { partyId: 'P', role: 'co-borrower' }, loanIds: ['L-1', 'L-2'] },
      'allow',
    ],
  ])('%s', (_rule, asked, expected) => {
    expect(verdictOn(asked)).toBe(expected);
  });

  it('is refused by no rule of a pack, and not put off to hours that allow it', () => {
    const atNight = '2026-03-02T22:00:00+08:00';
    for (const when of [at, atNight]) {
      const verdict = judge({ at: when, rules: [hours], party: guarantor('L-2') });
      expect(verdict).toEqual({ kind: 'deny', rules: [], reason: anothers });
    }
  });
});

describe('anybody else', () => {
  it.each(partyRoles.filter((role) => role !== 'co-borrower' && role !== 'guarantor'))(
    'such as a %s owes no single loan by contract, so what they are told goes by the rules in force',
    (role) => {
      const party = role === 'borrower' ? { partyId: null, role } : { partyId: 'P', role };
      expect(verdictOn({ party, loanIds: ['L-1', 'L-2'] })).toBe('allow');
    },
  );
});
