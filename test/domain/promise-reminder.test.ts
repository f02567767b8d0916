import { describe, expect, it } from '@jest/globals';
import { createBankCalendar } from '../../src/domain/bank-calendar';
import type { TimetableStep } from '../../src/domain/case';
import { addDays, type Day } from '../../src/domain/day';
import { nextStep } from '../../src/domain/next-step';
import { parsePolicy } from '../../src/domain/parse-policy';
import { judgePromises } from '../../src/domain/promise/judge-promises';
import type { PromiseToPay } from '../../src/domain/promise/promise';
import { promiseReminders, remindedPart } from '../../src/domain/promise/promise-reminders';
import { type PromiseRules, promiseRulesOf } from '../../src/domain/promise/promise-rules';
import { call, midnight, sampleFacts, sampleState, step, tenOClock } from './case-samples';
import { payment } from './loan-arbitraries';
import { samplePolicy, writtenPolicy } from './sample-policy';

const calendar = createBankCalendar({ zone: 'Asia/Shanghai', workdays: 'CN' });
const outcomes = {
  promised: { hold: 'until the promised day', graceDays: 1, promisedWithinDaysMax: 30 },
};
const remind = { daysBefore: 2, sms: 'remind', at: '09:30' };
const rules = promiseRulesOf(samplePolicy({ outcomes, promises: { remind } }));

const march = (no: number): Day => `2026-03-${String(no).padStart(2, '0')}`;
const promise: PromiseToPay = {
  ...{ promiseId: 'R/1', givenDay: march(2), givenAtMs: 0, cancelledDay: null },
  parts: [
    { dueDay: march(10), amountMinor: 30_000 },
    { dueDay: march(20), amountMinor: 20_000 },
  ],
};
function remindersOn(today: Day, changes: Partial<PromiseToPay> = {}, paidMinor = 0, terms: PromiseRules = rules) {
  const given = [{ ...promise, ...changes }];
  const paid = paidMinor === 0 ? [] : [payment('p-1', march(4), paidMinor)];
  const judged = judgePromises(given, paid, terms, today);
  return promiseReminders(judged, given, terms, today, calendar, new Set());
}
const keysOn = (...asked: Parameters<typeof remindersOn>) =>
  remindersOn(...asked).map(({ key, dueDay }) => `${key} ${dueDay ?? ''}`);
const both = [`promise-reminder/R/1/1 ${march(8)}`, `promise-reminder/R/1/2 ${march(18)}`];

describe('the reminder of a promise', () => {
  it('goes out so many days before the day of each part, at the time that the policy says', () => {
    expect(keysOn(march(3))).toEqual(both);
    const [first] = remindersOn(march(3));
    expect(new Date(first?.dueAtMs ?? 0).toISOString()).toBe('2026-03-08T01:30:00.000Z');
    expect(first?.action).toEqual({ kind: 'contact', channel: 'sms', template: 'remind' });
  });

  it('is not sent for a part that is paid, nor after its day, nor of a promise that is broken or taken back', () => {
    expect(keysOn(march(9), {}, 30_000)).toEqual([both[1]]);
    expect(keysOn(march(9), {}, 50_000)).toEqual([]);
    expect(keysOn(march(11))).toEqual([both[1]]);
    expect(keysOn(march(12))).toEqual([]);
    expect(keysOn(march(5), { cancelledDay: march(4) })).toEqual([]);
  });

  it('is not sent where the promise was given on that day or later', () => {
    expect(keysOn(march(8), { givenDay: march(8) })).toEqual([both[1]]);
    expect(keysOn(march(7), { givenDay: march(7) })).toEqual(both);
  });

  it('is off where the policy does not ask for it', () => {
    expect(keysOn(march(3), {}, 0, promiseRulesOf(samplePolicy({ outcomes, promises: {} })))).toEqual([]);
    expect(keysOn(march(3), {}, 0, promiseRulesOf(samplePolicy({ outcomes })))).toEqual([]);
  });

  it('knows of which part it is', () => {
    const judged = judgePromises([promise], [payment('p-1', march(4), 10_000)], rules, march(5));
    expect(remindedPart(judged, 'promise-reminder/R/1/1')).toMatchObject({ dueDay: march(10), receivedMinor: 10_000 });
    expect(remindedPart(judged, 'reminder/day-1-sms')).toBeUndefined();
  });

  it.each([
    [{ remind: { daysBefore: 1, sms: 'a', email: 'b' } }, outcomes, 'promises.remind'],
    [{ remind: { daysBefore: 1 } }, outcomes, 'promises.remind'],
    [{ remind }, {}, 'promises.remind'],
  ])('is refused where it has no one meaning: %j with %j', (promises, others, path) => {
    const { problems } = parsePolicy(writtenPolicy({ promises, outcomes: others }));
    expect(problems.map((problem) => problem.path.join('.'))).toEqual([path]);
  });
});

describe('a case that rests for a promise', () => {
  const reminder: TimetableStep = {
    ...{
      key: 'promise-reminder/R-1/1',
      stage: 'promise-reminder',
      dueAtMs: tenOClock(8),
      dueDay: addDays(march(2), 8),
    },
    action: { kind: 'contact', channel: 'sms', template: 'remind' },
  };
  const hold = { untilMs: midnight(12), reason: 'promise to pay by 2026-03-12', allows: [reminder] };
  const decide = (atMs: number, state = {}, facts = {}) =>
    nextStep(sampleState(state), sampleFacts({ hold, ...facts }), atMs);

  it('sends the reminder at its time, and nothing else', () => {
    expect(decide(tenOClock(7))).toEqual({ do: 'wait', untilMs: tenOClock(8), reason: hold.reason });
    expect(decide(tenOClock(8))).toMatchObject({ do: 'contact', step: { key: reminder.key }, supersedes: [] });
    expect(decide(tenOClock(8), { done: [reminder.key] })).toMatchObject({ do: 'wait', untilMs: midnight(12) });
  });

  it('waits for the instant that the gate named, and not longer than the promise runs', () => {
    const until = (untilMs: number) => ({ deferred: { key: reminder.key, untilMs } });
    expect(decide(tenOClock(8), until(tenOClock(9)))).toMatchObject({ do: 'wait', untilMs: tenOClock(9) });
    expect(decide(tenOClock(9), until(tenOClock(9)))).toMatchObject({ do: 'contact' });
    expect(decide(tenOClock(8), until(tenOClock(20)))).toMatchObject({ do: 'wait', untilMs: midnight(12) });
  });

  it('sends nothing in a pause, and goes on with the course when the promise is over', () => {
    const pause = { pause: { untilMs: tenOClock(30) } };
    expect(decide(tenOClock(8), {}, pause)).toMatchObject({ do: 'wait', reason: 'paused' });
    expect(
      decide(
        midnight(12),
        { stage: 'reminder' },
        { timetable: { stages: [], steps: [step('reminder/call', 7, call)] } },
      ),
    ).toMatchObject({
      do: 'task',
    });
  });
});
