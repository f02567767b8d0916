import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { type Account, accountAsOf, type AccountRules } from '../../src/domain/account/account';
import { allocate, netPaidMinor, sumAmounts } from '../../src/domain/allocation';
import { type LoanFacts, noAmounts, totalMinor } from '../../src/domain/loan';
import { scheduleAsOf } from '../../src/domain/schedule';
import {
  anyAccountRules,
  anyAllocationRules,
  anyChargeRules,
  anyLoanFacts,
  anyPaidLoan,
  usual,
} from './account-samples';
import { anyDay, anyOrder, anyPayments, anySchedule, payment, undo } from './loan-arbitraries';

function unpaidMinor({ unpaid }: Account): number {
  return unpaid.reduce((sum, line) => sum + totalMinor(line.unpaid), 0);
}

function chargedMinor({ charges }: Account): number {
  return charges.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}

describe('the account of a loan', () => {
  it.each([
    ['order and state', anyPaidLoan, anyAllocationRules.map((order) => ({ order, toleranceMinor: 0 })), 50_000],
    ['order, state, charge and waiver', anyLoanFacts, anyAccountRules, 20_000],
  ])(
    'loses no money: what came in is what it settled and the credit, for every %s',
    (_, anyLoan, anyRules, numRuns) => {
      fc.assert(
        fc.property(anyLoan, anyDay, anyRules, (loan, asOf, rules: AccountRules) => {
          const account = accountAsOf(loan, asOf, rules);
          const dueMinor = totalMinor(sumAmounts(scheduleAsOf(loan.schedules, asOf).instalments.map(({ due }) => due)));
          const askedMinor = dueMinor + chargedMinor(account) - account.waivedMinor;
          const settledMinor = askedMinor - unpaidMinor(account) - account.givenUpMinor;
          assert.equal(settledMinor + account.creditMinor, netPaidMinor(loan.payments, asOf));
          assert.ok(account.unpaid.every(({ unpaid }) => Object.values(unpaid).every((minor) => minor >= 0)));
        }),
        { numRuns },
      );
    },
  );

  it('does not depend on the order in which payments, waivers and pauses became known', () => {
    const anyArrival = anyLoanFacts.chain((loan) =>
      fc
        .record({
          payments: fc.shuffledSubarray([...loan.payments], { minLength: loan.payments.length }),
          waivers: fc.shuffledSubarray([...(loan.waivers ?? [])], { minLength: loan.waivers?.length ?? 0 }),
          pauses: fc.shuffledSubarray([...loan.pauses], { minLength: loan.pauses.length }),
        })
        .map((shuffled): [LoanFacts, LoanFacts] => [loan, { ...loan, ...shuffled }]),
    );
    fc.assert(
      fc.property(anyArrival, anyDay, anyAccountRules, ([loan, shuffled], asOf, rules) => {
        assert.deepEqual(accountAsOf(shuffled, asOf, rules), accountAsOf(loan, asOf, rules));
      }),
      { numRuns: 10_000 },
    );
  });

  it('is after a payment and what undid it as it was before, charges and all', () => {
    fc.assert(
      fc.property(
        anyLoanFacts,
        anyDay,
        anyDay,
        anyDay,
        fc.integer({ min: 1, max: 90_000 }),
        anyAccountRules,
        (loan, valueDay, undoneOn, asOf, amountMinor, rules) => {
          const late = payment('late', valueDay, amountMinor);
          const undone = { ...loan, payments: [...loan.payments, late, undo(late, 'chargeback', undoneOn)] };
          assert.deepEqual(accountAsOf(undone, asOf, rules), accountAsOf(loan, asOf, rules));
        },
      ),
      { numRuns: 10_000 },
    );
  });

  it('of one order for all states is what the total alone gives, whenever the money came', () => {
    fc.assert(
      fc.property(anySchedule, anyPayments, anyDay, anyOrder, (schedule, payments, asOf, order) => {
        // A waiver of nothing takes the way that looks at every day.
        const waivers = [{ id: 'w', day: schedule.effectiveFrom, amounts: noAmounts, payBy: null }];
        const loan = { currency: 'CNY', schedules: [schedule], payments, pauses: [], waivers };
        const { unpaid, creditMinor } = accountAsOf(loan, asOf, { order, toleranceMinor: 0 });
        const total = allocate(schedule.instalments, netPaidMinor(payments, asOf), order);
        const amounts = (lines: typeof unpaid) => lines.map((line) => [line.instalment.no, line.unpaid]);
        assert.deepEqual([amounts(unpaid), creditMinor], [amounts(total.unpaid), total.creditMinor]);
      }),
      { numRuns: 1_500 },
    );
  });
});

describe('charges', () => {
  it('never exceed a bound, are never negative, and never fall from one day to the next', () => {
    fc.assert(
      fc.property(
        anyLoanFacts,
        anyDay,
        fc.integer({ min: 1, max: 40 }),
        anyChargeRules,
        anyAccountRules,
        (loan, asOf, days, charges, others) => {
          const rules = { ...others, charges };
          const later = new Date(Date.parse(asOf) + days * 86_400_000).toISOString().slice(0, 10);
          const [account, next] = [accountAsOf(loan, asOf, rules), accountAsOf(loan, later, rules)];
          assert.ok(account.charges.every((charge) => charge.amountMinor > 0 && charge.unpaidMinor >= 0));
          assert.ok(next.charges.every((charge) => charge.unpaidMinor + charge.waivedMinor <= charge.amountMinor));
          assert.ok(chargedMinor(next) >= chargedMinor(account));
          assert.ok(chargedMinor(next) <= (charges.caps.totalMinor ?? Infinity));
          const byInstalment = new Map<string, number>();
          for (const { scheduleNo, instalmentNo, amountMinor } of next.charges) {
            const key = `${scheduleNo}/${instalmentNo}`;
            byInstalment.set(key, (byInstalment.get(key) ?? 0) + amountMinor);
          }
          const most = Math.max(0, ...byInstalment.values());
          assert.ok(most <= (charges.caps.perInstalmentMinor ?? Infinity));
        },
      ),
      { numRuns: 1_500 },
    );
  });

  it('are never more for a loan that was paid more', () => {
    fc.assert(
      fc.property(
        anyLoanFacts,
        anyDay,
        anyDay,
        fc.integer({ min: 1, max: 60_000 }),
        anyChargeRules,
        (facts, valueDay, asOf, amountMinor, charges) => {
          const loan = { ...facts, waivers: [], schedules: facts.schedules.slice(0, 1) };
          const rules = { order: usual, toleranceMinor: 0, charges: { ...charges, caps: {} } };
          const more = { ...loan, payments: [...loan.payments, payment('more', valueDay, amountMinor)] };
          assert.ok(chargedMinor(accountAsOf(more, asOf, rules)) <= chargedMinor(accountAsOf(loan, asOf, rules)));
        },
      ),
      { numRuns: 1_500 },
    );
  });
});
