import { describe, expect, it } from '@jest/globals';
import { dataRequestDeadline } from '../../src/domain/data-request';
import type { ContactRule, RetentionRule } from '../../src/domain/contact/rule';
import { addDays } from '../../src/domain/day';
import { standardBuckets } from '../../src/domain/delinquency';
import { type LoanFacts, noAmounts, type Payment } from '../../src/domain/loan';
import {
  keepUntil,
  leastYearsKept,
  retentionRules,
  settlementDay,
  unknownSendersKeptFrom,
} from '../../src/domain/retention';

const base = { channels: ['sms'], why: 'kept' } as const;
const rule = (
  id: string,
  keepYears: number,
  clockStart: RetentionRule['clockStart'],
  more: Partial<RetentionRule> = {},
): RetentionRule => ({ ...base, id, kind: 'retention', class: 'record', keepYears, clockStart, ...more });

const clocks = { lastActivity: '2026-06-01', settlement: '2026-03-10', contractEnd: '2027-01-31' };
const cn = rule('CN', 2, 'made');
const regf = rule('REGF', 3, 'last-activity');
const house = rule('HOUSE', 5, 'settlement');
const eu = rule('EU', 5, 'contract-end');

describe('how long the record of a case is kept', () => {
  it.each([
    ['by one rule', [cn], '2028-06-01', ['CN']],
    ['by the longest of all packs, whichever comes last', [cn, regf, house, eu], '2032-01-31', ['EU']],
    [
      'by the clock and not by the years alone',
      [rule('A', 5, 'settlement'), rule('B', 5, 'made')],
      '2031-06-01',
      ['B'],
    ],
    ['by every rule that asks for the same day', [regf, rule('OTHER', 3, 'made')], '2029-06-01', ['REGF', 'OTHER']],
    ['to the end of the month where the day does not exist', [rule('LEAP', 1, 'made')], '2025-02-28', ['LEAP']],
  ] as const)('%s', (name, rules, until, ids) => {
    const own = name.includes('month') ? { ...clocks, lastActivity: '2024-02-29' } : clocks;
    expect(keepUntil(rules, own)).toEqual({ until, rules: ids });
  });

  it('is open while a clock has not begun: a loan that is not paid has no settlement', () => {
    expect(keepUntil([cn, house], { ...clocks, settlement: null })).toEqual({ until: null, rules: ['HOUSE'] });
  });

  it('is for ever where no rule says anything', () => {
    expect(keepUntil([], clocks)).toEqual({ until: null, rules: [] });
  });

  it('is no longer than the strictest maximum, and says by which rule', () => {
    const most = rule('MOST', 1, 'last-activity', { keepYearsMax: 4 });
    const laxer = rule('LAX', 1, 'last-activity', { keepYearsMax: 9 });
    expect(keepUntil([house, laxer, most], clocks)).toEqual({ until: '2030-06-01', rules: ['MOST'] });
    expect(keepUntil([regf, most], clocks)).toEqual({ until: '2029-06-01', rules: ['REGF'] });
    const ofRecordings = rule('SOUND', 1, 'last-activity', { class: 'recording', keepYearsMax: 1 });
    expect(keepUntil([regf, ofRecordings], clocks).until).toBe('2029-06-01');
    const notBegun = rule('END', 0, 'contract-end', { keepYearsMax: 1 });
    expect(keepUntil([house, notBegun], { ...clocks, contractEnd: null }).until).toBeNull();
  });

  it('asks only rules that are in force that day', () => {
    const packs = [
      {
        rules: [cn, rule('LATER', 9, 'made', { from: '2027-01-01' }), rule('OVER', 9, 'made', { until: '2026-01-01' })],
      },
    ];
    expect(retentionRules(packs, '2026-06-01')).toEqual([cn]);
  });
});

describe('how old a record is at least before anybody looks whether it goes', () => {
  it('is as old as the longest rule asks for, or the strictest maximum of records allows', () => {
    expect(leastYearsKept([])).toBe(0);
    expect(leastYearsKept([cn, regf, house])).toBe(5);
    expect(leastYearsKept([house, rule('MOST', 1, 'settlement', { keepYearsMax: 3 })])).toBe(3);
    expect(leastYearsKept([house, rule('SOUND', 1, 'made', { class: 'recording', keepYearsMax: 3 })])).toBe(5);
  });
});

describe('messages of senders whom nobody knows', () => {
  const strangers = (id: string, keepYears: number, more: Partial<RetentionRule> = {}) =>
    rule(id, keepYears, 'made', { class: 'unknown-sender', ...more });

  it.each([
    ['a year where no rule says anything', [house], '2025-06-01'],
    ['as long as the longest rule says', [strangers('A', 2), strangers('B', 3)], '2023-06-01'],
    ['no longer than the strictest maximum', [strangers('A', 2), strangers('B', 0, { keepYearsMax: 1 })], '2025-06-01'],
  ] as const)('are kept %s', (_name, rules, from) => {
    expect(unknownSendersKeptFrom([{ rules }], '2026-06-01')).toBe(from);
  });

  it('say nothing of how long a case is kept', () => {
    expect(retentionRules([{ rules: [cn, strangers('A', 9)] }], '2026-06-01')).toEqual([cn]);
  });
});

describe('the day on which a loan was settled', () => {
  const schedule = (no: number, effectiveFrom: string, interest: number) => {
    const due = { ...noAmounts, interest };
    return { no, effectiveFrom, instalments: [{ no: 1, dueDay: '2026-02-01', due }] };
  };
  const paid = (valueDay: string, amountMinor: number, more: Partial<Payment> = {}): Payment => {
    return { id: valueDay, kind: 'payment', valueDay, amountMinor, reverses: null, ...more };
  };
  const contract = schedule(1, '2026-01-01', 100);
  const order = { by: 'instalment', components: ['penalty', 'fee', 'interest', 'principal'] } as const;
  const rules = { order, toleranceMinor: 0, buckets: standardBuckets };
  const settled = (changes: Partial<LoanFacts>): string | null =>
    settlementDay(
      { currency: 'CNY', schedules: [contract], payments: [], pauses: [], ...changes },
      '2026-12-31',
      rules,
    );

  it.each([
    [
      'that of the payment after which nothing was left',
      { payments: [paid('2026-02-01', 40), paid('2026-03-01', 60)] },
      '2026-03-01',
    ],
    ['not that of money beyond it', { payments: [paid('2026-03-01', 100), paid('2026-04-01', 5)] }, '2026-03-01'],
    [
      'that of the schedule that asks for nothing more',
      { schedules: [contract, schedule(2, '2026-05-01', 0)] },
      '2026-05-01',
    ],
    ['not known while something is left', { payments: [paid('2026-03-01', 99)] }, null],
    ['not known of a loan without a schedule', { schedules: [] }, null],
    [
      'that of the money that stayed',
      {
        payments: [
          paid('2026-03-01', 100),
          paid('2026-03-05', 100, { kind: 'reversal', reverses: '2026-03-01' }),
          paid('2026-06-01', 100),
        ],
      },
      '2026-06-01',
    ],
  ] as const)('is %s', (_name, changes, day) => {
    expect(settled(changes)).toBe(day);
  });
});

describe('the deadline of a request about one’s data', () => {
  const deadline = (id: string, within: object): ContactRule => ({
    ...base,
    id,
    kind: 'deadline',
    trigger: 'data-request',
    action: 'answer-data-request',
    onMiss: 'task',
    ...within,
  });
  const workdays = (day: string, n: number): string => addDays(day, Math.ceil((n * 7) / 5));

  it.each([
    ['a month where no pack says anything', [], '2026-03-31', 'usual'],
    ['what the pack says', [deadline('A', { withinDays: 20 })], '2026-03-21', 'A'],
    [
      'the earliest of several, in working days too',
      [deadline('A', { withinDays: 30 }), deadline('B', { withinWorkdays: 15 })],
      '2026-03-22',
      'B',
    ],
  ] as const)('is %s', (_name, rules, dueDay, by) => {
    expect(dataRequestDeadline([{ rules }], '2026-03-01', workdays)).toEqual({ dueDay, rule: by });
  });
});
