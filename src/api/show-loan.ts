import type { z } from 'zod';
import type { Desk } from '../cases/desk';
import { delinquencyRules } from '../cases/read-facts';
import { bankToday } from '../cases/bank-today';
import { type Delinquency, delinquencyAsOf } from '../domain/delinquency';
import type { Amounts, Instalment, Schedule } from '../domain/loan';
import type { Policy } from '../domain/policy';
import { Refusal } from '../domain/refusal';
import { getLatestCase } from '../store/cases';
import { loadLoanFacts } from '../store/loan-facts';
import { getLoan } from '../store/loans';
import type { delinquency, loan, shownSchedule } from './loan-shapes';

/** A loan with its schedules and how it stands on a day, the bank's today if none is named. @throws Refusal NotFound. */
export async function showLoan(desk: Desk, loanId: string, asOf?: string): Promise<z.infer<typeof loan>> {
  const { pool } = desk;
  const [stored, facts] = [await getLoan(pool, loanId), await loadLoanFacts(pool, loanId)];
  if (stored === null || facts === null) throw new Refusal('NotFound', 'no such loan', 'loanId');
  const policy = await policyFor(desk, loanId);
  const standing = delinquencyAsOf(facts, asOf ?? (await bankToday(desk)), delinquencyRules(policy));
  return { ...stored, schedules: facts.schedules.map(shownScheduleOf), delinquency: shownDelinquency(standing) };
}

/** The one that the loan's open case is pinned to, else the one that a new case would get. */
async function policyFor({ pool, policies, policyId }: Desk, loanId: string): Promise<Policy> {
  const latest = await getLatestCase(pool, loanId);
  if (latest?.status !== 'open') return (await policies.latest(pool, policyId)).policy;
  return (await policies.pinned(pool, latest.policyId, latest.policyVersion)).policy;
}

export function shownScheduleOf({ no, effectiveFrom, instalments }: Schedule): z.infer<typeof shownSchedule> {
  return { no, effectiveFrom, instalments: instalments.map(shownInstalmentOf) };
}

function shownInstalmentOf({ no, dueDay, due }: Instalment): z.infer<typeof shownSchedule>['instalments'][number] {
  return { no, dueDay, ...byComponent(due) };
}

export function shownDelinquency({ overdue, ...standing }: Delinquency): z.infer<typeof delinquency> {
  return { ...standing, overdue: byComponent(overdue) };
}

function byComponent({ principal, interest, fee, penalty }: Amounts) {
  return { principalMinor: principal, interestMinor: interest, feeMinor: fee, penaltyMinor: penalty };
}
