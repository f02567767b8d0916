import { describe, expect, it } from '@jest/globals';
import { addDays, type Day } from '../../src/domain/day';
import { type DelinquencyRules, standardBuckets } from '../../src/domain/delinquency';
import { type Instalment, type LoanFacts, noAmounts, type Payment, type Schedule } from '../../src/domain/loan';
import { firstPayment } from '../../src/domain/standing/first-payment';
import { instalmentsAsOf } from '../../src/domain/standing/instalment-figures';
import { bucketHistory } from '../../src/domain/standing/standing-history';
import { payment, undo } from './loan-arbitraries';

const rules: DelinquencyRules = {
  order: { by: 'instalment', components: ['penalty', 'fee', 'interest', 'principal'] },
  toleranceMinor: 1_000,
  buckets: standardBuckets,
};

/** Three instalments of 1,000.00 (interest 100.00), due on 1 March, 1 April and 1 May; lent on 1 February. */
const instalments: Instalment[] = ['2026-03-01', '2026-04-01', '2026-05-01'].map((dueDay, index) => ({
  no: index + 1,
  dueDay,
  due: { ...noAmounts, interest: 10_000, principal: 90_000 },
}));
const contract: Schedule = { no: 1, effectiveFrom: '2026-02-01', instalments };

function loan(payments: readonly Payment[] = [], later: readonly Schedule[] = []): LoanFacts {
  return { currency: 'CNY', schedules: [contract, ...later], payments, pauses: [] };
}

function stays(facts: LoanFacts, asOf: Day): string[] {
  return bucketHistory(facts, asOf, rules).map(
    ({ bucket, enteredOn, leftOn }) => `${bucket} ${enteredOn}..${leftOn ?? ''}`,
  );
}

describe('the bucket history', () => {
  it('tells on which day a loan entered each bucket and left it', () => {
    expect(stays(loan(), '2026-05-10')).toEqual([
      'M0 2026-02-01..2026-03-02',
      'M1 2026-03-02..2026-04-01',
      'M2 2026-04-01..2026-05-01',
      'M3 2026-05-01..',
    ]);
  });

  it('goes back with the payment that settles the oldest instalment, on its value day', () => {
    expect(
      stays(loan([payment('p-1', '2026-04-20', 100_000), payment('p-2', '2026-04-25', 100_000)]), '2026-05-03'),
    ).toEqual([
      'M0 2026-02-01..2026-03-02',
      'M1 2026-03-02..2026-04-01',
      'M2 2026-04-01..2026-04-20',
      'M1 2026-04-20..2026-04-25',
      'M0 2026-04-25..2026-05-02',
      'M1 2026-05-02..',
    ]);
  });

  it('knows nothing of days after the one that is asked about', () => {
    expect(stays(loan([payment('p-1', '2026-04-20', 300_000)]), '2026-04-19')).toEqual(stays(loan(), '2026-04-19'));
  });

  it('is written anew when a payment is dated back or bounces', () => {
    const paid = payment('p-1', '2026-03-01', 100_000);
    expect(stays(loan([paid]), '2026-03-31')).toEqual(['M0 2026-02-01..']);
    expect(stays(loan([paid, undo(paid, 'bounce', '2026-03-20')]), '2026-03-31')).toEqual(stays(loan(), '2026-03-31'));
  });

  it('follows another schedule from the day on which it holds', () => {
    const later = {
      no: 2,
      effectiveFrom: '2026-03-15',
      instalments: instalments.map((line) => ({ ...line, dueDay: addDays(line.dueDay, 30) })),
    };
    expect(stays(loan([], [later]), '2026-04-01')).toEqual([
      'M0 2026-02-01..2026-03-02',
      'M1 2026-03-02..2026-03-15',
      'M0 2026-03-15..2026-04-01',
      'M1 2026-04-01..',
    ]);
  });

  it('passes over buckets that a late change skips', () => {
    const paid = payment('p-1', '2026-03-01', 100_000);
    const moved = {
      no: 2,
      effectiveFrom: '2026-06-15',
      instalments: [{ ...instalments[0]!, dueDay: '2026-03-01', due: { ...noAmounts, principal: 300_000 } }],
    };
    const facts = loan([paid, payment('p-2', '2026-04-01', 200_000)], [moved]);
    expect(stays(facts, '2026-06-20')).toEqual(['M0 2026-02-01..']);
    const dearer = { ...moved, instalments: [{ ...moved.instalments[0]!, due: { ...noAmounts, principal: 400_000 } }] };
    expect(stays(loan(facts.payments, [dearer]), '2026-06-20')).toEqual([
      'M0 2026-02-01..2026-06-15',
      'M4 2026-06-15..',
    ]);
  });
});

describe('instalments', () => {
  it('say what was due, what is paid, what is left and since when', () => {
    expect(instalmentsAsOf(loan([payment('p-1', '2026-03-20', 104_000)]), '2026-04-11', rules)).toMatchObject([
      { no: 1, dueDay: '2026-03-01', dueMinor: 100_000, paidMinor: 100_000, unpaidMinor: 0, dpd: 0 },
      { no: 2, paidMinor: 4_000, unpaidMinor: 96_000, unpaid: { interest: 6_000, principal: 90_000 }, dpd: 10 },
      { no: 3, paidMinor: 0, unpaidMinor: 100_000, dpd: 0 },
    ]);
  });

  it('count the days of a rest too: the tolerance is of the loan', () => {
    const [first] = instalmentsAsOf(loan([payment('p-1', '2026-03-01', 99_500)]), '2026-03-11', rules);
    expect(first).toMatchObject({ unpaidMinor: 500, dpd: 10 });
  });
});

describe('first payment default (首逾)', () => {
  const missedOn = (facts: LoanFacts, asOf: Day) => firstPayment(facts, asOf, rules, 7)?.defaultedOn;

  it.each<[Day, Day | null]>([
    ['2026-03-08', null],
    ['2026-03-09', '2026-03-09'],
    ['2026-12-01', '2026-03-09'],
  ])('with 7 days allowed is, on %s, that of %s', (asOf, day) => {
    expect(missedOn(loan(), asOf)).toBe(day);
  });

  it('stays once it has come, and is none when the money was there in time', () => {
    expect(missedOn(loan([payment('p-1', '2026-03-09', 300_000)]), '2026-06-01')).toBeNull();
    expect(missedOn(loan([payment('p-1', '2026-03-10', 300_000)]), '2026-06-01')).toBe('2026-03-09');
    expect(missedOn(loan([payment('p-1', '2026-03-08', 99_000)]), '2026-06-01')).toBeNull();
    expect(missedOn(loan([payment('p-1', '2026-03-08', 98_999)]), '2026-06-01')).toBe('2026-03-09');
  });

  it('is not the miss of a later instalment', () => {
    expect(missedOn(loan([payment('p-1', '2026-03-01', 100_000)]), '2026-06-01')).toBeNull();
  });

  it('is judged by the first due day that an extension before it gave', () => {
    const later = {
      no: 2,
      effectiveFrom: '2026-02-20',
      instalments: instalments.map((line) => ({ ...line, dueDay: addDays(line.dueDay, 30) })),
    };
    expect(firstPayment(loan([], [later]), '2026-04-07', rules, 7)).toEqual({
      dueDay: '2026-03-31',
      defaultedOn: null,
    });
    expect(missedOn(loan([], [later]), '2026-04-08')).toBe('2026-04-08');
  });
});
