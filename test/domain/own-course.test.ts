import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { createBankCalendar } from '../../src/domain/bank-calendar';
import { addDays, type Day } from '../../src/domain/day';
import { factsExpireAtMs } from '../../src/domain/facts-expiry';
import type { Pause } from '../../src/domain/loan';
import { nextStep } from '../../src/domain/next-step';
import { keyInCourse, keyInTime, nextChangeOfCourse, ownCourseOn } from '../../src/domain/own-course/own-course';
import { planOfCase } from '../../src/domain/own-course/plan-of-case';
import { parsePolicy } from '../../src/domain/parse-policy';
import { isPausedOn } from '../../src/domain/paused-days';
import { stepOf } from '../../src/domain/policy';
import { pausesThatStop, reasonOfFlag } from '../../src/domain/rest/rest-rules';
import { timetable } from '../../src/domain/timetable';
import { sampleFacts, sampleState } from './case-samples';
import { anyDay, anyPause } from './loan-arbitraries';
import { samplePolicy, writtenPolicy } from './sample-policy';

const calendar = createBankCalendar({ zone: 'Asia/Shanghai', workdays: 'CN' });
const situations = {
  hardship: { stops: ['fees', 'legal', 'clock'] },
  vulnerable: { stops: ['legal', 'clock'] },
};
const care = {
  for: ['hardship'],
  steps: [
    { on: 0, email: 'care' },
    { on: 5, task: 'call', asks: ['cause'], within: '5 working days' },
    { on: 30, sms: 'care', id: 'again' },
  ],
};
const gentle = { for: ['vulnerable'], steps: [{ on: 10, sms: 'gentle' }] };
const policy = samplePolicy({ situations, ownCourses: { care, gentle } });
const courses = policy.ownCourses ?? [];
const dueDay = '2026-03-01';
const day = (past: number): Day => addDays(dueDay, past);
const flagged = (flag: 'hardship' | 'vulnerable', from: number, until: number | null): Pause => ({
  from: day(from),
  until: until === null ? null : day(until),
  reason: reasonOfFlag(flag),
});

interface Wish {
  readonly on: number;
  readonly pauses: readonly Pause[];
  readonly stage?: string;
  readonly done?: readonly string[];
  readonly dueDay?: Day;
  readonly isOverdue?: boolean;
}

function planOn({ on, pauses, stage = 'reminder', done = [], isOverdue = true, ...wish }: Wish) {
  const clockPauses = pausesThatStop(pauses, 'clock', policy.rests);
  const anchor = wish.dueDay ?? dueDay;
  const course = timetable(policy, 'medium', anchor, clockPauses, calendar, new Set(done));
  const about = { course, retries: [], afterBroken: [], stage, done: new Set(done), pauses, clockPauses };
  const days = { today: day(on), overdueSinceDay: isOverdue ? anchor : null, nextDueDay: anchor };
  return planOfCase(courses, { ...about, ...days }, calendar);
}
const stepsOn = (wish: Wish) =>
  planOn(wish).timetable.steps.map(({ key, dueDay: due }) => `${key} ${due === null ? 'never' : due}`);

describe('an own course', () => {
  it('takes the place of the course of the tier while a flag of it is in force, and counts from the day of the flag', () => {
    const pauses = [flagged('hardship', 20, 40)];
    expect(planOn({ on: 19, pauses }).ownCourse).toBeUndefined();
    expect(planOn({ on: 20, pauses }).ownCourse).toBe('care');
    expect(stepsOn({ on: 20, pauses })).toEqual([
      `care/1/day-0-email ${day(20)}`,
      `care/1/day-5-call ${day(25)}`,
      `care/1/again ${day(50)}`,
    ]);
    expect(planOn({ on: 40, pauses }).ownCourse).toBeUndefined();
  });

  it('brings the case back to the step that it stood before, each date moved by the days of the flag', () => {
    const done = ['reminder/day-1-sms', 'reminder/day-4-email', 'care/1/day-0-email'];
    const before = stepsOn({ on: 5, pauses: [], done });
    const after = stepsOn({ on: 25, pauses: [flagged('hardship', 5, 25)], done });
    expect(before[1]).toBe(`reminder/day-7-call ${day(7)}`);
    expect(after[1]).toBe(`reminder/day-7-call ${day(27)}`);
    expect(after.map((line) => line.split(' ')[0])).toEqual(before.map((line) => line.split(' ')[0]));
  });

  it('counts from the due day where the flag is older, and begins only when something is overdue', () => {
    const pauses = [flagged('vulnerable', -400, null)];
    expect(stepsOn({ on: 2, pauses })).toEqual([`gentle/1/day-10-sms ${day(10)}`]);
    const dueSoon = planOn({ on: -2, pauses, stage: 'courtesy', isOverdue: false });
    expect(dueSoon.ownCourse).toBeUndefined();
    expect(dueSoon.nextCourseAtMs).toBe(calendar.startOfDayMs(day(1)));
  });

  it('lets the case enter no stage but the one for what is overdue, and propose nothing', () => {
    const pauses = [flagged('hardship', 0, null)];
    expect(planOn({ on: 50, pauses }).timetable.stages.map(({ name }) => name)).toEqual(['reminder']);
    const fromCourtesy = planOn({ on: 2, pauses, stage: 'courtesy' }).timetable.stages;
    expect(fromCourtesy.map(({ name, fromMs }) => [name, fromMs])[1]).toEqual([
      'reminder',
      calendar.startOfDayMs(day(1)),
    ]);
    expect(planOn({ on: 200, pauses, stage: 'team' }).timetable.stages.map(({ name }) => name)).toEqual(['team']);
  });

  it('begins anew, with steps of its own, when the flag comes back after days without it', () => {
    const pauses = [flagged('hardship', 5, 10), flagged('hardship', 10, 20), flagged('hardship', 60, 90)];
    const done = ['care/1/day-0-email', 'care/1/day-5-call'];
    expect(stepsOn({ on: 15, pauses, done })).toEqual([`care/1/again ${day(35)}`]);
    expect(stepsOn({ on: 60, pauses, done })[0]).toBe(`care/2/day-0-email ${day(60)}`);
  });

  it('moves its days for a pause or another flag as any course does', () => {
    const moratorium = { from: day(22), until: day(32), reason: reasonOfFlag('moratorium') };
    const pauses = [flagged('hardship', 20, 60), moratorium];
    expect(stepsOn({ on: 33, pauses }).slice(1)).toEqual([`care/1/day-5-call ${day(35)}`, `care/1/again ${day(60)}`]);
  });

  it('that is written first holds where flags of two are in force', () => {
    const pauses = [flagged('vulnerable', 0, null), flagged('hardship', 10, 20)];
    const names = [9, 10, 19, 20].map((on) => planOn({ on, pauses }).ownCourse);
    expect(names).toEqual(['gentle', 'care', 'care', 'gentle']);
  });

  it('holds on exactly the days of its flags, and its beginning and its end are looked for on their days', () => {
    const anyFlags = fc.array(
      fc.tuple(anyPause, fc.constantFrom('flag/hardship', 'flag/vulnerable', 'flag/military-service', 'technical')),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(anyFlags, anyDay, (written, asked) => {
        const pauses = written.map(([pause, reason]): Pause => ({ ...pause, reason }));
        const covers = (reason: string, on: Day) =>
          isPausedOn(
            pauses.filter((pause) => pause.reason === reason),
            on,
          );
        const wanted = (on: Day) =>
          covers('flag/hardship', on) ? 'care' : covers('flag/vulnerable', on) ? 'gentle' : undefined;
        const found = ownCourseOn(courses, pauses, asked)?.course.name;
        assert.equal(found, wanted(asked));
        const change = nextChangeOfCourse(courses, pauses, asked);
        for (let on = asked; on < (change ?? addDays(asked, 40)); on = addDays(on, 1)) assert.equal(wanted(on), found);
      }),
      { numRuns: 20_000 },
    );
  });

  it('is looked for again when it may begin or end by the calendar', () => {
    const facts = sampleFacts(planOn({ on: 10, pauses: [flagged('hardship', 5, 25)], done: ['care/1/day-5-call'] }));
    const endMs = calendar.startOfDayMs(day(25));
    expect(factsExpireAtMs(facts)).toBe(endMs);
    const state = sampleState({ done: ['care/1/day-0-email'] });
    const decision = nextStep(state, { ...facts, timetable: { ...facts.timetable, steps: [] } }, endMs - 1);
    expect(decision).toEqual({ do: 'wait', untilMs: endMs, reason: 'another course may begin' });
  });

  it('has the sheets of its tasks under the keys of each time', () => {
    expect(stepOf(policy, 'low', 'care/7/day-5-call')?.action).toMatchObject({ task: 'call', asks: ['cause'] });
    expect(stepOf(policy, 'low', 'care/7/nothing')).toBeUndefined();
    expect(keyInCourse(keyInTime('care/day-5-call', 3))).toBe('care/day-5-call');
  });
});

describe('a policy with own courses', () => {
  const problemsOf = (ownCourses: unknown, more: Record<string, unknown> = { situations }) =>
    parsePolicy(writtenPolicy({ ...more, ownCourses })).problems.map(
      ({ path, reason }) => `${path.join('.')}: ${reason}`,
    );

  it('is refused where the case could not come back to its step, go to court meanwhile, or say nothing', () => {
    expect(problemsOf({ care }, {})).toEqual(['ownCourses.care.for.0: hardship must stop clock: see situations']);
    expect(problemsOf({ care: { ...care, for: ['vulnerable'] } }, {})).toEqual([
      'ownCourses.care.for.0: vulnerable must stop legal and clock: see situations',
    ]);
    expect(problemsOf({ care: { ...care, for: ['moratorium'] } })).toEqual([
      'ownCourses.care.for.0: moratorium stops contacts, so nothing of the course would be done',
    ]);
  });

  it('is refused where a name, a flag or a step has two meanings', () => {
    expect(problemsOf({ team: care, other: { ...gentle, for: ['hardship'] } })).toEqual([
      'ownCourses.team: is the name of a stage',
      'ownCourses.other.for.0: hardship has another course already',
    ]);
    const steps = [
      { on: -1, sms: 'care' },
      { on: 3, sms: 'care', tiers: ['low'] },
      { on: 3, email: 'care' },
    ];
    expect(problemsOf({ care: { for: ['hardship'], steps } })).toEqual([
      'ownCourses.care.steps.0.on: lies before the course begins on day 0',
      'ownCourses.care.steps.1.tiers: has no meaning: the course is for all',
      'ownCourses.care.steps.2: contacts the borrower at the same day and time as care/day-3-sms',
    ]);
  });

  it('leaves every other policy as it is', () => {
    expect(samplePolicy()).not.toHaveProperty('ownCourses');
  });
});
