import type { z } from 'zod';
import type { Desk } from '../cases/desk';
import { readStanding } from '../cases/read-standing';
import type { Delinquency } from '../domain/delinquency';
import type { Amounts, Instalment, Schedule } from '../domain/loan';
import type { InstalmentStanding } from '../domain/standing/instalment-figures';
import { showClass } from './classification-shapes';
import type { delinquency, instalmentStanding, loan, shownSchedule } from './loan-shapes';

/** A loan with its schedules and how it stands on a day, the bank's today if none is named. @throws Refusal NotFound. */
export async function showLoan(desk: Desk, loanId: string, asOf?: string): Promise<z.infer<typeof loan>> {
  const standing = await readStanding(desk, loanId, asOf);
  const { facts, classification } = standing;
  return {
    ...standing.loan,
    schedules: facts.schedules.map(shownScheduleOf),
    delinquency: shownDelinquency(standing.delinquency),
    instalments: standing.instalments.map(shownStandingOf),
    buckets: [...standing.buckets],
    charges: [...standing.charges],
    firstPayment: standing.firstPayment,
    classification: classification === null ? null : showClass(classification),
  };
}

function shownStandingOf({ unpaid, ...line }: InstalmentStanding): z.infer<typeof instalmentStanding> {
  return { ...line, unpaid: byComponent(unpaid) };
}

export function shownScheduleOf({ no, effectiveFrom, instalments }: Schedule): z.infer<typeof shownSchedule> {
  return { no, effectiveFrom, instalments: instalments.map(shownInstalmentOf) };
}

function shownInstalmentOf({ no, dueDay, due }: Instalment): z.infer<typeof shownSchedule>['instalments'][number] {
  return { no, dueDay, ...byComponent(due) };
}

export function shownDelinquency({ overdue, outstanding, ...standing }: Delinquency): z.infer<typeof delinquency> {
  return { ...standing, overdue: byComponent(overdue), outstanding: byComponent(outstanding) };
}

function byComponent({ principal, interest, fee, penalty }: Amounts) {
  return { principalMinor: principal, interestMinor: interest, feeMinor: fee, penaltyMinor: penalty };
}
