import { describe, expect, it } from '@jest/globals';
import { loansBeside } from '../../src/domain/contact/loans-beside';
import type { ContactRule, RuleOf } from '../../src/domain/contact/rule';
import type { Situation } from '../../src/domain/contact/situation';
import { calendars, call, everyChannel, flag, hours, pack, sevenInSeven, situation } from './contact-samples';

const why = 'A sample.';
const notice: RuleOf<'noticeFirst'> = {
  ...{ id: 'NOTICE', kind: 'noticeFirst', channels: everyChannel, notice: 'transfer-notice', why },
  when: 'ownership-changed',
};
const validation: RuleOf<'deadline'> = {
  ...{ id: 'VALID', kind: 'deadline', channels: everyChannel, trigger: 'initial-communication', withinDays: 5, why },
  ...{ action: 'validation-notice', onMiss: 'block' },
};
const sold = (loanId: string | null) => flag('ownership-changed', '2026-03-01T00:00:00Z', null, { loanId });
const noonMs = Date.parse('2026-03-10T12:00:00+08:00');

function named(rules: readonly ContactRule[], changes: Partial<Situation>): readonly string[] {
  const asked = situation({ atMs: noonMs, loanIds: ['A', 'B', 'C'], channel: 'call', ...changes });
  return loansBeside(asked, 'A', [pack(hours, ...rules)], calendars);
}

describe('a contact about several loans', () => {
  it('leaves out one whose notice is missing, and names the others', () => {
    expect(named([notice], { flags: [sold('B')] })).toEqual(['A', 'C']);
  });

  it('leaves out one for which something that must follow is overdue', () => {
    const events = [{ event: 'initial-communication', loanId: 'C', atMs: Date.parse('2026-03-01T12:00:00Z') }] as const;
    expect(named([validation], { events })).toEqual(['A', 'B']);
  });

  it('leaves out one whose own cap is used up', () => {
    const once = { ...sevenInSeven, max: 1 };
    expect(named([once], { ledger: [call('2026-03-09T12:00:00+08:00', 'rang', { loanIds: ['B'] })] })).toEqual([
      'A',
      'C',
    ]);
  });

  it('leaves out what is denied while all wait for the morning, and waits with the rest', () => {
    const atMs = Date.parse('2026-03-10T22:00:00+08:00');
    expect(named([notice], { flags: [sold('B')], atMs })).toEqual(['A', 'C']);
  });

  it('with a co-borrower leaves out one that is not theirs', () => {
    const party = { partyId: 'P', role: 'co-borrower', loanIds: ['A', 'C'] } as const;
    expect(named([], { party })).toEqual(['A', 'C']);
  });

  it('with a guarantor of another loan changes nothing: all of it is denied', () => {
    const party = { partyId: 'P', role: 'guarantor', loanIds: ['B'] } as const;
    expect(named([], { party })).toEqual(['A', 'B', 'C']);
  });

  it('changes nothing where its own loan is denied, or where all are allowed', () => {
    expect(named([notice], { flags: [sold('A')] })).toEqual(['A', 'B', 'C']);
    expect(named([notice], { flags: [sold(null)] })).toEqual(['A', 'B', 'C']);
    expect(named([notice], {})).toEqual(['A', 'B', 'C']);
  });
});
