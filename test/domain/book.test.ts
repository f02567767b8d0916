import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { BookKeeper } from '../../src/domain/book/book';
import { LoanColumns } from '../../src/domain/book/loan-columns';
import { type BookRules, figuresOf, type LoanFigures, rankAmong } from '../../src/domain/book/loan-figures';
import { allowsPlain, plainFigures } from '../../src/domain/book/plain-figures';
import { classify } from '../../src/domain/classification/classify';
import { type Day, dayNumber } from '../../src/domain/day';
import { delinquencyAsOf, standardBuckets } from '../../src/domain/delinquency';
import { components, type LoanFacts, totalMinor } from '../../src/domain/loan';
import { euDefault, fiveTiers, rulesOf, writtenFiveTiers } from './classification-samples';
import { anyDay, anyPayments, anySchedule, anySchedules } from './loan-arbitraries';

// Thresholds within reach of the generated loans, whose days lie within 400 of one another.
const quick = rulesOf({
  ...writtenFiveTiers,
  classes: {
    normal: { provisionPerMille: 10 },
    'special-mention': { overDpd: 10, provisionPerMille: 20 },
    substandard: { overDpd: 40, provisionPerMille: 250, nonPerforming: true },
    loss: { overDpd: 120, provisionPerMille: 1000, nonPerforming: true, nonAccrual: true },
  },
  cureMonths: 1,
  customer: { atLeast: 'special-mention', cureMonths: 2 },
});
const anyRules: fc.Arbitrary<BookRules> = fc.record({
  delinquency: fc.record({
    order: fc
      .shuffledSubarray(components.slice(0, 3), { minLength: 3 })
      .map((first) => ({ by: 'instalment' as const, components: [...first, 'principal' as const] })),
    toleranceMinor: fc.constantFrom(0, 1_000, 30_000),
    buckets: fc.constant(standardBuckets),
  }),
  classification: fc.constantFrom(fiveTiers, euDefault, quick, null),
});
const chargingRules: fc.Arbitrary<BookRules> = fc
  .record({
    rules: anyRules,
    graceDays: fc.constantFrom(0, 3, 20),
    fromDpd: fc.constantFrom(1, 2, 31, 91),
  })
  .map(({ rules: { delinquency, classification }, graceDays, fromDpd }) => {
    const penaltyInterest = { perMillePerYear: 180, daysInYear: 360, on: 'principal' } as const;
    const nonPerforming = {
      by: 'component',
      components: ['principal', 'interest', 'fee', 'penalty'],
      fromDpd,
    } as const;
    const charges = { graceDays, lateFeeMinor: 500, penaltyInterest, caps: {} };
    return { classification, delinquency: { ...delinquency, charges, order: { ...delinquency.order, nonPerforming } } };
  });
const plainLoan: fc.Arbitrary<LoanFacts> = fc.record({
  currency: fc.constant('CNY'),
  schedules: anySchedule.map((contract) => [contract]),
  payments: anyPayments,
  pauses: fc.constant([]),
});
const anyLoan: fc.Arbitrary<LoanFacts> = fc.record({
  currency: fc.constant('CNY'),
  schedules: anySchedules,
  payments: anyPayments,
  pauses: fc.constant([]),
});

function columnsOf({ schedules, payments }: LoanFacts): LoanColumns {
  const columns = new LoanColumns();
  // What an earlier loan left must not show.
  for (let at = 0; at < 9; at += 1) columns.addInstalment(at, 7, 3);
  columns.clear();
  const undone = new Set(payments.map(({ reverses }) => reverses));
  for (const { dueDay, due } of [...(schedules[0]?.instalments ?? [])].sort((a, b) => a.no - b.no)) {
    columns.addInstalment(dayNumber(dueDay), totalMinor(due), due.principal);
  }
  for (const { id, kind, valueDay, amountMinor } of payments) {
    if (kind === 'payment' && !undone.has(id)) columns.addPayment(dayNumber(valueDay), amountMinor);
  }
  return columns;
}

describe('the figures of a loan that is its contract and payments', () => {
  it('are in columns what the full rules say, on every day', () => {
    fc.assert(
      fc.property(plainLoan, anyDay, anyRules, (loan, asOf, rules) => {
        assert.ok(allowsPlain(rules));
        const [quickly, fully] = [plainFigures(columnsOf(loan), dayNumber(asOf), rules), figuresOf(loan, asOf, rules)];
        assert.deepEqual(quickly, fully);
      }),
      { numRuns: 50_000 },
    );
  });

  it('are never given where charges or another order of payment for bad debts come in, and hold where they do not', () => {
    let given = 0;
    fc.assert(
      fc.property(plainLoan, anyDay, chargingRules, (loan, asOf, rules) => {
        const quickly = allowsPlain(rules) ? plainFigures(columnsOf(loan), dayNumber(asOf), rules) : null;
        if (quickly === null) return;
        if (quickly.bad.length > 0 || quickly.overdueMinor > 0) given += 1;
        assert.deepEqual(quickly, figuresOf(loan, asOf, rules));
      }),
      { numRuns: 50_000 },
    );
    assert.ok(given > 100, `${given} loans in arrears were given`);
  });

  it('are not asked for where another order decides which component of an instalment is paid', () => {
    const order = { by: 'instalment', components: ['principal', 'interest', 'fee', 'penalty'] } as const;
    const delinquency = { order, toleranceMinor: 0, buckets: standardBuckets };
    assert.equal(allowsPlain({ delinquency, classification: null }), false);
    const byComponent = { ...order, by: 'component', components } as const;
    assert.equal(allowsPlain({ delinquency: { ...delinquency, order: byComponent }, classification: null }), false);
  });
});

describe('a book', () => {
  it('is the sum of its loans, each as it is shown by itself', () => {
    const customer = fc.array(anyLoan, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(customer, { maxLength: 4 }), anyDay, anyRules, (customers, asOf, rules) => {
        const keeper = new BookKeeper(rules);
        for (const loans of customers) addCustomer(keeper, loans, asOf, rules);
        const { currencies } = keeper.close();
        const shown = customers.flatMap((loans) =>
          loans.map((facts) => {
            const delinquency = delinquencyAsOf(facts, asOf, rules.delinquency);
            const others = loans.filter((other) => other !== facts);
            const outstandingPrincipalMinor = delinquency.outstanding.principal;
            const loan = { facts, outstandingPrincipalMinor, others };
            const { classification } = rules;
            return {
              delinquency,
              classified: classification === null ? null : classify(loan, asOf, rules.delinquency, classification),
            };
          }),
        );
        const inBook = shown.filter(({ delinquency }) => delinquency.outstandingMinor > 0);
        const [book] = currencies;
        assert.equal(book?.paidOffLoans ?? 0, shown.length - inBook.length);
        for (const { bucket, loans, overdueMinor } of book?.buckets ?? []) {
          const there = inBook.filter(({ delinquency }) => delinquency.bucket === bucket);
          assert.equal(loans, there.length);
          assert.equal(overdueMinor, sum(there.map(({ delinquency }) => delinquency.overdueMinor)));
        }
        for (const { class: name, loans, provisionMinor } of book?.classes ?? []) {
          const there = inBook.filter(({ classified }) => classified?.class === name);
          assert.equal(loans, there.length, name);
          assert.equal(provisionMinor, sum(there.map(({ classified }) => classified?.provisionMinor ?? 0)));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('counts what is written off or sold apart, in no bucket and no class', () => {
    const rules = {
      delinquency: {
        order: { by: 'instalment', components },
        toleranceMinor: 0,
        buckets: standardBuckets,
      },
      classification: fiveTiers,
    } as const;
    const loan: LoanFigures = {
      ...{ rawDpd: 100, overdueMinor: 60, outstandingMinor: 100, outstandingPrincipalMinor: 90 },
      ...{ rank: 2, bad: [] },
    };
    const keeper = new BookKeeper(rules);
    keeper.add({ currency: 'CNY', product: 'card', ending: null }, loan);
    keeper.add({ currency: 'CNY', product: 'card', ending: 'written-off' }, loan);
    keeper.add({ currency: 'CNY', product: 'personal', ending: 'sold' }, loan);
    keeper.add({ currency: 'USD', product: 'card', ending: null }, { ...loan, outstandingMinor: 0 });
    const { currencies, products } = keeper.close();
    const owed = { loans: 1, outstandingMinor: 100, overdueMinor: 60 };
    const sums = { ...owed, provisionBaseMinor: 90, provisionMinor: 23 };
    assert.deepEqual(
      currencies.map(({ currency, total, nonAccrual, writtenOff, sold, paidOffLoans }) => {
        return { currency, total, nonAccrual, writtenOff, sold, paidOffLoans };
      })[0],
      {
        ...{ currency: 'CNY', total: sums, nonAccrual: sums, writtenOff: owed, sold: owed, paidOffLoans: 0 },
      },
    );
    assert.deepEqual(
      products.map(({ currency, product, total }) => [currency, product, total.loans]),
      [
        ['CNY', 'card', 1],
        ['CNY', 'personal', 0],
        ['USD', 'card', 0],
      ],
    );
    assert.equal(currencies[1]?.paidOffLoans, 1);
  });
});

function addCustomer(keeper: BookKeeper, loans: readonly LoanFacts[], asOf: Day, rules: BookRules): void {
  const place = { currency: 'CNY', product: 'personal', ending: null };
  const all = loans.map((loan) => figuresOf(loan, asOf, rules));
  for (const figures of all) {
    keeper.add(place, figures);
    const others = all.filter((other) => other !== figures);
    const rank = rankAmong(figures, others, dayNumber(asOf), rules);
    if (rank !== figures.rank) keeper.move(place, figures, rank);
  }
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((a, b) => a + b, 0);
}
