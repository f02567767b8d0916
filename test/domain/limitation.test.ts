import { describe, expect, it } from '@jest/globals';
import type { LimitationRule } from '../../src/domain/contact/rule';
import { lastDayOf, phaseOf } from '../../src/domain/deadline/deadline';
import { type LimitationFacts, limitationLastDay } from '../../src/domain/deadline/limitation';
import { shippedPack } from '../policy/sources';

const facts: LimitationFacts = {
  ...{ oldestUnpaidDay: '2024-03-10', lastInstalmentDay: '2024-06-30' },
  ...{ paidDays: [], promisedDays: [], arrangedDays: [], events: [] },
};

function ruleOf(pack: string, id: string): LimitationRule {
  const rule = shippedPack(pack).rules.find((one) => one.id === id);
  if (rule?.kind !== 'limitation') throw new Error(`no limitation ${id}`);
  return rule;
}

describe('the limitation of a claim under the packs that are shipped', () => {
  const cn = ruleOf('cn', 'CN-LIMITATION');
  const uk = ruleOf('uk', 'UK-STATUTE-BARRED');
  const us = ruleOf('us-regf', 'US-REGF-TIMEBARRED');
  it.each<[string, LimitationRule, Partial<LimitationFacts>, string | null]>([
    ['runs three years from the last instalment in China', cn, {}, '2027-06-30'],
    ['does not run where nothing is overdue', cn, { oldestUnpaidDay: null }, null],
    [
      'runs anew from a demand that arrived',
      cn,
      { events: [{ event: 'demand-delivered', day: '2026-02-01' }] },
      '2029-02-01',
    ],
    ['runs anew from a promise', cn, { promisedDays: ['2025-01-15'] }, '2028-01-15'],
    ['runs anew from a part that was paid', cn, { paidDays: ['2025-01-15', '2025-02-15'] }, '2028-02-15'],
    ['runs anew from an arrangement', cn, { arrangedDays: ['2026-08-31'] }, '2029-08-31'],
    [
      'runs anew from a claim before a court',
      cn,
      { events: [{ event: 'claim-filed', day: '2027-06-30' }] },
      '2030-06-30',
    ],
    [
      'does not run anew from a demand after its end',
      cn,
      { events: [{ event: 'demand-delivered', day: '2027-07-01' }] },
      '2027-06-30',
    ],
    ['runs anew from an agreement after its end', cn, { promisedDays: ['2027-07-01'] }, '2030-07-01'],
    [
      'runs anew from each of several demands in time',
      cn,
      {
        events: [
          { event: 'demand-delivered', day: '2029-05-01' },
          { event: 'demand-delivered', day: '2026-06-01' },
        ],
      },
      '2032-05-01',
    ],
    [
      'ends twenty years after its beginning, whatever lets it run anew',
      cn,
      {
        promisedDays: [
          '2026-01-01',
          '2028-06-01',
          '2031-01-01',
          '2033-06-01',
          '2036-01-01',
          '2038-06-01',
          '2043-01-01',
        ],
      },
      '2044-06-30',
    ],
    ['is not moved by what came before the last instalment', cn, { paidDays: ['2024-04-01'] }, '2027-06-30'],
    ['runs from the oldest instalment in Britain, the shorter time', uk, {}, '2029-03-10'],
    [
      'is not moved by a demand in Britain',
      uk,
      { events: [{ event: 'demand-delivered', day: '2026-02-01' }] },
      '2029-03-10',
    ],
    [
      'is not moved by a word on the telephone in Britain, but by a written one',
      uk,
      { promisedDays: ['2028-01-01'], events: [{ event: 'debt-acknowledged', day: '2026-01-05' }] },
      '2031-01-05',
    ],
    ['is moved by nothing that is known of the United States', us, { paidDays: ['2027-01-01'] }, '2030-03-10'],
    ['ends on the last of February where there is no 29th', cn, { lastInstalmentDay: '2024-02-29' }, '2027-02-28'],
  ])('%s', (_, rule, parts, expected) => {
    expect(limitationLastDay(rule, { ...facts, ...parts })).toBe(expected);
  });
});

describe('a reminder of a deadline', () => {
  const days = [180, 90, 30];
  it.each<[string, number | 'missed' | null]>([
    ['2026-12-31', null],
    ['2027-01-01', 180],
    ['2027-04-01', 90],
    ['2027-05-31', 30],
    ['2027-06-30', 30],
    ['2027-07-01', 'missed'],
  ])('on %s is %s', (today, phase) => {
    expect(phaseOf('2027-06-30', days, today)).toBe(phase);
  });

  it('counts working days from Monday to Friday', () => {
    expect(lastDayOf({ withinWorkdays: 5 }, '2026-11-25')).toBe('2026-12-02');
    expect(lastDayOf({ withinDays: 5 }, '2026-11-25')).toBe('2026-11-30');
  });
});
