import { describe, expect, it } from '@jest/globals';
import { correctedFrom, stepsOnCorrectedFacts, type TakenStep } from '../../src/domain/corrected-steps';
import { addDays, type Day } from '../../src/domain/day';
import { delinquencyAsOf, standardBuckets } from '../../src/domain/delinquency';
import { noAmounts, type Payment } from '../../src/domain/loan';
import { payment, undo } from './loan-arbitraries';

const rules = {
  order: { by: 'instalment', components: ['penalty', 'fee', 'interest', 'principal'] },
  toleranceMinor: 0,
  buckets: standardBuckets,
} as const;
const instalments = [{ no: 1, dueDay: '2026-05-01', due: { ...noAmounts, principal: 1_000 } }];
const schedules = [{ no: 1, effectiveFrom: '2026-04-01', instalments }];

const by = (payments: readonly Payment[]) => (day: Day) =>
  delinquencyAsOf({ currency: 'CNY', schedules, payments, pauses: [] }, day, rules);

const reminder: TakenStep = { step: 'reminder/day-2-sms', day: '2026-05-03' };
const call: TakenStep = { step: 'reminder/day-7-call', day: '2026-05-08' };
const paid = payment('p-1', '2026-05-02', 1_000);
const overdue = (rawDpd: number) => ({ rawDpd, overdueMinor: 1_000 });
const nothing = { rawDpd: 0, overdueMinor: 0 };

function judge(known: { then: readonly Payment[]; before: readonly Payment[]; after: readonly Payment[] }) {
  const then = by(known.then);
  const views = { then: ({ day }: TakenStep) => then(day), before: by(known.before), after: by(known.after) };
  return stepsOnCorrectedFacts([reminder, call], views);
}

describe('steps that were already taken', () => {
  it('were taken on facts since corrected when a payment is learnt of whose value day lies before them', () => {
    expect(judge({ then: [], before: [], after: [paid] })).toEqual([
      { ...reminder, then: overdue(2), now: nothing, holdsAgain: false },
      { ...call, then: overdue(7), now: nothing, holdsAgain: false },
    ]);
  });

  it('are not touched by a payment whose value day lies after them', () => {
    const late = payment('p-1', '2026-05-05', 1_000);
    expect(judge({ then: [], before: [], after: [late] }).map(({ step }) => step)).toEqual([call.step]);
  });

  it('stand on facts that hold again once the payment that made them unfounded bounces', () => {
    const bounced = [paid, undo(paid, 'bounce', '2026-05-20')];
    expect(judge({ then: [], before: [paid], after: bounced }).map(({ holdsAgain }) => holdsAgain)).toEqual([
      true,
      true,
    ]);
  });

  it('are as they were when what was learnt changes no figure of their day', () => {
    const twice = [paid, payment('p-2', '2026-05-02', 500)];
    expect(judge({ then: [paid], before: [paid], after: twice })).toEqual([]);
  });
});

describe('the day from which the past changes', () => {
  const other = payment('p-0', '2026-01-01', 1);
  it.each<[string, readonly Payment[], readonly string[], Day | null]>([
    ['is the value day of the payment', [other, paid], ['p-1'], paid.valueDay],
    [
      'is the value day of what is undone',
      [other, paid, undo(paid, 'chargeback', '2026-06-01')],
      ['chargeback-of-p-1'],
      paid.valueDay,
    ],
    ['is the earliest of several', [paid, payment('p-2', addDays(paid.valueDay, -9), 1)], ['p-1', 'p-2'], '2026-04-23'],
    ['is none where nothing was learnt', [other, paid], [], null],
  ])('%s', (_rule, payments, learnt, expected) => {
    expect(correctedFrom(payments, new Set(learnt))).toBe(expected);
  });
});
