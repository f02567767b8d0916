import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { accountAsOf, type AccountRules, orderAsOf } from '../../src/domain/account/account';
import { sumAmounts } from '../../src/domain/allocation';
import { rearrange } from '../../src/domain/arrangement/rearrange';
import { reinstate } from '../../src/domain/arrangement/reinstate';
import type { ArrangementTerms } from '../../src/domain/arrangement/terms';
import type { Day } from '../../src/domain/day';
import { correctSchedule } from '../../src/domain/dispute/correct-schedule';
import { type LoanFacts, noAmounts, type Schedule, totalMinor } from '../../src/domain/loan';
import { scheduleAsOf } from '../../src/domain/schedule';
import { anyOrder, anySchedule, payment, undo } from './loan-arbitraries';

const plain: AccountRules = {
  order: { by: 'instalment', components: ['penalty', 'fee', 'interest', 'principal'] },
  toleranceMinor: 0,
};
const withLateFees: AccountRules = {
  ...plain,
  charges: { graceDays: 0, lateFeeMinor: 500, penaltyInterest: null, caps: {} },
};

/** 60,000 due on 1 March and 60,000 on 1 July. */
const contract: Schedule = {
  no: 1,
  effectiveFrom: '2026-01-01',
  instalments: [
    { no: 1, dueDay: '2026-03-01', due: { ...noAmounts, principal: 60_000 } },
    { no: 2, dueDay: '2026-07-01', due: { ...noAmounts, interest: 10_000, principal: 50_000 } },
  ],
};
const loan: LoanFacts = { currency: 'CNY', schedules: [contract], payments: [], pauses: [] };
const plan: ArrangementTerms = { kind: 'instalments', count: 3, firstDueDay: '2026-05-01' };

const nextNo = ({ schedules }: LoanFacts): number => Math.max(...schedules.map(({ no }) => no)) + 1;

function agreed(facts: LoanFacts, terms: ArrangementTerms, day: Day, rules = plain): LoanFacts {
  const { contract: unpaid, creditMinor } = accountAsOf(facts, day, rules);
  const standing = { schedule: scheduleAsOf(facts.schedules, day), allocation: { unpaid, creditMinor } };
  const { schedule } = rearrange({ ...standing, order: orderAsOf(facts, day, rules) }, terms, day);
  assert.ok(schedule !== null);
  return { ...facts, schedules: [...facts.schedules, { ...schedule, no: nextNo(facts) }] };
}

function upheld(facts: LoanFacts, minor: number, day: Day, rules = plain): LoanFacts {
  const [schedule, account] = [scheduleAsOf(facts.schedules, day), accountAsOf(facts, day, rules)];
  const order = orderAsOf(facts, day, rules);
  const corrected = correctSchedule(schedule, nextNo(facts), account, minor, order, day);
  return { ...facts, schedules: [...facts.schedules, { ...corrected, correction: true }] };
}

function cancelled(facts: LoanFacts, scheduleNo: number, day: Day, rules = plain): LoanFacts {
  return { ...facts, schedules: [...facts.schedules, reinstate(facts, scheduleNo, day, rules)] };
}

function paid(facts: LoanFacts, day: Day, minor: number): LoanFacts {
  return { ...facts, payments: [...facts.payments, payment(`p-${facts.payments.length}`, day, minor)] };
}

function unpaid(facts: LoanFacts, day: Day, rules = plain) {
  return accountAsOf(facts, day, rules).unpaid.map((line) => [line.instalment.no, line.unpaid]);
}

function owedMinor(facts: LoanFacts, day: Day, rules = plain): number {
  return totalMinor(sumAmounts(accountAsOf(facts, day, rules).unpaid.map((line) => line.unpaid)));
}

describe('what an upheld dispute took off during an arrangement', () => {
  it('is not owed again when the arrangement is cancelled', () => {
    const after = cancelled(upheld(agreed(loan, plan, '2026-04-10'), 7_000, '2026-04-20'), 2, '2026-05-10');
    expect(after.schedules.at(-1)).toMatchObject({ no: 4, effectiveFrom: '2026-05-10' });
    expect(unpaid(after, '2026-05-10')).toEqual([
      [1, { ...noAmounts, principal: 53_000 }],
      [2, { ...noAmounts, interest: 10_000, principal: 50_000 }],
    ]);
  });

  it('is not owed again whatever is agreed on and cancelled after it', () => {
    const first = upheld(agreed(loan, plan, '2026-04-10'), 7_000, '2026-04-20');
    const second = upheld(agreed(first, { kind: 'extension', days: 30 }, '2026-04-25'), 5_000, '2026-05-02');
    const afterSecond = upheld(cancelled(second, 4, '2026-05-05'), 1_000, '2026-05-06');
    expect(owedMinor(afterSecond, '2026-05-10')).toBe(107_000);
    expect(owedMinor(cancelled(afterSecond, 2, '2026-05-10'), '2026-05-10')).toBe(107_000);
  });

  it('stays off what was decided before the arrangement, and is taken off once', () => {
    const both = upheld(agreed(upheld(loan, 3_000, '2026-04-01'), plan, '2026-04-10'), 7_000, '2026-04-20');
    expect(owedMinor(cancelled(both, 3, '2026-05-10'), '2026-05-10')).toBe(110_000);
  });

  it('is owed back where it is more than is unpaid without the arrangement', () => {
    const dear: ArrangementTerms = {
      ...{ kind: 're-amortise', method: 'annuity', yearlyRateBps: 2_400 },
      ...{ count: 24, firstDueDay: '2026-05-10' },
    };
    const before = paid(loan, '2026-03-01', 70_000);
    const plan = agreed(before, dear, '2026-04-10');
    expect(owedMinor(plan, '2026-04-20')).toBeGreaterThan(55_000);
    const after = cancelled(upheld(plan, 52_000, '2026-04-20'), 2, '2026-05-10');
    expect(accountAsOf(after, '2026-05-10', plain)).toMatchObject({ unpaid: [], creditMinor: 2_000 });
  });

  it('is the same when money from before the decision comes to light, or goes back, after the cancellation', () => {
    const decided = upheld(agreed(loan, plan, '2026-04-10'), 50_000, '2026-04-20');
    const late = cancelled(paid(decided, '2026-04-15', 100_000), 2, '2026-05-10');
    expect(accountAsOf(late, '2026-05-10', plain)).toMatchObject({ unpaid: [], creditMinor: 30_000 });
    const [money] = late.payments;
    assert.ok(money !== undefined);
    const back = { ...late, payments: [money, undo(money, 'bounce', '2026-05-12')] };
    expect(owedMinor(back, '2026-05-12')).toBe(70_000);
  });

  it('stays off late fees too, and these are not taken off the contract besides', () => {
    const decided = upheld(agreed(loan, plan, '2026-04-10', withLateFees), 7_000, '2026-04-20', withLateFees);
    expect(decided.schedules.at(-1)?.chargesOff).toEqual({ ...noAmounts, fee: 500 });
    const [before, day] = [owedMinor(decided, '2026-04-30', withLateFees), '2026-04-30'];
    expect(before).toBe(120_000 + 500 - 7_000);
    const after = cancelled(decided, 2, day, withLateFees);
    expect(owedMinor(after, day, withLateFees)).toBe(before);
  });

  it('is off also where agreement, decisions and cancellation are of one day', () => {
    const day = '2026-04-10';
    const both = upheld(
      upheld(agreed(loan, plan, day, withLateFees), 300, day, withLateFees),
      7_000,
      day,
      withLateFees,
    );
    expect(owedMinor(both, day, withLateFees)).toBe(120_500 - 7_300);
    expect(owedMinor(cancelled(both, 2, day, withLateFees), day, withLateFees)).toBe(120_500 - 7_300);
  });

  it('leaves, part by part, what is left where nothing had been agreed on', () => {
    const anyTerms = fc.constantFrom<ArrangementTerms>(
      { kind: 'extension', days: 30 },
      { kind: 're-age', count: 5, firstDueDay: '2026-06-01' },
      { kind: 'interest-reduction', reductionPerMille: 500 },
    );
    const anyMinor = fc.integer({ min: 1, max: 40_000 });
    const anyStory = fc.record({
      schedule: anySchedule,
      terms: anyTerms,
      money: fc.tuple(anyMinor, anyMinor, anyMinor),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      order: anyOrder,
      scope: fc.constantFrom('whole-schedule' as const, 'due-first' as const),
    });
    let seen = 0;
    fc.assert(
      fc.property(anyStory, ({ schedule, terms, money: [early, between, late], share, order, scope }) => {
        const rules = { ...plain, order: { ...order, scope } };
        const before = paid({ ...loan, schedules: [schedule] }, '2026-03-20', early);
        const under = underPlan(before, terms, rules);
        if (under === null) return;
        const [decided, without] = [paid(under, '2026-04-15', between), paid(before, '2026-04-15', between)];
        const mostMinor = Math.min(...[decided, without].map((facts) => owedMinor(facts, '2026-04-20', rules)));
        const offMinor = Math.floor(mostMinor * share);
        const end = '2026-05-10';
        const [withPlan, noPlan] = [decided, without].map((facts) =>
          paid(upheld(facts, offMinor, '2026-04-20', rules), '2026-05-01', late),
        );
        assert.ok(withPlan !== undefined && noPlan !== undefined);
        const after = cancelled(withPlan, 2, end, rules);
        seen += 1;
        const instalmentsOn = (facts: LoanFacts) => scheduleAsOf(facts.schedules, end).instalments;
        assert.deepEqual(instalmentsOn(after), instalmentsOn(noPlan));
        assert.equal(owedMinor(after, end, rules), owedMinor(noPlan, end, rules));
        if (scope === 'whole-schedule') assert.deepEqual(unpaid(after, end, rules), unpaid(noPlan, end, rules));
      }),
      { numRuns: 3_000 },
    );
    expect(seen).toBeGreaterThan(1_000);
  });
});

/** Null where the loan cannot be put under these terms. */
function underPlan(facts: LoanFacts, terms: ArrangementTerms, rules: AccountRules): LoanFacts | null {
  try {
    return agreed(facts, terms, '2026-04-10', rules);
  } catch {
    return null;
  }
}
