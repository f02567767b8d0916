import { describe, expect, it } from '@jest/globals';
import { allocate, type AllocationOrder } from '../../src/domain/allocation';
import { delinquencyAsOf, standardBuckets } from '../../src/domain/delinquency';
import type { Schedule } from '../../src/domain/loan';
import { Refusal } from '../../src/domain/refusal';
import { restructure, type RestructureTerms } from '../../src/domain/restructure';
import { payment } from './loan-arbitraries';

const limits = { daysMax: 365, countMax: 60 };
const byInstalment: AllocationOrder = { by: 'instalment', components: ['penalty', 'fee', 'interest', 'principal'] };

/** Four instalments of 1,000.00 from 1 March on. On 15 May three of them are overdue. */
const contract: Schedule = {
  no: 1,
  effectiveFrom: '2026-02-01',
  instalments: ['2026-03-01', '2026-04-01', '2026-05-01', '2026-06-01'].map((dueDay, index) => ({
    no: index + 1,
    dueDay,
    due: { penalty: 0, fee: 0, interest: 10_000, principal: 90_000 },
  })),
};

function restructured(terms: RestructureTerms, paidMinor: number, effectiveFrom = '2026-05-15'): Schedule {
  const allocation = allocate(contract.instalments, paidMinor, byInstalment);
  return restructure(contract, allocation, terms, effectiveFrom, limits);
}

function lines({ instalments }: Schedule): [number, string, number, number][] {
  return instalments.map(({ no, dueDay, due }) => [no, dueDay, due.interest, due.principal]);
}

describe('an extension', () => {
  it('moves what is unpaid and leaves what is paid', () => {
    const extended = restructured({ kind: 'extension', days: 30 }, 150_000);
    expect(extended).toMatchObject({ no: 2, effectiveFrom: '2026-05-15' });
    expect(lines(extended)).toEqual([
      [1, '2026-03-01', 10_000, 90_000],
      [2, '2026-05-01', 10_000, 90_000],
      [3, '2026-05-31', 10_000, 90_000],
      [4, '2026-07-01', 10_000, 90_000],
    ]);
  });

  it('leaves the schedule that it changes as it was', () => {
    const before = structuredClone(contract);
    restructured({ kind: 'extension', days: 30 }, 0);
    restructured({ kind: 'instalments', count: 3, firstDueDay: '2026-06-15' }, 0);
    expect(contract).toEqual(before);
  });
});

describe('instalments', () => {
  it('take over what is overdue, the old ones keep what was paid on them', () => {
    const spread = restructured({ kind: 'instalments', count: 4, firstDueDay: '2026-06-15' }, 150_001);
    expect(lines(spread)).toEqual([
      [1, '2026-03-01', 10_000, 90_000],
      [2, '2026-04-01', 10_000, 40_001],
      [3, '2026-05-01', 0, 0],
      [4, '2026-06-01', 10_000, 90_000],
      // 49,999 + 90,000 of principal and 10,000 of interest, in four.
      [5, '2026-06-15', 2_500, 35_000],
      [6, '2026-07-15', 2_500, 35_000],
      [7, '2026-08-15', 2_500, 35_000],
      [8, '2026-09-15', 2_500, 34_999],
    ]);
  });

  it('leave an instalment that falls due on the day itself, for day 0 is not overdue', () => {
    const spread = restructured({ kind: 'instalments', count: 2, firstDueDay: '2026-06-15' }, 0, '2026-05-01');
    expect(lines(spread).slice(2, 5)).toEqual([
      [3, '2026-05-01', 10_000, 90_000],
      [4, '2026-06-01', 10_000, 90_000],
      [5, '2026-06-15', 10_000, 90_000],
    ]);
  });

  it('keep the day of the month and come back to the 31st after a shorter month', () => {
    const monthly = restructured({ kind: 'instalments', count: 3, firstDueDay: '2027-01-31' }, 0);
    expect(
      lines(monthly)
        .slice(4)
        .map(([, dueDay]) => dueDay),
    ).toEqual(['2027-01-31', '2027-02-28', '2027-03-31']);
    const quarterly = restructured({ kind: 'instalments', count: 2, firstDueDay: '2026-08-31', everyMonths: 3 }, 0);
    expect(
      lines(quarterly)
        .slice(4)
        .map(([, dueDay]) => dueDay),
    ).toEqual(['2026-08-31', '2026-11-30']);
  });
});

describe('a restructure is refused', () => {
  const spread = { kind: 'instalments', count: 3, firstDueDay: '2026-06-15' } as const;

  it.each<[string, RestructureTerms, number, string, string | undefined]>([
    ['an extension by no day', { kind: 'extension', days: 0 }, 0, '2026-05-15', 'terms.days'],
    ['an extension by part of a day', { kind: 'extension', days: 1.5 }, 0, '2026-05-15', 'terms.days'],
    ['an extension over the limit', { kind: 'extension', days: 366 }, 0, '2026-05-15', 'terms.days'],
    ['an extension of a loan that is paid', { kind: 'extension', days: 30 }, 400_000, '2026-05-15', undefined],
    ['no instalment', { ...spread, count: 0 }, 0, '2026-05-15', 'terms.count'],
    ['more instalments than the limit', { ...spread, count: 61 }, 0, '2026-05-15', 'terms.count'],
    ['more instalments than minor units', { ...spread, count: 3 }, 299_998, '2026-05-15', 'terms.count'],
    [
      'a first due day on the day itself',
      { ...spread, firstDueDay: '2026-05-15' },
      0,
      '2026-05-15',
      'terms.firstDueDay',
    ],
    [
      'a first due day that does not exist',
      { ...spread, firstDueDay: '2026-06-31' },
      0,
      '2026-05-15',
      'terms.firstDueDay',
    ],
    ['instalments every zero months', { ...spread, everyMonths: 0 }, 0, '2026-05-15', 'terms.everyMonths'],
    ['instalments more than a year apart', { ...spread, everyMonths: 13 }, 0, '2026-05-15', 'terms.everyMonths'],
    ['instalments where nothing is overdue', spread, 300_000, '2026-05-15', undefined],
    ['instalments before anything was due', spread, 0, '2026-03-01', undefined],
    ['a day before the schedule that it changes', spread, 0, '2026-01-31', 'effectiveFrom'],
    ['a day that does not exist', spread, 0, '2026-05-32', 'effectiveFrom'],
  ])('%s', (_rule, terms, paidMinor, effectiveFrom, field) => {
    const attempt = () => restructured(terms, paidMinor, effectiveFrom);
    expect(attempt).toThrow(Refusal);
    expect(attempt).toThrow(expect.objectContaining({ type: 'RestructureInvalid', field }));
  });
});

it('judged in another order than it was made in, a restructure may show old instalments as unpaid again', () => {
  const spread = restructured({ kind: 'instalments', count: 3, firstDueDay: '2026-06-15' }, 150_000);
  const facts = { currency: 'CNY', schedules: [spread], payments: [payment('p-1', '2026-03-01', 150_000)], pauses: [] };
  const overdueBy = (order: AllocationOrder) =>
    delinquencyAsOf(facts, '2026-05-15', { order, toleranceMinor: 0, buckets: standardBuckets }).overdueMinor;
  expect(overdueBy(byInstalment)).toBe(0);
  expect(overdueBy({ ...byInstalment, by: 'component' })).toBeGreaterThan(0);
});

it('a payment from before a restructure that bounces makes its old due day count again', () => {
  const spread = restructured({ kind: 'instalments', count: 3, firstDueDay: '2026-06-15' }, 150_000);
  const facts = { currency: 'CNY', schedules: [contract, spread], payments: [], pauses: [] };
  const rules = { order: byInstalment, toleranceMinor: 0, buckets: standardBuckets };
  expect(delinquencyAsOf(facts, '2026-05-15', rules)).toMatchObject({
    oldestUnpaidDueDay: '2026-03-01',
    overdueMinor: 150_000,
  });
});
