import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays, type Day } from '../../src/domain/day';
import type { Payment } from '../../src/domain/loan';
import { brokenPromiseSteps } from '../../src/domain/promise/broken-promise-steps';
import { checkPromise, checkPromiseLimits } from '../../src/domain/promise/check-promise';
import { type JudgedPromise, judgePromises } from '../../src/domain/promise/judge-promises';
import { keptRate } from '../../src/domain/promise/kept-rate';
import { promisedMinor, type PromisePart, type PromiseToPay } from '../../src/domain/promise/promise';
import { promiseRests } from '../../src/domain/promise/promise-rests';
import { defaultPromiseTerms, type PromiseRules, promiseRulesOf } from '../../src/domain/promise/promise-rules';
import { createBankCalendar } from '../../src/domain/bank-calendar';
import { anyDay, anyPayments, dayZero, payment, undo } from './loan-arbitraries';
import { samplePolicy } from './sample-policy';

const rules: PromiseRules = {
  ...defaultPromiseTerms,
  ...{ rests: true, graceDays: 1, withinDaysMax: 14, partsMax: 3 },
};
const calendar = createBankCalendar({ zone: 'Asia/Shanghai', workdays: 'CN' });

function given(promiseId: string, givenDay: Day, ...parts: readonly (readonly [Day, number])[]): PromiseToPay {
  const list = parts.map(([dueDay, amountMinor]) => ({ dueDay, amountMinor }));
  return { promiseId, givenDay, givenAtMs: Date.parse(`${givenDay}T02:00:00Z`), parts: list, cancelledDay: null };
}

const march = (no: number): Day => `2026-03-${String(no).padStart(2, '0')}`;
const one = given('R-1', march(10), [march(15), 50_000]);
const states = (promises: readonly PromiseToPay[], payments: readonly Payment[], asOf: Day, terms = rules) =>
  judgePromises(promises, payments, terms, asOf).map(({ state }) => state);
const stateOf = (payments: readonly Payment[], asOf: Day, terms: Partial<PromiseRules> = {}) =>
  states([one], payments, asOf, { ...rules, ...terms })[0];

describe('a promise to pay', () => {
  it('is open until its day and the days of grace are over, and broken from the day after', () => {
    expect([march(10), march(15), march(16), march(17)].map((asOf) => stateOf([], asOf))).toEqual([
      ...['open', 'open', 'open', 'broken'],
    ]);
  });

  it('is kept by the promised amount, in one payment or in several', () => {
    expect(stateOf([payment('p-1', march(15), 50_000)], march(15))).toBe('kept');
    expect(stateOf([payment('p-1', march(11), 20_000), payment('p-2', march(16), 30_000)], march(16))).toBe('kept');
  });

  it.each([
    [{}, 49_999, 'broken'],
    [{ tolerance: { minor: 500, perMille: 0 } }, 49_500, 'kept'],
    [{ tolerance: { minor: 500, perMille: 0 } }, 49_499, 'broken'],
    [{ tolerance: { minor: 500, perMille: 50 } }, 47_500, 'kept'],
    [{ tolerance: { minor: 500, perMille: 50 } }, 47_499, 'broken'],
    [{ tolerance: { minor: 90_000, perMille: 0 } }, 0, 'broken'],
  ] as const)('with %j is, with %i received, %s', (terms, amountMinor, state) => {
    const paid = amountMinor === 0 ? [] : [payment('p-1', march(15), amountMinor)];
    expect(stateOf(paid, march(17), terms)).toBe(state);
  });

  it('counts money from before it was given as far as the policy looks back', () => {
    const early = [payment('p-1', march(8), 50_000)];
    expect(stateOf(early, march(17))).toBe('broken');
    expect(stateOf(early, march(17), { lookBackDays: 2 })).toBe('kept');
    expect(stateOf(early, march(17), { lookBackDays: 1 })).toBe('broken');
  });

  it('is not mended by money that came after the grace, and is by money whose value day lies within it', () => {
    expect(stateOf([payment('p-1', march(17), 50_000)], march(20))).toBe('broken');
    expect(stateOf([payment('p-1', march(16), 50_000)], march(20))).toBe('kept');
  });

  it('is undone by a bounce, also after it was kept: broken when its days are over, open again before', () => {
    const paid = payment('p-1', march(14), 50_000);
    const bounced = [paid, undo(paid, 'bounce', march(20))];
    expect([stateOf([paid], march(17)), stateOf(bounced, march(17)), stateOf(bounced, march(15))]).toEqual([
      ...['kept', 'broken', 'open'],
    ]);
  });

  it('in parts is kept part by part, broken with the first that is not, and takes no money afterwards', () => {
    const parts = given('R-1', march(1), [march(5), 10_000], [march(10), 20_000], [march(15), 30_000]);
    const judge = (payments: readonly Payment[], asOf: Day) => judgePromises([parts], payments, rules, asOf)[0];
    const first = payment('p-1', march(5), 10_000);
    expect(judge([first], march(8))).toMatchObject({ state: 'open', openUntilDay: march(11), receivedMinor: 10_000 });
    const ahead = [payment('p-1', march(2), 35_000)];
    expect(judge(ahead, march(12))).toMatchObject({ state: 'open', openUntilDay: march(16), receivedMinor: 35_000 });
    const late = [first, payment('p-2', march(13), 50_000)];
    expect(judge(late, march(13))).toMatchObject({ state: 'broken', brokenDay: march(12), receivedMinor: 10_000 });
  });

  it('that is older takes money first, and what it does not take is the next one’s', () => {
    const later = given('R-2', march(11), [march(13), 30_000]);
    const judged = judgePromises([later, one], [payment('p-1', march(13), 60_000)], rules, march(13));
    expect(judged).toMatchObject([
      { promiseId: 'R-1', state: 'kept', receivedMinor: 50_000 },
      { promiseId: 'R-2', state: 'open', receivedMinor: 10_000 },
    ]);
  });

  it('that was taken back takes no money from the day on which it was', () => {
    const cancelled = { ...one, cancelledDay: march(12) };
    const next = given('R-2', march(12), [march(14), 50_000]);
    const paid = [payment('p-1', march(12), 50_000)];
    expect(states([cancelled, next], paid, march(12))).toEqual(['cancelled', 'kept']);
    expect(states([cancelled], [], march(11))).toEqual(['open']);
  });

  it('rests the case to the end of the grace of what is not paid yet, where the policy says so', () => {
    const judged = judgePromises([one], [], rules, march(12));
    const rest = { untilMs: Date.parse('2026-03-16T16:00:00Z'), reason: 'promise to pay by 2026-03-15' };
    expect(promiseRests(judged, rules, calendar)).toEqual([rest]);
    expect(promiseRests(judged, { ...rules, rests: false }, calendar)).toEqual([]);
  });

  it('that was broken is a task once, from the day after its grace', () => {
    const whenBroken = { task: 'call', within: { amount: 1, unit: 'workingDays' } } as const;
    const steps = (promises: readonly JudgedPromise[], done: string[] = []) =>
      brokenPromiseSteps(promises, { ...rules, whenBroken }, 'reminder', calendar, new Set(done));
    const broken = judgePromises([one], [], rules, march(20));
    const [step] = steps(broken);
    expect(step).toMatchObject({ key: 'promise/R-1', stage: 'reminder', dueDay: march(17), action: { task: 'call' } });
    expect(steps(broken, ['promise/R-1'])).toEqual([]);
    expect(steps(judgePromises([one], [payment('p-1', march(15), 50_000)], rules, march(20)))).toEqual([]);
  });
});

describe('a wish to promise', () => {
  const standing = { today: march(10), currency: 'CNY', outstandingMinor: 60_000, earlier: [] };
  const parts = (...list: readonly (readonly [Day, number])[]): PromisePart[] =>
    list.map(([dueDay, amountMinor]) => ({ dueDay, amountMinor }));

  it.each([
    ['in another currency', 'USD', parts([march(12), 1]), 'CurrencyMismatch', 'currency'],
    ['of nothing', 'CNY', parts([march(12), 0]), 'PromiseInvalid', 'parts.0.amountMinor'],
    ['without parts', 'CNY', [], 'PromiseInvalid', 'parts'],
    ['for today', 'CNY', parts([march(10), 1]), 'PromiseInvalid', 'parts.0.dueDay'],
    ['for a day that is past', 'CNY', parts([march(9), 1]), 'PromiseInvalid', 'parts.0.dueDay'],
    ['beyond the policy’s days', 'CNY', parts([march(25), 1]), 'PromiseInvalid', 'parts.0.dueDay'],
    ['of more than is outstanding', 'CNY', parts([march(12), 60_001]), 'PromiseInvalid', 'parts.0.amountMinor'],
    ['of more in parts', 'CNY', parts([march(12), 60_000], [march(13), 1]), 'PromiseInvalid', 'parts'],
    ['twice on a day', 'CNY', parts([march(12), 1], [march(12), 1]), 'PromiseInvalid', 'parts.1.dueDay'],
    ['that goes back', 'CNY', parts([march(13), 1], [march(12), 1]), 'PromiseInvalid', 'parts.1.dueDay'],
    [
      ...(['in too many parts', 'CNY'] as const),
      ...([parts([march(11), 1], [march(12), 1], [march(13), 1], [march(14), 1]), 'PromiseInvalid', 'parts'] as const),
    ],
  ])('%s is refused with the field and the reason', (_what, currency, wished, type, field) => {
    expect(checkPromise({ currency, parts: wished }, standing, rules)).toMatchObject({ type, field });
  });

  it('of all that is outstanding, on the last day that the policy takes, is taken', () => {
    const wish = { currency: 'CNY', parts: parts([march(24), 60_000]) };
    expect(checkPromise(wish, standing, rules)).toBeNull();
  });

  it('waits while as many run as the policy takes', () => {
    const earlier = judgePromises([one], [], rules, march(12));
    expect(checkPromiseLimits({ ...standing, earlier }, { ...rules, openMax: 1 })?.reason).toContain('1 promises run');
    expect(checkPromiseLimits({ ...standing, earlier }, { ...rules, openMax: 2 })).toBeNull();
  });

  it('waits after so many were broken of late, until they are no longer of late', () => {
    const earlier = judgePromises([one], [], rules, march(18));
    const noneAfter = { broken: 1, withinDays: 5 };
    const on = (today: Day) => checkPromiseLimits({ ...standing, today, earlier }, { ...rules, noneAfter });
    expect(on(march(21))?.reason).toContain('the next is taken from 2026-03-22');
    expect(on(march(22))).toBeNull();
  });
});

describe('a policy', () => {
  it('that says nothing of promises takes them as before, and the outcome says the days', () => {
    const promised = { hold: 'until the promised day', graceDays: 2, promisedWithinDaysMax: 10 };
    const said = promiseRulesOf(samplePolicy({ outcomes: { promised } }));
    expect(said).toEqual({ ...defaultPromiseTerms, rests: true, graceDays: 2, withinDaysMax: 10 });
    expect(promiseRulesOf(samplePolicy())).toEqual({
      ...{ ...defaultPromiseTerms, rests: false, graceDays: 0, withinDaysMax: null },
    });
  });

  it('says what may be missing, how many run, and what follows', () => {
    const promises = {
      tolerance: { perMille: 20 },
      openMax: 1,
      noneAfter: { broken: 2, withinDays: 90 },
      whenBroken: { task: 'call', within: '1 working day' },
    };
    expect(promiseRulesOf(samplePolicy({ promises }))).toMatchObject({
      ...{ tolerance: { minor: 0, perMille: 20 }, openMax: 1, noneAfter: { broken: 2, withinDays: 90 } },
      whenBroken: { task: 'call', within: { amount: 1, unit: 'workingDays' } },
    });
  });
});

describe('the share of promises that were kept', () => {
  it('leaves out those that are open or cancelled', () => {
    const promises = (['kept', 'kept', 'kept', 'broken', 'open', 'cancelled'] as const).map((state) => ({ state }));
    expect(keptRate(promises)).toEqual({ kept: 3, broken: 1, share: 0.75 });
    expect(keptRate([{ state: 'open' }]).share).toBeNull();
  });
});

describe('any promises and payments', () => {
  const anyPromises: fc.Arbitrary<PromiseToPay[]> = fc
    .array(
      fc.record({
        givenDay: anyDay,
        cancelledAfter: fc.option(fc.integer({ min: 0, max: 20 }), { freq: 1 }),
        parts: fc.array(
          fc.record({ days: fc.integer({ min: 1, max: 30 }), amountMinor: fc.integer({ min: 1, max: 60_000 }) }),
          { minLength: 1, maxLength: 3 },
        ),
      }),
      { maxLength: 5 },
    )
    .map((drafts) =>
      drafts.map(({ givenDay, cancelledAfter, parts }, index) => {
        let dueDay = givenDay;
        const dated = parts.map(({ days, amountMinor }) => {
          dueDay = addDays(dueDay, days);
          return [dueDay, amountMinor] as const;
        });
        const promise = given(`R-${index}`, givenDay, ...dated);
        return cancelledAfter === null ? promise : { ...promise, cancelledDay: addDays(givenDay, cancelledAfter) };
      }),
    );
  const anyRules = fc
    .record({
      graceDays: fc.integer({ min: 0, max: 5 }),
      lookBackDays: fc.integer({ min: 0, max: 30 }),
      tolerance: fc.record({ minor: fc.integer({ min: 0, max: 500 }), perMille: fc.integer({ min: 0, max: 100 }) }),
    })
    .map((some): PromiseRules => ({ ...rules, ...some }));
  const runs = { numRuns: 2_000 };

  it('are judged the same in whichever order they arrive', () => {
    const anyOrders = fc
      .tuple(anyPromises, anyPayments)
      .chain(([promises, payments]) =>
        fc.tuple(
          fc.constant([promises, payments] as const),
          fc.shuffledSubarray(promises, { minLength: promises.length }),
          fc.shuffledSubarray(payments, { minLength: payments.length }),
        ),
      );
    fc.assert(
      fc.property(anyOrders, anyRules, anyDay, ([[promises, payments], others, otherPayments], some, asOf) => {
        const judged = judgePromises(others, otherPayments, some, asOf);
        expect(judged).toEqual(judgePromises(promises, payments, some, asOf));
      }),
      runs,
    );
  });

  it('never count more money than came, nor more for a part than was promised', () => {
    fc.assert(
      fc.property(anyPromises, anyPayments, anyRules, anyDay, (promises, payments, some, asOf) => {
        const undone = new Set(payments.map(({ reverses }) => reverses));
        const came = payments.filter((p) => p.kind === 'payment' && p.valueDay <= asOf && !undone.has(p.id));
        const judged = judgePromises(promises, payments, some, asOf);
        const receivedMinor = judged.reduce((sum, promise) => sum + promise.receivedMinor, 0);
        const paidMinor = came.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
        const within = judged.every(({ parts }) => parts.every((part) => part.receivedMinor <= part.amountMinor));
        return within && receivedMinor <= Math.min(paidMinor, sumPromised(promises));
      }),
      runs,
    );
  });

  it('stand after a payment that was undone as if it had never been made', () => {
    fc.assert(
      fc.property(anyPromises, anyPayments, anyRules, anyDay, anyDay, (promises, payments, some, paidOn, asOf) => {
        const paid = payment('p-undone', paidOn, 30_000);
        const after = judgePromises(promises, [...payments, paid, undo(paid, 'bounce', dayZero)], some, asOf);
        expect(after).toEqual(judgePromises(promises, payments, some, asOf));
      }),
      runs,
    );
  });

  it('stay kept or broken as days pass', () => {
    fc.assert(
      fc.property(anyPromises, anyPayments, anyRules, anyDay, anyDay, (promises, payments, some, oneDay, otherDay) => {
        const standing = promises.map((promise) => ({ ...promise, cancelledDay: null }));
        const [asOf, later] = oneDay <= otherDay ? [oneDay, otherDay] : [otherDay, oneDay];
        const then = states(standing, payments, later, some);
        return states(standing, payments, asOf, some).every(
          (state, index) => state === 'open' || state === then[index],
        );
      }),
      runs,
    );
  });
});

function sumPromised(promises: readonly PromiseToPay[]): number {
  return promises.reduce((sum, promise) => sum + promisedMinor(promise), 0);
}
