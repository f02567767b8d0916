import { describe, expect, it } from '@jest/globals';
import { affordabilityOf } from '../../src/domain/arrangement/affordability';
import { loanLimitProblem, quotaProblem } from '../../src/domain/arrangement/loan-limits';
import { beyond, monthsBegun } from '../../src/domain/arrangement/measures';
import type { ArrangementTerms } from '../../src/domain/arrangement/terms';
import { type Scene, weigh } from '../../src/domain/arrangement/weigh';
import { standardBuckets } from '../../src/domain/delinquency';
import { type LoanFacts, noAmounts } from '../../src/domain/loan';
import { samplePolicy } from './sample-policy';

const loan: LoanFacts = {
  currency: 'CNY',
  schedules: [
    {
      no: 1,
      effectiveFrom: '2026-01-01',
      instalments: ['2026-03-01', '2026-04-01', '2026-05-01'].map((dueDay, index) => ({
        no: index + 1,
        dueDay,
        due: { ...noAmounts, interest: 1_000, principal: 99_000 },
      })),
    },
  ],
  payments: [],
  pauses: [],
};

const { arrangements: policy } = samplePolicy({
  arrangements: {
    kept: { toleranceDays: 3, cureDays: 10 },
    perLoan: { lifetime: 2, within: { months: 12, atMost: 1 }, coolingOffDays: 30 },
    quota: { perMille: 300, freeUpTo: 2 },
    affordabilityMarginPerMille: 200,
    offers: {
      extension: { most: { days: 90 }, alone: { days: 30 }, approval: 'supervisor' },
      instalments: {
        products: ['personal'],
        most: { instalments: 60, months: 60 },
        alone: { instalments: 12 },
        approval: 'supervisor',
        downPaymentPerMille: 100,
        affordability: 'required',
      },
      settlement: {
        most: { discountPerMille: 500 },
        alone: { discountPerMille: 100, waivedMinor: 10_000 },
        approval: 'legal',
      },
    },
  },
});

function scene(changes: Partial<Scene> = {}): Scene {
  const rules = {
    order: { by: 'instalment', components: ['penalty', 'fee', 'interest', 'principal'] },
    toleranceMinor: 0,
    buckets: standardBuckets,
  } as const;
  const branch = { openCases: 100, underArrangement: 0 };
  const usual = { loan, product: 'personal', today: '2026-04-15', rules, policy, earlier: [], branch, budget: null };
  return { ...usual, ...changes };
}

const enough = { incomeMinor: 500_000, outgoingsMinor: 200_000 };
const plan = {
  kind: 'instalments',
  count: 10,
  firstDueDay: '2026-05-15',
  downPayment: { amountMinor: 20_000, dueDay: '2026-04-20' },
} as const;

function against(terms: ArrangementTerms, changes: Partial<Scene> = {}): [string | undefined, string][] {
  return weigh(scene(changes), terms).refusals.map(({ field, reason }) => [field, reason]);
}

describe('the limits of a policy', () => {
  it.each<[string, ArrangementTerms, string | null]>([
    ['an extension that one may decide alone', { kind: 'extension', days: 30 }, null],
    ['one that a supervisor has to agree to', { kind: 'extension', days: 31 }, 'supervisor'],
    ['a settlement with a small discount', { kind: 'settlement', amountMinor: 295_000, until: '2026-05-15' }, null],
    ['one that gives up a large amount', { kind: 'settlement', amountMinor: 280_000, until: '2026-05-15' }, 'legal'],
  ])('%s', (_what, terms, role) => {
    const { approval, refusals } = weigh(scene(), terms);
    expect([approval?.role ?? null, refusals]).toEqual([role, []]);
  });

  it.each<[string, ArrangementTerms, Partial<Scene>, string | undefined, RegExp]>([
    ['more days than anybody may give', { kind: 'extension', days: 91 }, {}, 'terms.days', /91 days; .* allows 90/],
    [
      'a plan that lasts longer than five years',
      { ...plan, count: 21, everyMonths: 3 },
      { budget: enough },
      'terms.count',
      /61 months; .* allows 60/,
    ],
    [
      'a discount beyond the most',
      { kind: 'settlement', amountMinor: 149_999, until: '2026-05-15' },
      {},
      'terms.amountMinor',
      /501 per mille/,
    ],
    ['a kind that is not offered', { kind: 're-amortise', method: 'spread' }, {}, 'terms.kind', /does not offer/],
    ['another product', plan, { product: 'mortgage', budget: enough }, 'terms.kind', /not for mortgage/],
    [
      'too little at first',
      { ...plan, downPayment: { amountMinor: 19_999, dueDay: '2026-04-20' } },
      { budget: enough },
      'terms.downPayment',
      /20000 or more/,
    ],
    ['no budget where one is asked for', plan, {}, 'budget', /income and outgoings/],
    [
      'a budget that leaves too little',
      plan,
      { budget: { incomeMinor: 100_000, outgoingsMinor: 0 } },
      'budget',
      /leaves 100000 a month for up to 118000/,
    ],
    [
      'a second one within the year',
      { kind: 'extension', days: 10 },
      { earlier: ['2025-04-16'] },
      undefined,
      /within 12 months/,
    ],
    [
      'a third one in the life of the loan',
      { kind: 'extension', days: 10 },
      { earlier: ['2020-01-01', '2022-01-01'] },
      undefined,
      /has had 2/,
    ],
    [
      'a branch with too many',
      { kind: 'extension', days: 10 },
      { branch: { openCases: 100, underArrangement: 30 } },
      undefined,
      /30 of the branch/,
    ],
  ])('%s is refused with the field and the reason', (_what, terms, changes, field, reason) => {
    expect(against(terms, changes)).toEqual([[field, expect.stringMatching(reason)]]);
  });

  it('finds every reason, not only the first', () => {
    expect(against({ ...plan, count: 61 }, { product: 'mortgage' }).map(([field]) => field)).toEqual([
      'terms.count', // 61 instalments
      'terms.count', // 61 months
      'terms.kind',
      'budget',
    ]);
  });

  it('that a policy does not speak of are those of its older section', () => {
    const usual = samplePolicy().arrangements;
    const refused = (terms: ArrangementTerms) => against(terms, { policy: usual }).map(([field]) => field);
    expect(refused({ kind: 'extension', days: 90 })).toEqual([]);
    expect(refused({ kind: 'extension', days: 91 })).toEqual(['terms.days']);
    expect(refused({ ...plan, count: 61 })).toEqual(['terms.count']);
    expect(refused({ kind: 'settlement', amountMinor: 1, until: '2026-05-15' })).toEqual(['terms.kind']);
  });
});

describe('a preview', () => {
  it('says what the plan makes of the loan on the day', () => {
    const { before, after, measures, affordability, approval } = weigh(scene({ budget: enough }), plan);
    expect([before.rawDpd, before.overdueMinor, before.outstandingMinor]).toEqual([45, 200_000, 300_000]);
    expect([after!.rawDpd, after!.overdueMinor, after!.outstandingMinor]).toEqual([0, 0, 300_000]);
    expect(measures).toEqual({ instalments: 10, months: 10 });
    // In May the next instalment of the contract and the first of the plan.
    expect(affordability).toEqual({ leftMinor: 300_000, monthlyMinor: 118_000, affordable: true });
    expect(approval).toBeNull();
  });

  it('says what a settlement would give up, and that nothing changes before it is paid', () => {
    const terms = { kind: 'settlement', amountMinor: 200_000, until: '2026-05-15' } as const;
    const { made, measures, before, after } = weigh(scene(), terms);
    expect(made).toMatchObject({ schedule: null, waived: { interest: 1_000, principal: 99_000 } });
    expect(measures).toEqual({ discountPerMille: 334, waivedMinor: 100_000, validDays: 30 });
    expect(after).toEqual(before);
  });
});

describe('affordability', () => {
  const schedule = loan.schedules[0]!;

  it.each([
    ['just enough with a fifth free', 125_000, true],
    ['a minor unit too little', 124_999, false],
  ])('%s', (_what, incomeMinor, affordable) => {
    expect(affordabilityOf({ incomeMinor, outgoingsMinor: 0 }, schedule, '2026-03-15', 200).affordable).toBe(
      affordable,
    );
  });

  it('of nothing that is left is none', () => {
    const budget = { incomeMinor: 100, outgoingsMinor: 200 };
    expect(affordabilityOf(budget, schedule, '2026-03-15', 0)).toMatchObject({ leftMinor: -100, affordable: false });
  });
});

it('months are counted as the calendar has them, a month that has begun whole', () => {
  const cases = [
    ['2026-04-15', '2026-04-15'],
    ['2026-04-15', '2026-04-16'],
    ['2026-04-15', '2026-05-15'],
    ['2026-01-31', '2026-02-28'],
    ['2026-04-15', '2031-04-15'],
  ] as const;
  expect(cases.map(([from, to]) => monthsBegun(from, to))).toEqual([0, 1, 1, 1, 60]);
});

it('a limit that is not named is none', () => {
  expect(beyond({ days: 10, months: 3 }, { months: 2 })).toEqual(['months']);
});

describe('how often', () => {
  const limits = { lifetimeMax: null, within: { months: 12, atMost: 1 }, coolingOffDays: 0 };

  it.each([
    ['2025-04-15', null],
    ['2025-04-16', /1 began within 12 months/],
  ])('one of %s and another on 2026-04-15', (day, reason) => {
    const found = loanLimitProblem([day], '2026-04-15', limits)?.reason ?? null;
    expect(found).toEqual(reason === null ? null : expect.stringMatching(reason));
  });

  it('has a time between two', () => {
    const cooling = { ...limits, within: null, coolingOffDays: 30 };
    expect(loanLimitProblem(['2026-03-17'], '2026-04-15', cooling)?.reason).toContain('again from 2026-04-16');
    expect(loanLimitProblem(['2026-03-16'], '2026-04-15', cooling)).toBeNull();
  });

  it('has a share of the branch, and a few that are free', () => {
    const quota = { perMille: 300, freeUpTo: 2 };
    expect(quotaProblem(1, 0, quota)).toBeNull();
    expect(quotaProblem(5, 2, quota)).not.toBeNull();
    expect(quotaProblem(10, 2, quota)).toBeNull();
    expect(quotaProblem(10, 3, quota)).not.toBeNull();
  });
});

describe('late fees that were charged', () => {
  const charges = { graceDays: 0, lateFeeMinor: 2_000, penaltyInterest: null, caps: {} };
  const principalFirst = { by: 'component', components: ['principal', 'interest', 'fee', 'penalty'] } as const;
  const charged = (settlement?: typeof principalFirst): Partial<Scene> => {
    const { rules } = scene();
    const order = settlement === undefined ? rules.order : { ...rules.order, settlement };
    return { rules: { ...rules, order, charges }, budget: enough };
  };

  it('are part of what a settlement gives up, by the order that the policy has for settlements', () => {
    const terms = { kind: 'settlement', amountMinor: 200_000, until: '2026-05-15' } as const;
    const waived = (changes: Partial<Scene>) => weigh(scene(changes), terms).made?.waived;
    expect(waived(charged())).toEqual({ penalty: 0, fee: 0, interest: 1_000, principal: 103_000 });
    expect(waived(charged(principalFirst))).toEqual({ penalty: 0, fee: 4_000, interest: 3_000, principal: 97_000 });
  });

  it('are left out of a plan and fall due with its first instalment, which has to be affordable with them', () => {
    const { made, after, affordability } = weigh(scene(charged()), plan);
    const plain = weigh(scene({ budget: enough }), plan);
    expect(made).toEqual(plain.made);
    expect([after?.overdueMinor, after?.outstandingMinor]).toEqual([0, 304_000]);
    const april = 20_000 + 4_000;
    expect(affordability?.monthlyMinor).toBe(Math.max(april, plain.affordability?.monthlyMinor ?? 0));
  });
});
