import { describe, expect, it } from '@jest/globals';
import { allocate, type AllocationOrder } from '../../src/domain/allocation';
import { costMinor, rearrange, type Rearranged } from '../../src/domain/arrangement/rearrange';
import type { ArrangementTerms } from '../../src/domain/arrangement/terms';
import { delinquencyAsOf, standardBuckets } from '../../src/domain/delinquency';
import type { Schedule } from '../../src/domain/loan';
import { Refusal } from '../../src/domain/refusal';
import { payment } from './loan-arbitraries';

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

function agreed(terms: ArrangementTerms, paidMinor: number, effectiveFrom = '2026-05-15'): Rearranged {
  const allocation = allocate(contract.instalments, paidMinor, byInstalment);
  return rearrange({ schedule: contract, allocation, order: byInstalment }, terms, effectiveFrom);
}

function restructured(terms: ArrangementTerms, paidMinor: number, effectiveFrom?: string): Schedule {
  return agreed(terms, paidMinor, effectiveFrom).schedule!;
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

describe('a down payment', () => {
  it('comes before the instalments and pays interest before principal', () => {
    const downPayment = { amountMinor: 40_000, dueDay: '2026-05-20' };
    const plan = restructured({ kind: 'instalments', count: 2, firstDueDay: '2026-06-15', downPayment }, 0);
    expect(lines(plan).slice(4)).toEqual([
      [5, '2026-05-20', 30_000, 10_000],
      [6, '2026-06-15', 0, 130_000],
      [7, '2026-07-15', 0, 130_000],
    ]);
  });
});

describe('re-ageing', () => {
  it('puts all that is unpaid, due or not, into new instalments', () => {
    const aged = restructured({ kind: 're-age', count: 3, firstDueDay: '2026-06-15' }, 150_000);
    expect(lines(aged)).toEqual([
      [1, '2026-03-01', 10_000, 90_000],
      [2, '2026-04-01', 10_000, 40_000],
      [3, '2026-05-01', 0, 0],
      [4, '2026-06-01', 0, 0],
      [5, '2026-06-15', 6_667, 76_667],
      [6, '2026-07-15', 6_667, 76_666],
      [7, '2026-08-15', 6_666, 76_667],
    ]);
  });
});

describe('re-amortising', () => {
  it('spreads what is overdue over the instalments that are left', () => {
    const spreadOut = restructured({ kind: 're-amortise', method: 'spread' }, 150_000, '2026-04-15');
    expect(lines(spreadOut)).toEqual([
      [1, '2026-03-01', 10_000, 90_000],
      [2, '2026-04-01', 10_000, 40_000],
      [3, '2026-05-01', 10_000, 115_000],
      [4, '2026-06-01', 10_000, 115_000],
    ]);
  });

  it('at a rate replaces interest that is not due yet and carries what fell due, without interest on it', () => {
    const terms = { kind: 're-amortise', method: 'equal-principal', yearlyRateBps: 1_200 } as const;
    const anew = agreed({ ...terms, count: 4, firstDueDay: '2026-06-15' }, 0);
    // 360,000 of principal at 1 % a month; 30,000 of interest that fell due; 10,000 that did not.
    expect(lines(anew.schedule!).slice(4)).toEqual([
      [5, '2026-06-15', 3_600 + 7_500, 90_000],
      [6, '2026-07-15', 2_700 + 7_500, 90_000],
      [7, '2026-08-15', 1_800 + 7_500, 90_000],
      [8, '2026-09-15', 900 + 7_500, 90_000],
    ]);
    expect([anew.waived.interest, costMinor(anew)]).toEqual([1_000, -1_000]);
  });
});

describe('an interest reduction', () => {
  it('lowers what is not due yet, rounded in the borrower’s favour, and leaves what fell due', () => {
    const reduced = agreed({ kind: 'interest-reduction', reductionPerMille: 333 }, 0, '2026-04-15');
    expect(lines(reduced.schedule!).map(([, , interest]) => interest)).toEqual([10_000, 10_000, 6_670, 6_670]);
    expect(reduced.waived.interest).toBe(6_660);
    const once = agreed({ kind: 'interest-reduction', reductionPerMille: 1_000, count: 1 }, 0, '2026-04-15');
    expect(lines(once.schedule!).map(([, , interest]) => interest)).toEqual([10_000, 10_000, 0, 10_000]);
  });
});

describe('a settlement', () => {
  it('leaves the schedule and says by component what would be given up', () => {
    const settled = agreed({ kind: 'settlement', amountMinor: 200_000, until: '2026-06-15' }, 100_000);
    expect(settled.schedule).toBeNull();
    expect(settled.waived).toEqual({ penalty: 0, fee: 0, interest: 10_000, principal: 90_000 });
  });
});

describe('an arrangement is refused', () => {
  const spread = { kind: 'instalments', count: 3, firstDueDay: '2026-06-15' } as const;
  const anew = { ...spread, kind: 're-amortise', method: 'annuity', yearlyRateBps: 600 } as const;
  const down = (amountMinor: number, dueDay: string) => ({ ...spread, downPayment: { amountMinor, dueDay } });
  const reduce = (reductionPerMille: number) => ({ kind: 'interest-reduction', reductionPerMille }) as const;
  const settle = (amountMinor: number, until: string) => ({ kind: 'settlement', amountMinor, until }) as const;

  it.each<[string, ArrangementTerms, number, string, string | undefined]>([
    ['an extension by no day', { kind: 'extension', days: 0 }, 0, '2026-05-15', 'terms.days'],
    ['an extension by part of a day', { kind: 'extension', days: 1.5 }, 0, '2026-05-15', 'terms.days'],
    ['an extension by more than ten years', { kind: 'extension', days: 3_651 }, 0, '2026-05-15', 'terms.days'],
    ['an extension of a loan that is paid', { kind: 'extension', days: 30 }, 400_000, '2026-05-15', undefined],
    ['no instalment', { ...spread, count: 0 }, 0, '2026-05-15', 'terms.count'],
    ['more instalments than fifty years of months', { ...spread, count: 601 }, 0, '2026-05-15', 'terms.count'],
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
    ['a down payment of nothing', down(0, '2026-05-20'), 0, '2026-05-15', 'terms.downPayment.amountMinor'],
    ['a down payment beyond the debt', down(300_001, '2026-05-20'), 0, '2026-05-15', 'terms.downPayment.amountMinor'],
    ['a down payment that comes last', down(100, '2026-06-16'), 0, '2026-05-15', 'terms.downPayment.dueDay'],
    ['a rate below zero', { ...anew, yearlyRateBps: -1 }, 0, '2026-05-15', 'terms.yearlyRateBps'],
    ['a rate over a hundred per cent', { ...anew, yearlyRateBps: 10_001 }, 0, '2026-05-15', 'terms.yearlyRateBps'],
    [
      'spreading where no instalment is left',
      { kind: 're-amortise', method: 'spread' },
      0,
      '2026-06-02',
      'terms.method',
    ],
    ['re-ageing what is not overdue', { ...spread, kind: 're-age' }, 300_000, '2026-05-15', undefined],
    ['a reduction by nothing', reduce(0), 0, '2026-05-15', 'terms.reductionPerMille'],
    ['a reduction by more than all', reduce(1_001), 0, '2026-05-15', 'terms.reductionPerMille'],
    ['a reduction where no interest lies ahead', reduce(500), 0, '2026-06-02', undefined],
    ['a settlement by all that is owed', settle(400_000, '2026-06-15'), 0, '2026-05-15', 'terms.amountMinor'],
    ['a settlement by nothing', settle(0, '2026-06-15'), 0, '2026-05-15', 'terms.amountMinor'],
    ['a settlement until yesterday', settle(100, '2026-05-14'), 0, '2026-05-15', 'terms.until'],
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

it('judged in another order than it was made in, an arrangement may show old instalments as unpaid again', () => {
  const spread = restructured({ kind: 'instalments', count: 3, firstDueDay: '2026-06-15' }, 150_000);
  const facts = { currency: 'CNY', schedules: [spread], payments: [payment('p-1', '2026-03-01', 150_000)], pauses: [] };
  const overdueBy = (order: AllocationOrder) =>
    delinquencyAsOf(facts, '2026-05-15', { order, toleranceMinor: 0, buckets: standardBuckets }).overdueMinor;
  expect(overdueBy(byInstalment)).toBe(0);
  expect(overdueBy({ ...byInstalment, by: 'component' })).toBeGreaterThan(0);
});

it('a payment from before an arrangement that bounces makes its old due day count again', () => {
  const spread = restructured({ kind: 'instalments', count: 3, firstDueDay: '2026-06-15' }, 150_000);
  const facts = { currency: 'CNY', schedules: [contract, spread], payments: [], pauses: [] };
  const rules = { order: byInstalment, toleranceMinor: 0, buckets: standardBuckets };
  expect(delinquencyAsOf(facts, '2026-05-15', rules)).toMatchObject({
    oldestUnpaidDueDay: '2026-03-01',
    overdueMinor: 150_000,
  });
});
