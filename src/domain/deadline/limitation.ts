import type { CaseEventName } from '../contact/situation';
import type { LimitationRule } from '../contact/rule';
import { addMonths, type Day } from '../day';

/** What makes the limitation of a claim run anew, a closed list. */
export const limitationCauses = {
  'delivered-demand':
    'A demand arrived: the milestone demand-delivered, or a message of purpose demand that was delivered.',
  'debtor-agreement':
    'Whoever owes agrees to pay: a promise, an arrangement, a part that was paid, a written acknowledgement.',
  acknowledgement: 'The debt is acknowledged in writing: an arrangement, or the milestone debt-acknowledged.',
  payment: 'A part was paid.',
  lawsuit: 'A court or an arbitrator was asked: the milestone claim-filed.',
} as const;
export type LimitationCause = keyof typeof limitationCauses;

export const limitationCauseCodes = Object.keys(limitationCauses) as readonly LimitationCause[];

/** What is known of a loan that bears on the limitation of its claim. Days are the bank's. */
export interface LimitationFacts {
  /** Null where nothing is overdue: no limitation runs. */
  readonly oldestUnpaidDay: Day | null;
  readonly lastInstalmentDay: Day | null;
  readonly paidDays: readonly Day[];
  readonly promisedDays: readonly Day[];
  readonly arrangedDays: readonly Day[];
  readonly events: readonly { readonly event: CaseEventName; readonly day: Day }[];
}

/**
 * The last day on which the claim may be brought, or null where none runs. Each cause before that day lets the whole time run
 * anew; after it only an agreement of whoever owes does. None goes on beyond the rule's `yearsMax`. (Civil Code of the People's
 * Republic of China, articles 188, 189, 192 and 195; Limitation Act 1980, sections 5 and 29)
 */
export function limitationLastDay(
  { years, yearsMax, runsFrom = 'oldest-unpaid', interruptedBy }: LimitationRule,
  facts: LimitationFacts,
): Day | null {
  if (facts.oldestUnpaidDay === null) return null;
  const start = runsFrom === 'last-instalment' ? facts.lastInstalmentDay : facts.oldestUnpaidDay;
  if (start === null) return null;
  const endAfter = (day: Day): Day => addMonths(day, 12 * years);
  const latestEnd = yearsMax === undefined ? null : addMonths(start, 12 * yearsMax);
  const causes = interruptedBy
    .flatMap((cause) => daysOf(cause, facts).map((day) => ({ cause, day })))
    .sort((a, b) => (a.day < b.day ? -1 : 1));
  const end = causes.reduce((soFar, { cause, day }) => {
    const isInTime = day <= soFar || cause === 'debtor-agreement';
    return isInTime && endAfter(day) > soFar ? endAfter(day) : soFar;
  }, endAfter(start));
  return latestEnd !== null && latestEnd < end ? latestEnd : end;
}

function daysOf(cause: LimitationCause, facts: LimitationFacts): readonly Day[] {
  const { paidDays, promisedDays, arrangedDays, events } = facts;
  const on = (name: CaseEventName): readonly Day[] =>
    events.filter(({ event }) => event === name).map(({ day }) => day);
  switch (cause) {
    case 'delivered-demand':
      return on('demand-delivered');
    case 'debtor-agreement':
      return [...paidDays, ...promisedDays, ...arrangedDays, ...on('debt-acknowledged')];
    case 'acknowledgement':
      return [...arrangedDays, ...on('debt-acknowledged')];
    case 'payment':
      return paidDays;
    case 'lawsuit':
      return on('claim-filed');
  }
}
