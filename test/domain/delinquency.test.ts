import { describe, expect, it } from '@jest/globals';
import { addDays, type Day } from '../../src/domain/day';
import {
  type Delinquency,
  delinquencyAsOf,
  type DelinquencyRules,
  standardBuckets,
} from '../../src/domain/delinquency';
import type { Instalment, LoanFacts, Pause, Payment, Schedule } from '../../src/domain/loan';
import { payment, undo } from './loan-arbitraries';

const rules: DelinquencyRules = {
  order: { by: 'instalment', components: ['penalty', 'fee', 'interest', 'principal'] },
  toleranceMinor: 1_000,
  buckets: standardBuckets,
};

/** Three instalments of 1,000.00 (interest 100.00), due on 1 March, 1 April and 1 May. */
const instalments: Instalment[] = ['2026-03-01', '2026-04-01', '2026-05-01'].map((dueDay, index) => ({
  no: index + 1,
  dueDay,
  due: { penalty: 0, fee: 0, interest: 10_000, principal: 90_000 },
}));
const contract: Schedule = { no: 1, effectiveFrom: '2026-02-01', instalments };

function loan(facts: { payments?: Payment[]; pauses?: Pause[]; schedules?: Schedule[] } = {}): LoanFacts {
  return { currency: 'CNY', schedules: [contract], payments: [], pauses: [], ...facts };
}

function stands(facts: LoanFacts, asOf: Day, toleranceMinor = rules.toleranceMinor): Delinquency {
  return delinquencyAsOf(facts, asOf, { ...rules, toleranceMinor });
}

describe('days past due', () => {
  it.each<[Day, number, string, number]>([
    ['2026-02-28', 0, 'M0', 0],
    ['2026-03-01', 0, 'M0', 0],
    ['2026-03-02', 1, 'M1', 100_000],
    ['2026-03-31', 30, 'M1', 100_000],
    ['2026-04-01', 31, 'M2', 100_000],
    ['2026-04-02', 32, 'M2', 200_000],
    ['2026-08-28', 180, 'M6', 300_000],
    ['2026-08-29', 181, 'M6+', 300_000],
  ])('on %s are %d, bucket %s, with %d overdue; the due day is day 0', (asOf, rawDpd, bucket, overdueMinor) => {
    expect(stands(loan(), asOf)).toMatchObject({ rawDpd, effectiveDpd: rawDpd, bucket, overdueMinor });
  });

  it('say all there is to say on a day', () => {
    expect(stands(loan({ payments: [payment('p-1', '2026-03-05', 15_000)] }), '2026-03-11')).toEqual({
      asOf: '2026-03-11',
      rawDpd: 10,
      effectiveDpd: 10,
      pausedDays: 0,
      overdue: { penalty: 0, fee: 0, interest: 0, principal: 85_000 },
      overdueMinor: 85_000,
      oldestUnpaidDueDay: '2026-03-01',
      nextDueDay: '2026-04-01',
      nextDueMinor: 100_000,
      bucket: 'M1',
      outstanding: { penalty: 0, fee: 0, interest: 20_000, principal: 265_000 },
      outstandingMinor: 285_000,
      creditMinor: 0,
    });
  });

  it('count from the next unpaid instalment once the oldest is paid', () => {
    const facts = loan({ payments: [payment('p-1', '2026-04-10', 100_000)] });
    expect(stands(facts, '2026-04-09')).toMatchObject({ rawDpd: 39, oldestUnpaidDueDay: '2026-03-01' });
    expect(stands(facts, '2026-04-10')).toMatchObject({ rawDpd: 9, oldestUnpaidDueDay: '2026-04-01' });
  });

  it('of a loan paid in full and beyond are none, and the rest is credit', () => {
    const facts = loan({ payments: [payment('p-1', '2026-03-01', 300_500)] });
    expect(stands(facts, '2027-01-01')).toMatchObject({
      rawDpd: 0,
      bucket: 'M0',
      outstandingMinor: 0,
      creditMinor: 500,
      nextDueDay: null,
      nextDueMinor: 0,
    });
  });

  it('know a backdated payment from its value day on', () => {
    const facts = loan({ payments: [payment('p-1', '2026-03-01', 100_000)] });
    expect(stands(facts, '2026-03-20')).toMatchObject({ rawDpd: 0, overdueMinor: 0 });
  });

  it.each(['reversal', 'bounce'] as const)(
    'with a payment undone by a %s are those of a loan that never got it',
    (kind) => {
      const paid = payment('p-1', '2026-03-10', 100_000);
      const facts = loan({ payments: [paid, undo(paid, kind, '2026-03-20')] });
      for (const asOf of ['2026-03-15', '2026-03-20', '2026-06-01'])
        expect(stands(facts, asOf)).toEqual(stands(loan(), asOf));
    },
  );

  it('go by the schedule of the day: the one before a restructure stays true for its time', () => {
    const later = instalments.map((line) => ({ ...line, dueDay: addDays(line.dueDay, 30) }));
    const facts = loan({ schedules: [{ no: 2, effectiveFrom: '2026-03-15', instalments: later }, contract] });
    expect(stands(facts, '2026-03-14').rawDpd).toBe(13);
    expect(stands(facts, '2026-03-15')).toMatchObject({ rawDpd: 0, nextDueDay: '2026-03-31' });
  });
});

describe('the tolerance', () => {
  it.each([
    [99_000, 0, null, 'M0'],
    [98_999, 10, '2026-03-01', 'M1'],
  ])(
    'of 1,000 with %d paid gives %d days; the rest is told as overdue all the same',
    (paidMinor, rawDpd, day, bucket) => {
      const facts = loan({ payments: [payment('p-1', '2026-03-01', paidMinor)] });
      expect(stands(facts, '2026-03-11')).toMatchObject({
        rawDpd,
        bucket,
        oldestUnpaidDueDay: day,
        overdueMinor: 100_000 - paidMinor,
        pausedDays: 0,
      });
    },
  );

  it('is one sum for the loan: small rests add up, and the one that exceeds it is the anchor', () => {
    const rests = instalments.map((line) => ({ ...line, due: { penalty: 0, fee: 0, interest: 0, principal: 600 } }));
    const facts = loan({ schedules: [{ ...contract, instalments: rests }] });
    expect(stands(facts, '2026-04-01').rawDpd).toBe(0);
    expect(stands(facts, '2026-04-11')).toMatchObject({
      rawDpd: 10,
      oldestUnpaidDueDay: '2026-04-01',
      overdueMinor: 1_200,
    });
  });

  it('of zero lets no minor unit pass', () => {
    const facts = loan({ payments: [payment('p-1', '2026-03-01', 99_999)] });
    expect(stands(facts, '2026-03-02', 0).rawDpd).toBe(1);
  });
});

describe('pauses', () => {
  it.each<[string, Pause[], number]>([
    ['before the loan was overdue', [{ from: '2026-01-01', until: '2026-03-01' }], 0],
    ['of the due day alone', [{ from: '2026-03-01', until: '2026-03-02' }], 0],
    ['that began before it was overdue', [{ from: '2026-02-01', until: '2026-03-06' }], 4],
    ['within', [{ from: '2026-03-10', until: '2026-03-20' }], 10],
    [
      'within, and one that encloses it',
      [
        { from: '2026-03-10', until: '2026-03-20' },
        { from: '2026-03-08', until: '2026-03-25' },
      ],
      17,
    ],
    ['without end', [{ from: '2026-03-22', until: null }], 10],
    ['still to come', [{ from: '2026-04-01', until: null }], 0],
  ])('%s lower the effective days and never the raw ones', (_rule, pauses, pausedDays) => {
    expect(stands(loan({ pauses }), '2026-03-31')).toMatchObject({
      rawDpd: 30,
      pausedDays,
      effectiveDpd: 30 - pausedDays,
      bucket: 'M1',
    });
  });

  it('leave the bucket to the raw days', () => {
    const facts = loan({ pauses: [{ from: '2026-03-02', until: null }] });
    expect(stands(facts, '2026-05-31')).toMatchObject({ rawDpd: 91, effectiveDpd: 0, bucket: 'M4' });
  });

  it('of an instalment that was paid no longer count for the next', () => {
    const pauses = [{ from: '2026-03-10', until: '2026-03-20' }];
    const facts = loan({ pauses, payments: [payment('p-1', '2026-04-05', 100_000)] });
    expect(stands(facts, '2026-04-04')).toMatchObject({ rawDpd: 34, effectiveDpd: 24 });
    expect(stands(facts, '2026-04-05')).toMatchObject({ rawDpd: 4, effectiveDpd: 4 });
  });
});

describe('what is due next', () => {
  it.each<[Day, Day | null, number]>([
    ['2026-02-15', '2026-03-01', 40_000],
    ['2026-03-01', '2026-03-01', 40_000],
    ['2026-03-02', '2026-04-01', 100_000],
    ['2026-05-01', '2026-05-01', 100_000],
    ['2026-05-02', null, 0],
  ])('on %s is %s with %d', (asOf, nextDueDay, nextDueMinor) => {
    const facts = loan({ payments: [payment('p-1', '2026-02-10', 60_000)] });
    expect(stands(facts, asOf)).toMatchObject({ nextDueDay, nextDueMinor });
  });

  it('is the sum of all that falls due on that day, and passes over what is paid already', () => {
    const twin = { ...instalments[1]!, no: 4 };
    const facts = loan({
      schedules: [{ ...contract, instalments: [...instalments, twin] }],
      payments: [payment('p-1', '2026-02-10', 100_000)],
    });
    expect(stands(facts, '2026-02-15')).toMatchObject({ nextDueDay: '2026-04-01', nextDueMinor: 200_000 });
  });
});

it('rules without a bucket for a loan that is not overdue are an error', () => {
  expect(() => delinquencyAsOf(loan(), '2026-02-15', { ...rules, buckets: [{ name: 'M1', fromDpd: 1 }] })).toThrow(
    RangeError,
  );
});
