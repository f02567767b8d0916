import { standingPayments } from '../domain/allocation';
import type { LimitationRule } from '../domain/contact/rule';
import type { Day } from '../domain/day';
import { limitationLastDay } from '../domain/deadline/limitation';
import type { HandoffFile } from '../domain/handoff/gaps';
import type { Queryable } from '../store/database';
import { listPromises } from '../store/promises';
import type { CaseReading } from './read-facts';

/** What is read of a loan before its limitation can be said. */
export type LimitationReading = Pick<CaseReading, 'loan' | 'delinquency' | 'calendar' | 'today' | 'arrangements'>;

export interface Limitation {
  readonly rule: LimitationRule;
  readonly lastDay: Day;
}

/** When the loan's claim ends by each of the rules; those by which none runs are left out. */
export async function readLimitations(
  db: Queryable,
  rules: readonly LimitationRule[],
  { loan, delinquency, calendar, today, arrangements }: LimitationReading,
  events: HandoffFile['events'],
): Promise<readonly Limitation[]> {
  if (rules.length === 0 || delinquency.oldestUnpaidDueDay === null) return [];
  const facts = {
    oldestUnpaidDay: delinquency.oldestUnpaidDueDay,
    lastInstalmentDay: loan.schedules.at(-1)?.instalments.at(-1)?.dueDay ?? null,
    paidDays: standingPayments(loan.payments, today).map(({ valueDay }) => valueDay),
    promisedDays: (await listPromises(db, loan.loanId)).map(({ givenDay }) => givenDay),
    arrangedDays: arrangements.flatMap(({ effectiveFrom }) => (effectiveFrom === null ? [] : [effectiveFrom])),
    events: events.map(({ event, atMs }) => ({ event, day: calendar.dayOf(atMs) })),
  };
  return rules.flatMap((rule) => {
    const lastDay = limitationLastDay(rule, facts);
    return lastDay === null ? [] : [{ rule, lastDay }];
  });
}
