import type { BankCalendar } from './bank-calendar';
import type { TimetableStep } from './case';

/** A message of a step that reached nobody, and that the provider says is worth another attempt. */
export interface WantedRetry {
  /** Of the failed attempt: `stage/step`, or `stage/step#2` where it was the second. */
  readonly stepKey: string;
  readonly channel: 'sms' | 'email';
  readonly template: string;
  readonly retryAtMs: number;
}

/** Further attempts as steps of the course, each under a key of its own: pauses, payments and the gate hold for them too. */
export function retrySteps(
  retries: readonly WantedRetry[],
  calendar: Pick<BankCalendar, 'dayOf'>,
  done: ReadonlySet<string>,
): readonly TimetableStep[] {
  return retries
    .map(({ stepKey, channel, template, retryAtMs }): TimetableStep => {
      const { firstKey, attempt } = attemptOf(stepKey);
      return {
        key: `${firstKey}#${attempt + 1}`,
        stage: firstKey.split('/')[0] ?? '',
        dueAtMs: retryAtMs,
        dueDay: calendar.dayOf(retryAtMs),
        action: { kind: 'contact', channel, template },
      };
    })
    .filter(({ key }) => !done.has(key));
}

/** Which attempt a key is of: the first has no number. */
export function attemptOf(key: string): { readonly firstKey: string; readonly attempt: number } {
  const [, firstKey = key, number = '1'] = /^(.+)#(\d+)$/.exec(key) ?? [];
  return { firstKey, attempt: Number(number) };
}
