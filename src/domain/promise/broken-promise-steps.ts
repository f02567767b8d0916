import type { BankCalendar } from '../bank-calendar';
import type { TimetableStep } from '../case';
import type { JudgedPromise } from './judge-promises';
import type { PromiseRules } from './promise-rules';

const keyStart = 'promise/';

/**
 * What somebody does about each broken promise, as a step of the course from the day on which it was broken: it rests with
 * the case, and a payment that makes the promise a kept one after all takes it away. `done` keys are left out.
 */
export function brokenPromiseSteps(
  promises: readonly JudgedPromise[],
  { whenBroken }: PromiseRules,
  stage: string,
  calendar: Pick<BankCalendar, 'startOfDayMs'>,
  done: ReadonlySet<string>,
): readonly TimetableStep[] {
  if (whenBroken === null) return [];
  return promises.flatMap(({ promiseId, brokenDay }): TimetableStep[] => {
    const key = `${keyStart}${promiseId}`;
    if (brokenDay === null || done.has(key)) return [];
    const action = { kind: 'task', task: whenBroken.task } as const;
    return [{ key, stage, dueAtMs: calendar.startOfDayMs(brokenDay), dueDay: brokenDay, action }];
  });
}

export function isBrokenPromiseStep(key: string): boolean {
  return key.startsWith(keyStart);
}
