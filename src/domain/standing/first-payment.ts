import { addDays, type Day } from '../day';
import { delinquencyAsOf, type DelinquencyRules } from '../delinquency';
import { type LoanFacts, totalMinor } from '../loan';
import { scheduleAsOf } from '../schedule';

/** Whether a loan's very first instalment was missed (首逾): often fraud or a wrong decision to lend, not bad luck. */
export interface FirstPayment {
  readonly dueDay: Day;
  /** The first day on which it was more days late than the policy allows; null while, or because, it was not. */
  readonly defaultedOn: Day | null;
}

/**
 * First payment default as of a day: on the day on which the first instalment is `daysMax` + 1 days past due, the loan is
 * overdue from that instalment. Money that comes later does not take it back; money dated before does. The first
 * instalment is that of the schedule in force on the day it is judged; null where nothing ever falls due.
 * @throws RangeError when the loan has no schedule.
 */
export function firstPayment(
  loan: LoanFacts,
  asOf: Day,
  rules: DelinquencyRules,
  daysMax: number,
): FirstPayment | null {
  const candidates = loan.schedules
    .map((schedule) => ({ schedule, dueDay: firstDueDayOf(schedule) }))
    .flatMap(({ schedule, dueDay }) =>
      dueDay === null ? [] : [{ schedule, dueDay, judgedOn: addDays(dueDay, daysMax + 1) }],
    )
    .filter(({ schedule, judgedOn }) => scheduleAsOf(loan.schedules, judgedOn) === schedule)
    .sort((a, b) => (a.judgedOn < b.judgedOn ? -1 : 1));
  const [first] = candidates;
  if (first === undefined) return null;
  const { dueDay, judgedOn } = first;
  const isMissed = judgedOn <= asOf && delinquencyAsOf(loan, judgedOn, rules).oldestUnpaidDueDay === dueDay;
  return { dueDay, defaultedOn: isMissed ? judgedOn : null };
}

function firstDueDayOf({ instalments }: LoanFacts['schedules'][number]): Day | null {
  const [first] = instalments
    .filter(({ due }) => totalMinor(due) > 0)
    .map(({ dueDay }) => dueDay)
    .sort();
  return first ?? null;
}
