import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { type Account, accountAsOf, orderAsOf } from '../../src/domain/account/account';
import { sumAmounts } from '../../src/domain/allocation';
import { addAmounts, subtractAmounts } from '../../src/domain/arrangement/amounts';
import { rearrange } from '../../src/domain/arrangement/rearrange';
import type { ArrangementTerms } from '../../src/domain/arrangement/terms';
import { addDays } from '../../src/domain/day';
import { correctSchedule } from '../../src/domain/dispute/correct-schedule';
import { totalMinor } from '../../src/domain/loan';
import { Refusal } from '../../src/domain/refusal';
import { scheduleAsOf } from '../../src/domain/schedule';
import { anyAccountRules, anyLoanFacts } from './account-samples';
import { anyDay } from './loan-arbitraries';

const contractOf = ({ contract }: Account) => sumAmounts(contract.map(({ unpaid }) => unpaid));
const unpaidChargesMinor = ({ charges }: Account) => charges.reduce((sum, { unpaidMinor }) => sum + unpaidMinor, 0);
const contractLoan = anyLoanFacts.map((loan) => ({ ...loan, schedules: loan.schedules.slice(0, 1) }));

describe('a new schedule, whatever the order of each state, with charges and waivers', () => {
  const newInstalments = { count: 3, everyMonths: 1 };
  const anyTerms = fc.constantFrom<(day: string) => ArrangementTerms>(
    (day) => ({ kind: 'instalments', ...newInstalments, firstDueDay: addDays(day, 20) }),
    (day) => ({ kind: 're-age', ...newInstalments, firstDueDay: addDays(day, 20) }),
    () => ({ kind: 're-amortise', method: 'spread' }),
    () => ({ kind: 'extension', days: 40 }),
    () => ({ kind: 'interest-reduction', reductionPerMille: 300 }),
  );

  it('is made of what is unpaid of the contract, part by part, and what was overdue of it is not overdue any more', () => {
    fc.assert(
      fc.property(contractLoan, anyDay, anyTerms, anyAccountRules, (loan, day, termsOn, rules) => {
        const before = accountAsOf(loan, day, rules);
        const [schedule, terms] = [scheduleAsOf(loan.schedules, day), termsOn(day)];
        const allocation = { unpaid: before.contract, creditMinor: before.creditMinor };
        const standing = { schedule, allocation, order: orderAsOf(loan, day, rules) };
        const made = attempted(() => rearrange(standing, terms, day));
        fc.pre(made?.schedule != null);
        const after = accountAsOf({ ...loan, schedules: [schedule, made.schedule] }, day, rules);
        const expected = addAmounts(subtractAmounts(contractOf(before), made.waived), made.added);
        assert.deepEqual(contractOf(after), expected);
        assert.equal(after.creditMinor, before.creditMinor);
        assert.equal(unpaidChargesMinor(after), unpaidChargesMinor(before));
        if (terms.kind === 'extension' || terms.kind === 'interest-reduction') return;
        assert.deepEqual(
          after.contract.filter(({ instalment }) => instalment.dueDay < day),
          [],
        );
      }),
      { numRuns: 1_500 },
    );
  });

  it('after an upheld dispute asks for just so much less, of the contract and of charges', () => {
    fc.assert(
      fc.property(
        contractLoan,
        anyDay,
        anyAccountRules,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (loan, day, rules, share) => {
          const before = accountAsOf(loan, day, rules);
          const schedule = scheduleAsOf(loan.schedules, day);
          const unpaidMinor = (account: Account) => totalMinor(sumAmounts(account.unpaid.map(({ unpaid }) => unpaid)));
          const creditMinor = Math.floor(unpaidMinor(before) * share);
          const corrected = correctSchedule(schedule, 2, before, creditMinor, orderAsOf(loan, day, rules), day);
          const after = accountAsOf({ ...loan, schedules: [schedule, corrected] }, day, rules);
          assert.equal(unpaidMinor(after), unpaidMinor(before) - creditMinor);
          assert.equal(after.creditMinor, before.creditMinor);
        },
      ),
      { numRuns: 1_500 },
    );
  });
});

function attempted<T>(make: () => T): T | null {
  try {
    return make();
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}
