import { describe, expect, it } from '@jest/globals';
import type { ClassificationRules } from '../../src/domain/classification/classification-rules';
import { type ClassChange, type Classification, classify } from '../../src/domain/classification/classify';
import { nextThresholdDay } from '../../src/domain/classification/next-threshold';
import { addDays, type Day } from '../../src/domain/day';
import { delinquencyAsOf, type DelinquencyRules, standardBuckets } from '../../src/domain/delinquency';
import { type LoanFacts, noAmounts, type Payment, type Schedule } from '../../src/domain/loan';
import { parsePolicy } from '../../src/domain/parse-policy';
import { euDefault, fiveTiers, rulesOf, writtenEuDefault, writtenFiveTiers } from './classification-samples';
import { payment, undo } from './loan-arbitraries';
import { samplePolicy, writtenPolicy } from './sample-policy';

const rules: DelinquencyRules = {
  order: { by: 'instalment', components: ['penalty', 'fee', 'interest', 'principal'] },
  toleranceMinor: 1_000,
  buckets: standardBuckets,
};

/** One instalment of 1,000.00 of principal due on 1 March, another a year later; lent on 1 February. */
const dueDay = '2026-03-01';
const contract: Schedule = {
  no: 1,
  effectiveFrom: '2026-02-01',
  instalments: [
    { no: 1, dueDay, due: { ...noAmounts, principal: 100_000 } },
    { no: 2, dueDay: '2027-12-01', due: { ...noAmounts, principal: 100_000 } },
  ],
};

function loan(payments: readonly Payment[] = [], later: readonly Schedule[] = []): LoanFacts {
  return { currency: 'CNY', schedules: [contract, ...later], payments, pauses: [] };
}

function paidOn(day: Day): Payment {
  return payment(`paid-${day}`, day, 100_000);
}

function stands(facts: LoanFacts, asOf: Day, setting = fiveTiers, others: readonly LoanFacts[] = []): Classification {
  const { outstanding } = delinquencyAsOf(facts, asOf, rules);
  const loanOf = { facts, outstandingPrincipalMinor: outstanding.principal, others };
  return classify(loanOf, asOf, rules, setting);
}

/** The classes up to a day, as `class from day: why`. */
function told(history: readonly ClassChange[]): string[] {
  return history.map(({ fromDay, class: name, why }) => `${name} from ${fromDay}: ${why}`);
}

function onDpd(dpd: number): Day {
  return addDays(dueDay, dpd);
}

describe('the five tiers (五级分类)', () => {
  it.each([
    [0, 'normal', false, 2_000],
    [1, 'special-mention', false, 4_000],
    [90, 'special-mention', false, 4_000],
    [91, 'substandard', true, 50_000],
    [270, 'substandard', true, 50_000],
    [271, 'doubtful', true, 100_000],
    [360, 'doubtful', true, 100_000],
    [361, 'loss', true, 200_000],
  ])('%d days past due are %s, non-accrual %s, with %d set aside', (dpd, name, nonAccrual, provisionMinor) => {
    expect(stands(loan(), onDpd(dpd))).toMatchObject({
      ...{ class: name, nonAccrual, nonPerforming: nonAccrual },
      ...{ provisionMinor, provisionBaseMinor: 200_000 },
    });
  });

  it('go down on the very day on which the figure is exceeded, one after another', () => {
    expect(told(stands(loan(), onDpd(400)).history)).toEqual([
      'normal from 2026-02-01: contract',
      `special-mention from ${onDpd(1)}: past-due`,
      `substandard from ${onDpd(91)}: past-due`,
      `doubtful from ${onDpd(271)}: past-due`,
      `loss from ${onDpd(361)}: past-due`,
    ]);
  });

  it('do not see a pause: days past due of the class are the raw ones', () => {
    const facts = { ...loan(), pauses: [{ from: dueDay, until: null }] };
    expect(stands(facts, onDpd(91)).class).toBe('substandard');
  });

  it('do not see a rest within the tolerance', () => {
    expect(stands(loan([payment('most', dueDay, 99_000)]), onDpd(200)).class).toBe('normal');
    expect(stands(loan([payment('less', dueDay, 98_999)]), onDpd(200)).class).toBe('substandard');
  });
});

describe('the way up', () => {
  it('is open at once to a loan that was no bad debt, on the day all arrears are paid', () => {
    expect(told(stands(loan([paidOn(onDpd(50))]), onDpd(60)).history)).toEqual([
      'normal from 2026-02-01: contract',
      `special-mention from ${onDpd(1)}: past-due`,
      `normal from ${onDpd(50)}: arrears-paid`,
    ]);
  });

  it('is closed while any of the arrears is unpaid: a part lowers days past due, not the class', () => {
    const second = { no: 3, dueDay: onDpd(60), due: { ...noAmounts, principal: 100_000 } };
    const facts = loan([paidOn(onDpd(100))]);
    const two = { ...facts, schedules: [{ ...contract, instalments: [...contract.instalments, second] }] };
    expect(delinquencyAsOf(two, onDpd(101), rules).rawDpd).toBe(41);
    expect(stands(two, onDpd(101)).class).toBe('substandard');
  });

  it('of a bad debt takes the months of cure without arrears', () => {
    const facts = loan([paidOn('2026-06-15')]);
    expect(stands(facts, '2026-12-14').class).toBe('substandard');
    expect(stands(facts, '2026-12-15')).toMatchObject({ class: 'normal', sinceDay: '2026-12-15', why: 'observed' });
  });

  it('begins anew with new arrears', () => {
    const relapse = { no: 3, dueDay: '2026-09-01', due: { ...noAmounts, principal: 100_000 } };
    const schedules = [{ ...contract, instalments: [...contract.instalments, relapse] }];
    const facts = { ...loan([paidOn('2026-06-15'), paidOn('2026-09-20')]), schedules };
    expect(stands(facts, '2027-03-19').class).toBe('substandard');
    expect(stands(facts, '2027-03-20').class).toBe('normal');
  });

  it('is as if it had not been when the payment bounces', () => {
    const paid = paidOn('2026-06-15');
    const facts = loan([paid, undo(paid, 'bounce', '2026-07-01')]);
    expect(stands(facts, '2026-12-20').history).toEqual(stands(loan(), '2026-12-20').history);
  });
});

describe('a restructured loan', () => {
  const extended = (effectiveFrom: Day, days: number): Schedule => ({
    no: 2,
    effectiveFrom,
    instalments: contract.instalments.map((line) => ({ ...line, dueDay: addDays(line.dueDay, days) })),
  });

  it('is at least special-mention, though nothing was ever overdue, and observed for a year', () => {
    const facts = loan([paidOn('2026-03-20')], [extended('2026-02-20', 60)]);
    expect(told(stands(facts, '2027-02-20').history)).toEqual([
      'normal from 2026-02-01: contract',
      'special-mention from 2026-02-20: restructured',
      'normal from 2027-02-20: observed',
    ]);
  });

  it('keeps its worse class through the observation: new terms heal days past due and nothing else', () => {
    const facts = loan([], [extended('2026-06-10', 2_000)]);
    expect(delinquencyAsOf(facts, '2026-06-10', rules).rawDpd).toBe(0);
    expect(stands(facts, '2027-06-09').class).toBe('substandard');
    expect(stands(facts, '2027-06-10').class).toBe('normal');
  });

  it('that misses an instalment is observed again from the day it has paid', () => {
    const facts = loan([paidOn('2026-08-10')], [extended('2026-03-10', 90)]);
    expect(stands(facts, '2027-08-09').class).toBe('special-mention');
    expect(stands(facts, '2027-08-10').class).toBe('normal');
  });
});

describe('the loans of one customer', () => {
  const good = loan([payment('all', '2026-02-10', 200_000)]);
  const bad = loan([paidOn('2026-06-15')]);

  it('are at least special-mention from the day one of them is a bad debt until it is cured', () => {
    expect(told(stands(good, '2027-01-01', fiveTiers, [bad]).history)).toEqual([
      'normal from 2026-02-01: contract',
      `special-mention from ${onDpd(91)}: customer`,
      'normal from 2026-12-15: customer',
    ]);
  });

  it('are held for the months of cure after that', () => {
    const setting = rulesOf({ ...writtenFiveTiers, customer: { atLeast: 'substandard', cureMonths: 3 } });
    expect(stands(good, '2027-03-14', setting, [bad])).toMatchObject({ class: 'substandard', why: 'customer' });
    expect(stands(good, '2027-03-15', setting, [bad]).class).toBe('normal');
  });

  it('never make a loan better, and do not catch it from one another for ever', () => {
    expect(stands(bad, '2026-07-01', fiveTiers, [good]).class).toBe('substandard');
    const setting = rulesOf({ ...writtenFiveTiers, customer: { atLeast: 'loss' } });
    expect(stands(good, '2026-07-01', setting, [bad]).class).toBe('loss');
    expect(stands(bad, '2026-07-01', setting, [good]).class).toBe('substandard');
  });

  it('have the class that they begin with on a day before their contract, however bad the others are', () => {
    const old = { no: 1, dueDay: '2025-01-01', due: { ...noAmounts, principal: 100_000 } };
    const worse = { ...loan(), schedules: [{ ...contract, effectiveFrom: '2024-12-01', instalments: [old] }] };
    expect(told(stands(good, '2026-01-15', fiveTiers, [worse]).history)).toEqual(['normal from 2026-02-01: contract']);
  });

  it('stand for themselves where the policy says nothing of customers', () => {
    expect(stands(good, '2026-07-01', euDefault, [bad]).class).toBe('performing');
  });
});

describe('default as the European Union has it', () => {
  it.each([
    [90, 'performing'],
    [91, 'default'],
    [400, 'default'],
  ])('is reached at %d days: %s', (dpd, name) => {
    expect(stands(loan(), onDpd(dpd), euDefault).class).toBe(name);
  });

  it('is cured three months after the last arrears were paid', () => {
    const facts = loan([paidOn('2026-06-15')]);
    expect(stands(facts, '2026-09-14', euDefault).class).toBe('default');
    expect(stands(facts, '2026-09-15', euDefault).class).toBe('performing');
  });
});

it('a provision is the rate times the outstanding principal, halves of a minor unit rounded up', () => {
  const setting = (provisionPerMille: number): ClassificationRules =>
    rulesOf({ ...writtenEuDefault, classes: { ...writtenEuDefault.classes, performing: { provisionPerMille } } });
  const facts = loan([payment('part', '2026-02-10', 199_500)]);
  expect(stands(facts, '2026-02-10', setting(1))).toMatchObject({ provisionBaseMinor: 500, provisionMinor: 1 });
  expect(stands(facts, '2026-02-10', setting(999))).toMatchObject({ provisionMinor: 500 });
  expect(stands(loan([payment('part', '2026-02-10', 199_501)]), '2026-02-10', setting(1)).provisionMinor).toBe(0);
});

describe('the next change by days alone', () => {
  it.each([
    [0, null],
    [1, 91],
    [90, 91],
    [91, 271],
    [360, 361],
    [361, null],
  ])('seen on day %d past due is on day %s', (dpd, next) => {
    const day = nextThresholdDay(delinquencyAsOf(loan(), onDpd(dpd), rules), fiveTiers);
    expect(day).toBe(next === null ? null : onDpd(next));
  });
});

describe('the section of the policy', () => {
  it('may be missing: then nothing is classified', () => {
    expect(samplePolicy().classification).toBeNull();
    expect(samplePolicy({ classification: writtenFiveTiers }).classification).toEqual(fiveTiers);
  });

  it.each<[string, unknown, (string | number)[]]>([
    ['without a class', { ...writtenFiveTiers, classes: {} }, ['classes']],
    [
      'whose classes do not get worse',
      {
        ...writtenEuDefault,
        classes: {
          ok: { provisionPerMille: 1 },
          a: { overDpd: 30, provisionPerMille: 1 },
          b: { overDpd: 30, provisionPerMille: 1 },
        },
        restructured: { atLeast: 'a', observeMonths: 12 },
      },
      ['classes', 'b', 'overDpd'],
    ],
    [
      'whose first class is reached by days',
      { ...writtenEuDefault, classes: { performing: { overDpd: 3, provisionPerMille: 1 } } },
      ['classes', 'performing'],
    ],
    [
      'with a good class beyond the bad ones',
      {
        ...writtenEuDefault,
        classes: { ...writtenEuDefault.classes, gone: { overDpd: 900, provisionPerMille: 1000 } },
      },
      ['classes', 'gone'],
    ],
    [
      'that names no class',
      { ...writtenEuDefault, restructured: { atLeast: 'odd', observeMonths: 1 } },
      ['restructured', 'atLeast'],
    ],
    ['with another unknown name', { ...writtenEuDefault, customer: { atLeast: 'odd' } }, ['customer', 'atLeast']],
    [
      'with more than all set aside',
      { ...writtenEuDefault, classes: { performing: { provisionPerMille: 1001 } } },
      ['classes', 'performing', 'provisionPerMille'],
    ],
  ])('%s is refused with its path', (_rule, classification, path) => {
    const { problems } = parsePolicy(writtenPolicy({ classification }));
    expect(problems.map((problem) => problem.path)).toContainEqual(['classification', ...path]);
  });
});
