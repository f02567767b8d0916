import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { judgeArrangements, observationUntil } from '../../src/domain/arrangement/lifecycle';
import type { AgreedArrangement, ArrangementRules } from '../../src/domain/arrangement/state';
import { settle } from '../../src/domain/arrangement/settlement';
import { rearrange } from '../../src/domain/arrangement/rearrange';
import type { ArrangementTerms } from '../../src/domain/arrangement/terms';
import { allocate } from '../../src/domain/allocation';
import { addDays } from '../../src/domain/day';
import { delinquencyAsOf, standardBuckets } from '../../src/domain/delinquency';
import { type LoanFacts, noAmounts, type Payment, type Schedule } from '../../src/domain/loan';
import { payment, undo } from './loan-arbitraries';

const rules: ArrangementRules = {
  order: { by: 'instalment', components: ['penalty', 'fee', 'interest', 'principal'] },
  toleranceMinor: 0,
  kept: { toleranceDays: 3, cureDays: 10 },
  observationMonths: 12,
};

/** 90,000 overdue since 1 March; on 10 April three instalments of 30,000 are agreed on, the first due on 1 May. */
const contract: Schedule = {
  no: 1,
  effectiveFrom: '2026-01-01',
  instalments: [{ no: 1, dueDay: '2026-03-01', due: { ...noAmounts, principal: 90_000 } }],
};
const agreedOn = '2026-04-10';
const plan = { kind: 'instalments', count: 3, firstDueDay: '2026-05-01' } as const;

function made(terms: ArrangementTerms, scheduleNo: number | null = 2): AgreedArrangement {
  const nothingElse = { rejectedOn: null, cancelledOn: null };
  return { arrangementId: 'A-1', terms, proposedOn: agreedOn, effectiveFrom: agreedOn, scheduleNo, ...nothingElse };
}

const allocation = allocate(contract.instalments, 0, rules.order);
const planned = rearrange({ schedule: contract, allocation, order: rules.order }, plan, agreedOn).schedule!;

function loanWith(payments: readonly Payment[], changes: Partial<LoanFacts> = {}): LoanFacts {
  return { currency: 'CNY', schedules: [contract, planned], payments, pauses: [], ...changes };
}

function story(payments: readonly Payment[], asOf: string, agreed = [made(plan)]): string[] {
  const [judged] = judgeArrangements(loanWith(payments), agreed, asOf, rules);
  return judged!.history.map(({ state, since }) => `${state} ${since}`);
}

const first = payment('p-1', '2026-05-01', 30_000);
const second = payment('p-2', '2026-06-01', 30_000);
const third = payment('p-3', '2026-07-01', 30_000);

describe('a plan of three instalments with 3 days of tolerance and 10 to make it good', () => {
  it('is kept while each instalment comes in time, and completed with the last', () => {
    expect(story([], '2026-04-10')).toEqual(['active 2026-04-10']);
    expect(story([first], '2026-05-31')).toEqual(['active 2026-04-10']);
    expect(story([first, second, third], '2026-07-01')).toEqual(['active 2026-04-10', 'completed 2026-07-01']);
  });

  it('is completed early by whoever pays all of it early', () => {
    expect(story([payment('p-1', '2026-04-20', 90_000)], '2026-04-20').at(-1)).toBe('completed 2026-04-20');
  });

  it.each([
    ['on the last day of tolerance', '2026-05-04', ['active 2026-04-10']],
    ['on the day after it', '2026-05-05', ['active 2026-04-10', 'breached 2026-05-05', 'active 2026-05-05']],
    ['on the last day of cure', '2026-05-14', ['active 2026-04-10', 'breached 2026-05-05', 'active 2026-05-14']],
    ['a day too late', '2026-05-15', ['active 2026-04-10', 'breached 2026-05-05', 'broken 2026-05-15']],
  ])('paid %s', (_when, valueDay, expected) => {
    expect(story([payment('p-1', valueDay, 30_000)], '2026-05-20')).toEqual(expected);
  });

  it('is not breached before the days of tolerance are over, nor broken before those of cure are', () => {
    expect(story([], '2026-05-04')).toEqual(['active 2026-04-10']);
    expect(story([], '2026-05-05').at(-1)).toBe('breached 2026-05-05');
    expect(story([], '2026-05-14').at(-1)).toBe('breached 2026-05-05');
    expect(story([], '2026-05-15').at(-1)).toBe('broken 2026-05-15');
  });

  it('is breached and cured again for the next instalment', () => {
    const late = [payment('p-1', '2026-05-06', 30_000), payment('p-2', '2026-06-06', 30_000)];
    expect(story(late, '2026-06-20')).toEqual([
      'active 2026-04-10',
      'breached 2026-05-05',
      'active 2026-05-06',
      'breached 2026-06-05',
      'active 2026-06-06',
    ]);
  });

  it('is not kept by part of an instalment, and kept by two parts in time', () => {
    const part = payment('p-1', '2026-05-01', 20_000);
    expect(story([part], '2026-05-06').at(-1)).toBe('breached 2026-05-05');
    expect(story([part, payment('p-2', '2026-05-04', 10_000)], '2026-05-06')).toEqual(['active 2026-04-10']);
  });

  it('stands again as if a payment that is reversed had not been made', () => {
    const all = [first, second, third];
    expect(story(all, '2026-07-10').at(-1)).toBe('completed 2026-07-01');
    const reversed = [...all, undo(third, 'bounce', '2026-07-08')];
    expect(story(reversed, '2026-07-10')).toEqual(story([first, second], '2026-07-10'));
    expect(story(reversed, '2026-07-10').at(-1)).toBe('breached 2026-07-05');
  });

  it('was never broken once the money turns out to have come in time', () => {
    expect(story([], '2026-05-20').at(-1)).toBe('broken 2026-05-15');
    expect(story([first], '2026-05-20')).toEqual(['active 2026-04-10']);
  });

  it('ends when it is cancelled, or replaced by a later one', () => {
    const cancelled = { ...made(plan), cancelledOn: '2026-04-20' };
    expect(story([], '2026-06-01', [cancelled])).toEqual(['active 2026-04-10', 'cancelled 2026-04-20']);
    const later = { ...made(plan), arrangementId: 'A-2', effectiveFrom: '2026-04-25' };
    expect(story([], '2026-06-01', [made(plan), later])).toEqual(['active 2026-04-10', 'replaced 2026-04-25']);
  });
});

describe('a plan during which a dispute is upheld', () => {
  /** 30,000 are taken off, the oldest first, from a day on. */
  const corrected = (effectiveFrom: string): Schedule => {
    const [overdue, one, two, three] = planned.instalments;
    const left = [overdue!, { ...one!, due: noAmounts }, two!, three!];
    return { no: 3, effectiveFrom, instalments: left, correction: true };
  };
  const storyWith = (schedule: Schedule, payments: readonly Payment[], asOf: string): string[] => {
    const loan = loanWith(payments, { schedules: [contract, planned, schedule] });
    const [judged] = judgeArrangements(loan, [made(plan)], asOf, rules);
    return judged!.history.map(({ state, since }) => `${state} ${since}`);
  };

  it('asks for as much less from that day on', () => {
    const upheld = corrected('2026-04-20');
    expect(storyWith(upheld, [], '2026-05-31')).toEqual(['active 2026-04-10']);
    expect(storyWith(upheld, [], '2026-06-05')).toEqual(['active 2026-04-10', 'breached 2026-06-05']);
    expect(storyWith(upheld, [second, third], '2026-07-01').at(-1)).toBe('completed 2026-07-01');
  });

  it('is as breached before that day as it was, and made good by it', () => {
    expect(storyWith(corrected('2026-05-10'), [], '2026-05-12')).toEqual([
      'active 2026-04-10',
      'breached 2026-05-05',
      'active 2026-05-10',
    ]);
  });
});

describe('a proposal', () => {
  it('waits, is rejected, or is too late for its settlement', () => {
    const proposal = {
      ...made({ kind: 'settlement', amountMinor: 50_000, until: '2026-05-01' }, null),
      effectiveFrom: null,
    };
    expect(story([], '2026-05-01', [proposal])).toEqual(['proposed 2026-04-10']);
    expect(story([], '2026-05-02', [proposal]).at(-1)).toBe('expired 2026-05-02');
    expect(story([], '2026-05-02', [{ ...proposal, rejectedOn: '2026-04-12' }]).at(-1)).toBe('rejected 2026-04-12');
  });
});

describe('a settlement of 90,000 by 60,000 until 1 May', () => {
  const terms = { kind: 'settlement', amountMinor: 60_000, until: '2026-05-01' } as const;
  const settlements = [{ from: agreedOn, until: '2026-05-01', amountMinor: 60_000 }];
  const standing = (payments: readonly Payment[], asOf: string) => {
    const loan = loanWith(payments, { schedules: [contract], settlements });
    const [judged] = judgeArrangements(loan, [made(terms, null)], asOf, rules);
    const { outstandingMinor, creditMinor, rawDpd } = delinquencyAsOf(loan, asOf, {
      ...{ order: rules.order, toleranceMinor: 0, buckets: standardBuckets },
    });
    return { state: judged!.state, outstandingMinor, creditMinor, overdue: rawDpd > 0 };
  };

  it('gives nothing up before it is paid in full', () => {
    const part = [payment('p-1', '2026-04-20', 59_999)];
    expect(standing(part, '2026-05-01')).toEqual({
      state: 'active',
      outstandingMinor: 30_001,
      creditMinor: 0,
      overdue: true,
    });
  });

  it('gives the rest up once it is, by parts too, on the last day too', () => {
    const parts = [payment('p-1', '2026-04-10', 30_000), payment('p-2', '2026-05-01', 30_000)];
    expect(standing(parts, '2026-05-01')).toEqual({
      state: 'completed',
      outstandingMinor: 0,
      creditMinor: 0,
      overdue: false,
    });
  });

  it('keeps what was paid beyond it as the borrower’s money', () => {
    expect(standing([payment('p-1', '2026-04-20', 60_500)], '2026-04-20').creditMinor).toBe(500);
  });

  it('is as if it had not been when it expired: a day later all is owed', () => {
    const late = [payment('p-1', '2026-05-02', 60_000)];
    expect(standing(late, '2026-05-02')).toEqual({
      state: 'expired',
      outstandingMinor: 30_000,
      creditMinor: 0,
      overdue: true,
    });
  });

  it('is undone by a reversal, and does not count what was paid before it', () => {
    const paid = payment('p-1', '2026-04-20', 60_000);
    expect(standing([paid, undo(paid, 'bounce', '2026-06-01')], '2026-06-01')).toMatchObject({
      state: 'expired',
      outstandingMinor: 90_000,
    });
    expect(standing([payment('p-0', '2026-04-09', 60_000)], '2026-04-20').state).toBe('active');
  });

  it('that expired leaves the plan before it in force', () => {
    const settlement = { ...made(terms, null), arrangementId: 'A-2', effectiveFrom: '2026-04-15' };
    const loan = loanWith([first], { settlements });
    const states = (asOf: string) =>
      judgeArrangements(loan, [made(plan), settlement], asOf, rules).map(({ state }) => state);
    expect(states('2026-04-20')).toEqual(['replaced', 'active']);
    expect(states('2026-05-02')).toEqual(['active', 'expired']);
  });
});

describe('generated payments', () => {
  const anyPayments = fc.array(
    fc.record({
      days: fc.integer({ min: -20, max: 120 }),
      amountMinor: fc.integer({ min: 1, max: 45_000 }),
      undone: fc.boolean(),
    }),
    { maxLength: 8 },
  );
  const paymentsOf = (drafts: typeof anyPayments extends fc.Arbitrary<infer T> ? T : never): Payment[] =>
    drafts.flatMap(({ days, amountMinor, undone }, index) => {
      const paid = payment(`p-${index}`, addDays(agreedOn, days), amountMinor);
      return undone ? [paid, undo(paid, 'reversal', addDays(paid.valueDay, 2))] : [paid];
    });
  const anyAsOf = fc.integer({ min: 0, max: 140 }).map((days) => addDays(agreedOn, days));

  it('say the same in whatever order they arrive, and nothing of what was undone', () => {
    fc.assert(
      fc.property(anyPayments, anyAsOf, fc.infiniteStream(fc.nat()), (drafts, asOf, keys) => {
        const payments = paymentsOf(drafts);
        const shuffled = payments.map((one) => ({ one, key: keys.next().value as number }));
        shuffled.sort((a, b) => a.key - b.key);
        const expected = story(payments, asOf);
        assert.deepEqual(
          story(
            shuffled.map(({ one }) => one),
            asOf,
          ),
          expected,
        );
        assert.deepEqual(story(paymentsOf(drafts.filter(({ undone }) => !undone)), asOf), expected);
      }),
      { numRuns: 5_000 },
    );
  });

  it('make a history that goes forward in time, whose earlier days stay as they were', () => {
    fc.assert(
      fc.property(anyPayments, anyAsOf, fc.integer({ min: 0, max: 60 }), (drafts, asOf, later) => {
        const payments = paymentsOf(drafts);
        const [now] = judgeArrangements(loanWith(payments), [made(plan)], asOf, rules);
        const days = now!.history.map(({ since }) => since);
        assert.deepEqual([...days].sort(), days);
        assert.ok(days.every((day) => day <= asOf));
        const [then] = judgeArrangements(loanWith(payments), [made(plan)], addDays(asOf, later), rules);
        assert.deepEqual(then!.history.slice(0, now!.history.length), now!.history);
      }),
      { numRuns: 5_000 },
    );
  });

  it('are all there after a settlement: allocated, or the borrower’s', () => {
    fc.assert(
      fc.property(anyPayments, anyAsOf, fc.integer({ min: 1, max: 89_999 }), (drafts, asOf, amountMinor) => {
        const payments = paymentsOf(drafts);
        const settlements = [{ from: agreedOn, until: addDays(agreedOn, 60), amountMinor }];
        const paidMinor = payments
          .filter(({ id, valueDay, kind }) => {
            const undone = payments.some(({ reverses }) => reverses === id);
            return kind === 'payment' && !undone && valueDay <= asOf;
          })
          .reduce((sum, one) => sum + one.amountMinor, 0);
        const plain = allocate(contract.instalments, paidMinor, rules.order);
        const settled = settle(plain, loanWith(payments, { settlements }), asOf);
        assert.ok(settled.creditMinor >= plain.creditMinor && settled.creditMinor <= paidMinor);
      }),
      { numRuns: 5_000 },
    );
  });
});

it('a loan is observed from its latest change of terms on; a settlement changes none', () => {
  const settlement = made({ kind: 'settlement', amountMinor: 1, until: '2026-05-01' }, null);
  expect(observationUntil([settlement], 12)).toBeNull();
  const later = { ...made(plan), effectiveFrom: '2026-08-31' };
  expect(observationUntil([made(plan), later, settlement], 12)).toBe('2027-08-31');
  expect(observationUntil([{ ...later, cancelledOn: '2026-09-01' }], 12)).toBeNull();
});

describe('a plan of a loan on which late fees and penalty interest were charged', () => {
  const charges = { graceDays: 0, lateFeeMinor: 500, penaltyInterest: null, caps: {} };
  const standsOn = (firstMinor: number) => {
    const loan = loanWith([payment('p-1', '2026-05-01', firstMinor)]);
    return judgeArrangements(loan, [made(plan)], '2026-05-10', { ...rules, charges })[0]!.state;
  };

  it('is kept by whoever pays the first instalment and what was charged before, which falls due with it', () => {
    expect(standsOn(30_500)).toBe('active');
    expect(standsOn(30_000)).toBe('breached');
  });
});
