import type { BankCalendar } from '../bank-calendar';
import type { TimetableStep } from '../case';
import { addDays, type Day } from '../day';
import type { JudgedPart, JudgedPromise } from './judge-promises';
import type { PromiseToPay } from './promise';
import type { PromiseRules } from './promise-rules';

const stage = 'promise-reminder';

/**
 * The one message that a policy may allow while a promise runs: a reminder some days before the day of each part that is not
 * paid yet. None where the promise was given so late that it is still fresh, and none after the promised day. `done` keys are
 * left out; `dueAtMs` is an instant of the reminder's day in the bank's zone.
 */
export function promiseReminders(
  judged: readonly JudgedPromise[],
  given: readonly Pick<PromiseToPay, 'promiseId' | 'givenDay'>[],
  { remind }: PromiseRules,
  today: Day,
  calendar: Pick<BankCalendar, 'instantAt'>,
  done: ReadonlySet<string>,
): readonly TimetableStep[] {
  if (remind === undefined) return [];
  const { daysBefore, at, channel, template } = remind;
  const givenOn = new Map(given.map(({ promiseId, givenDay }) => [promiseId, givenDay]));
  return judged
    .filter(({ state }) => state === 'open')
    .flatMap(({ promiseId, parts }) =>
      parts.flatMap((part, index): TimetableStep[] => {
        const key = `${stage}/${promiseId}/${index + 1}`;
        const dueDay = addDays(part.dueDay, -daysBefore);
        const isFresh = dueDay <= (givenOn.get(promiseId) ?? dueDay);
        if (part.state !== 'open' || isFresh || today > part.dueDay || done.has(key)) return [];
        const action = { kind: 'contact', channel, template } as const;
        return [{ key, stage, dueAtMs: calendar.instantAt(dueDay, at), dueDay, action }];
      }),
    )
    .sort((a, b) => (a.dueAtMs ?? 0) - (b.dueAtMs ?? 0));
}

export function isPromiseReminder(key: string): boolean {
  return key.startsWith(`${stage}/`);
}

/** The part of a promise that a reminder is about; undefined for any other step. */
export function remindedPart(promises: readonly JudgedPromise[], key: string): JudgedPart | undefined {
  if (!isPromiseReminder(key)) return undefined;
  const [promiseId, no] = [key.slice(stage.length + 1, key.lastIndexOf('/')), key.slice(key.lastIndexOf('/') + 1)];
  return promises.find((promise) => promise.promiseId === promiseId)?.parts[Number(no) - 1];
}
