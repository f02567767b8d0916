import { describe, expect, it } from '@jest/globals';
import { accountAsOf, type AccountRules } from '../../src/domain/account/account';
import type { AllocationOrder } from '../../src/domain/allocation';
import type { ChargeRules } from '../../src/domain/charge/charge-rules';
import { delinquencyAsOf, standardBuckets } from '../../src/domain/delinquency';
import { type Amounts, type Instalment, type LoanFacts, noAmounts } from '../../src/domain/loan';
import { usual } from './account-samples';
import { payment, undo } from './loan-arbitraries';

const interestLast: AllocationOrder = { by: 'component', components: ['principal', 'interest', 'fee', 'penalty'] };
const january: Instalment = { no: 1, dueDay: '2026-01-10', due: { ...noAmounts, interest: 100, principal: 1_000 } };
const february: Instalment = { no: 2, dueDay: '2026-02-10', due: { ...noAmounts, interest: 90, principal: 1_000 } };

function loan(changes: Partial<LoanFacts> = {}): LoanFacts {
  const schedules = [{ no: 1, effectiveFrom: '2025-12-10', instalments: [january, february] }];
  return { currency: 'CNY', schedules, payments: [], pauses: [], ...changes };
}

function unpaidOf(facts: LoanFacts, asOf: string, rules: AccountRules): [number, Amounts][] {
  return accountAsOf(facts, asOf, rules).unpaid.map(({ instalment, unpaid }) => [instalment.no, unpaid]);
}

describe('the order of payment', () => {
  const byState = { ...usual, nonPerforming: { ...interestLast, fromDpd: 91 }, settlement: interestLast };
  const rules = { order: byState, toleranceMinor: 0 };

  it('is that of the state in which the money found the loan', () => {
    const facts = loan({ payments: [payment('p-1', '2026-04-10', 50), payment('p-2', '2026-04-11', 500)] });
    // 10 April is day 90: interest first. 11 April is day 91: principal first.
    expect(unpaidOf(facts, '2026-04-11', rules)).toEqual([
      [1, { ...noAmounts, interest: 50, principal: 500 }],
      [2, february.due],
    ]);
  });

  it('is found again when a payment with an earlier value day cures the loan before', () => {
    const late = payment('p-3', '2026-03-01', 1_100);
    const facts = loan({ payments: [payment('p-2', '2026-04-11', 500), late] });
    expect(unpaidOf(facts, '2026-04-11', rules)).toEqual([[2, { ...noAmounts, principal: 590 }]]);
    const bounced = { ...facts, payments: [...facts.payments, undo(late, 'bounce', '2026-05-01')] };
    expect(unpaidOf(bounced, '2026-04-11', rules)).toEqual([
      [1, { ...noAmounts, interest: 100, principal: 500 }],
      [2, february.due],
    ]);
  });

  it('while a settlement runs is the one that the policy has for it, whatever the days past due', () => {
    const settlements = [{ from: '2026-01-20', until: '2026-02-20', amountMinor: 1_500 }];
    const facts = loan({ payments: [payment('p-1', '2026-01-20', 400)], settlements });
    expect(unpaidOf(facts, '2026-01-21', rules)[0]).toEqual([1, { ...noAmounts, interest: 100, principal: 600 }]);
  });

  it('after a write-off is that of such loans, from its day on, unless it is undone or a settlement runs', () => {
    const order = { ...usual, writtenOff: interestLast };
    const facts = loan({ payments: [payment('p-1', '2026-02-01', 40), payment('p-2', '2026-02-02', 300)] });
    const left = (changes: Partial<LoanFacts>, settlement?: AllocationOrder) =>
      unpaidOf({ ...facts, ...changes }, '2026-02-05', {
        order: { ...order, ...(settlement !== undefined && { settlement }) },
        toleranceMinor: 0,
      })[0]?.[1];
    expect(left({ writtenOffOn: '2026-02-02' })).toEqual({ ...noAmounts, interest: 60, principal: 700 });
    expect(left({ writtenOffOn: '2026-02-01' })).toEqual({ ...noAmounts, interest: 100, principal: 660 });
    expect(left({ writtenOffOn: null })).toEqual({ ...noAmounts, interest: 0, principal: 760 });
    const settlements = [{ from: '2026-02-02', until: '2026-03-01', amountMinor: 900 }];
    expect(left({ writtenOffOn: '2026-02-01', settlements }, usual)).toEqual({
      ...noAmounts,
      interest: 0,
      principal: 760,
    });
  });

  it('due first lets a borrower who pays just what is overdue be up to date', () => {
    const facts = loan({ payments: [payment('p-1', '2026-01-20', 1_100)] });
    const dpd = (scope: 'whole-schedule' | 'due-first') => {
      const order: AllocationOrder = { ...usual, by: 'component', scope };
      return delinquencyAsOf(facts, '2026-01-25', { order, toleranceMinor: 0, buckets: standardBuckets }).rawDpd;
    };
    expect([dpd('whole-schedule'), dpd('due-first')]).toEqual([15, 0]);
  });
});

const charges: ChargeRules = {
  graceDays: 3,
  lateFeeMinor: 20,
  penaltyInterest: { perMillePerYear: 360, daysInYear: 360, on: 'principal' },
  caps: {},
};
const charging = (changes: Partial<ChargeRules> = {}): AccountRules => ({
  order: usual,
  toleranceMinor: 0,
  charges: { ...charges, ...changes },
});

function chargedOf(facts: LoanFacts, asOf: string, rules: AccountRules): [string, number, number][] {
  return accountAsOf(facts, asOf, rules).charges.map((charge) => [
    charge.kind,
    charge.instalmentNo,
    charge.amountMinor,
  ]);
}

describe('late fee and penalty interest', () => {
  it.each<[string, string, [string, number, number][]]>([
    ['do not arise in the days of grace', '2026-01-13', []],
    [
      'arise from the first day after them',
      '2026-01-14',
      [
        ['late-fee', 1, 20],
        ['penalty-interest', 1, 1],
      ],
    ],
    [
      'grow by the day: 1000 at 36 % is 1 a day',
      '2026-01-23',
      [
        ['late-fee', 1, 20],
        ['penalty-interest', 1, 10],
      ],
    ],
    [
      'arise for each missed instalment',
      '2026-02-14',
      [
        ['late-fee', 1, 20],
        ['penalty-interest', 1, 32],
        ['late-fee', 2, 20],
        ['penalty-interest', 2, 1],
      ],
    ],
  ])('%s', (_rule, asOf, expected) => {
    expect(chargedOf(loan(), asOf, charging())).toEqual(expected);
  });

  it('are rounded down once, over all days', () => {
    const third = charging({
      lateFeeMinor: 0,
      penaltyInterest: { perMillePerYear: 120, daysInYear: 360, on: 'principal' },
    });
    const days = ['2026-01-15', '2026-01-16', '2026-01-22'];
    // A third of a minor unit a day.
    expect(days.map((day) => chargedOf(loan(), day, third))).toEqual([
      [],
      [['penalty-interest', 1, 1]],
      [['penalty-interest', 1, 3]],
    ]);
  });

  it('are part of what is overdue, in the components in which they are settled', () => {
    const rules = { ...charging(), buckets: standardBuckets };
    expect(delinquencyAsOf(loan(), '2026-01-23', rules).overdue).toEqual({
      ...{ penalty: 10, fee: 20, interest: 100, principal: 1_000 },
    });
  });

  it('vanish when a payment comes to light that makes them unfounded, and come back when it bounces', () => {
    const paid = payment('p-1', '2026-01-12', 1_100);
    expect(chargedOf(loan({ payments: [paid] }), '2026-01-23', charging())).toEqual([]);
    const bounced = loan({ payments: [paid, undo(paid, 'bounce', '2026-01-20')] });
    expect(chargedOf(bounced, '2026-01-23', charging())).toHaveLength(2);
  });

  it('stop on the days of a pause, and the days of grace are not used up by it', () => {
    const pauses = [{ from: '2026-01-12', until: '2026-02-01' }];
    expect(chargedOf(loan({ pauses }), '2026-02-02', charging())).toEqual([]);
    expect(chargedOf(loan({ pauses }), '2026-02-03', charging())).toEqual([
      ['late-fee', 1, 20],
      ['penalty-interest', 1, 1],
    ]);
  });

  it.each<[string, ChargeRules['caps'], number]>([
    ['an amount for each instalment', { perInstalmentMinor: 25 }, 25],
    ['a share of the instalment', { ofInstalmentPerMille: 20 }, 22],
    ['an amount in a month', { perMonthMinor: 23 }, 23],
    ['an amount for ever', { totalMinor: 21 }, 21],
  ])('are bounded by %s', (_what, caps, mostMinor) => {
    const charged = chargedOf(loan(), '2026-01-31', charging({ caps }));
    expect(charged.reduce((sum, [, , amountMinor]) => sum + amountMinor, 0)).toBe(mostMinor);
  });

  it('are not charged on what the tolerance forgives', () => {
    const facts = loan({ payments: [payment('p-1', '2026-01-10', 1_095)] });
    expect(chargedOf(facts, '2026-01-31', { ...charging(), toleranceMinor: 5 })).toEqual([]);
    expect(chargedOf(facts, '2026-01-31', charging())).toHaveLength(1);
  });

  it('stay when a new schedule takes the place of the old one, and fall due with its first instalment', () => {
    const extended = { ...january, dueDay: '2026-03-10' };
    const schedules = [...loan().schedules, { no: 2, effectiveFrom: '2026-01-24', instalments: [extended, february] }];
    const { unpaid, contract } = accountAsOf(loan({ schedules }), '2026-01-24', charging());
    expect(unpaid.map(({ instalment, unpaid: left }) => [instalment.no, left.fee, left.penalty])).toEqual([
      [2, 20, 11],
      [1, 0, 0],
    ]);
    expect(contract.map(({ unpaid: left }) => left)).toEqual([february.due, january.due]);
  });
});

describe('a settlement', () => {
  const settlements = [{ from: '2026-01-20', until: '2026-02-01', amountMinor: 900 }];
  const paid = (valueDay: string) => loan({ settlements, payments: [payment('p-1', valueDay, 900)] });

  it('ends the charges on the day on which it is paid, and gives up what is unpaid of them', () => {
    const { charges: charged, unpaid, givenUpMinor } = accountAsOf(paid('2026-01-31'), '2026-06-01', charging());
    expect(charged.map(({ throughDay, unpaidMinor }) => [throughDay, unpaidMinor])).toEqual([
      ['2026-01-14', 0],
      ['2026-01-30', 0],
    ]);
    // 1,100 and 1,090 of the contract, 20 and 17 charged, less 900.
    expect([unpaid, givenUpMinor]).toEqual([[], 1_327]);
  });

  it('that is paid too late gives up nothing', () => {
    const { unpaid, givenUpMinor } = accountAsOf(paid('2026-02-02'), '2026-02-02', charging());
    expect([unpaid.length, givenUpMinor]).toEqual([2, 0]);
  });
});

describe('a waiver', () => {
  const given = { id: 'w-1', day: '2026-01-23', amounts: { ...noAmounts, fee: 20, penalty: 4 }, payBy: '2026-01-31' };
  const waived = (changes: Partial<LoanFacts> = {}) => loan({ waivers: [given], ...changes });
  const feeOf = (facts: LoanFacts, asOf: string) =>
    accountAsOf(facts, asOf, charging()).charges.find(({ kind }) => kind === 'late-fee');

  it('takes off what was charged, which stays visible', () => {
    expect(feeOf(waived(), '2026-01-25')).toMatchObject({ amountMinor: 20, waivedMinor: 20, unpaidMinor: 0 });
  });

  it('counts until its last day to pay, and lapses when the rest is not paid by then', () => {
    expect(feeOf(waived(), '2026-01-31')?.waivedMinor).toBe(20);
    expect(feeOf(waived(), '2026-02-01')).toMatchObject({ waivedMinor: 0, unpaidMinor: 20 });
  });

  it('stays once the rest was paid in time, lapses when that is undone, and holds again for money that was late to be known', () => {
    const paid = payment('p-1', '2026-01-30', 1_200);
    expect(feeOf(waived({ payments: [paid] }), '2026-06-01')?.waivedMinor).toBe(20);
    const bounced = waived({ payments: [paid, undo(paid, 'bounce', '2026-05-01')] });
    expect(feeOf(bounced, '2026-06-01')?.waivedMinor).toBe(0);
  });

  it('is of what is charged on its own day too, unless that is paid by the end of it', () => {
    const onFirstDay = { ...given, day: '2026-01-14', amounts: { ...noAmounts, fee: 20, penalty: 1 }, payBy: null };
    const facts = loan({ waivers: [onFirstDay] });
    expect(chargedOf(facts, '2026-01-14', charging())).toHaveLength(2);
    expect(unpaidOf(facts, '2026-01-14', charging())[0]).toEqual([1, january.due]);
    const paid = { ...facts, payments: [payment('p-1', '2026-01-14', 1_100)] };
    expect(unpaidOf(paid, '2026-01-14', charging())).toEqual([[2, february.due]]);
  });

  it('counts before money of its own day, so that who is told the rest and pays it at once is up to date', () => {
    const facts = loan({ waivers: [{ ...given, amounts: { ...noAmounts, fee: 20, penalty: 9 }, payBy: null }] });
    const paid = { ...facts, payments: [payment('p-1', '2026-01-23', 1_100)] };
    expect(unpaidOf(paid, '2026-06-01', { ...charging(), toleranceMinor: 0 })[0]?.[0]).toBe(2);
  });

  it('gives up no more than was unpaid', () => {
    const much = { ...given, amounts: { ...noAmounts, fee: 500 }, payBy: null };
    expect(accountAsOf(loan({ waivers: [much] }), '2026-01-23', charging())).toMatchObject({
      waivedMinor: 20,
      creditMinor: 0,
    });
  });

  it('of interest of the contract takes it off what is due', () => {
    const interest = { ...given, amounts: { ...noAmounts, interest: 60 }, payBy: null };
    const [first] = accountAsOf(loan({ waivers: [interest] }), '2026-01-23', {
      order: usual,
      toleranceMinor: 0,
    }).unpaid;
    expect([first?.unpaid.interest, first?.instalment.due.interest]).toEqual([40, 40]);
  });
});
