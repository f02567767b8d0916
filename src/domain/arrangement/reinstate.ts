import { accountAsOf, type AccountRules, orderAsOf } from '../account/account';
import { allocate, sumAmounts } from '../allocation';
import type { Day } from '../day';
import { correctSchedule } from '../dispute/correct-schedule';
import { type LoanFacts, type Schedule, totalMinor } from '../loan';
import { sumMinor } from './new-instalments';

/**
 * The schedule from `effectiveFrom` on that asks for what the one before an arrangement asked for, less what upheld disputes
 * took off since: it was never owed, whatever was agreed on meanwhile. Each comes off on its own day, as it would have if
 * nothing had been agreed on; what it took off late fees and penalty interest stays off these, and is no part of it. Minor
 * units of the loan's currency.
 * @throws RangeError when there is no schedule before that of the arrangement.
 */
export function reinstate(
  loan: LoanFacts,
  arrangementScheduleNo: number,
  effectiveFrom: Day,
  rules: AccountRules,
): Schedule {
  const schedules = loan.schedules.toSorted((a, b) => a.no - b.no);
  let asIfNotAgreed = schedules.filter(({ no }) => no < arrangementScheduleNo);
  let last = asIfNotAgreed.at(-1);
  if (last === undefined) throw new RangeError('an arrangement has a schedule before its own');
  for (const [index, schedule] of schedules.entries()) {
    const changed = schedules[index - 1];
    if (schedule.no <= arrangementScheduleNo || schedule.correction !== true || changed === undefined) continue;
    const offMinor = askedMinor(changed) - askedMinor(schedule);
    const { effectiveFrom: day, chargesOff } = schedule;
    last = {
      ...takeOff({ ...loan, schedules: asIfNotAgreed }, last, offMinor, day, rules),
      correction: true,
      chargesOff,
    };
    asIfNotAgreed = [...asIfNotAgreed, last];
  }
  const no = Math.max(...schedules.map((schedule) => schedule.no)) + 1;
  return { no, effectiveFrom, instalments: last.instalments };
}

/**
 * Off what is unpaid of the contract first. There may be less of it: the arrangement asked for more, or money came to light
 * since. The rest then comes off what was paid, so that the money is the borrower's.
 */
function takeOff(loan: LoanFacts, schedule: Schedule, offMinor: number, day: Day, rules: AccountRules): Schedule {
  const { contract } = accountAsOf(loan, day, rules);
  const order = orderAsOf(loan, day, rules);
  const unpaidOffMinor = Math.min(offMinor, sumMinor(contract));
  const no = schedule.no + 1;
  const corrected = correctSchedule(schedule, no, { unpaid: contract, contract }, unpaidOffMinor, order, day);
  const paid = allocate(corrected.instalments, 0, order).unpaid;
  const paidOffMinor = Math.min(offMinor - unpaidOffMinor, sumMinor(paid));
  return correctSchedule(corrected, no, { unpaid: paid, contract: paid }, paidOffMinor, order, day);
}

function askedMinor({ instalments }: Schedule): number {
  return totalMinor(sumAmounts(instalments.map(({ due }) => due)));
}
