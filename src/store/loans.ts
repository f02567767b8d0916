import { z } from 'zod';

import { type Instalment, riskTiers, type Schedule } from '../domain/loan';
import { Refusal } from '../domain/refusal';
import type { Queryable } from './database';
import {
  instalmentAsJson,
  instalmentColumns,
  instalmentJson,
  instalmentsFromJson,
  instalmentsParameter,
} from './instalment-rows';
import { execute, maybeOne, one } from './rows';

const loanFields = {
  loanId: z.string(),
  customerId: z.string(),
  product: z.string(),
  currency: z.string(),
  principalMinor: z.int(),
  disbursedDay: z.string(),
  riskTier: z.enum(riskTiers),
  branch: z.string(),
};
export type Loan = z.infer<z.ZodObject<typeof loanFields>>;

const storedLoanRow = z.object({
  ...loanFields,
  /** As in the contract: schedule 1. */
  instalments: z.array(instalmentJson),
  /** Payments or a later schedule build on the contract, so it can no longer be corrected. */
  contractFixed: z.boolean(),
});
export type StoredLoan = z.infer<typeof storedLoanRow>;

export async function getLoan(db: Queryable, loanId: string): Promise<StoredLoan | null> {
  return maybeOne(db, storedLoanRow, `${selectLoan} where loan_id = $1`, [loanId]);
}

const selectLoan = `
  select loan_id as "loanId", customer_id as "customerId", product, currency, principal_minor as "principalMinor",
    disbursed_on as "disbursedDay", risk_tier as "riskTier", branch,
    (select coalesce(json_agg(${instalmentAsJson} order by instalment_no), '[]') from instalment i
     where i.loan_id = l.loan_id and i.schedule_no = 1) as instalments,
    exists (select from payment p where p.loan_id = l.loan_id)
      or exists (select from schedule s where s.loan_id = l.loan_id and s.schedule_no > 1) as "contractFixed"
  from loan l`;

/**
 * Adds the loan with the schedule of its contract. The same content again changes nothing; tier, branch and product may
 * always be brought up to date; the contract may be corrected until a payment or a later schedule builds on it.
 * Inside a transaction a correction is safe against a payment that is posted at the same time.
 * @throws Refusal NotFound (customer) or AlreadyExists, naming the field.
 */
export async function putLoan(
  db: Queryable,
  loan: Loan,
  instalments: readonly Instalment[],
): Promise<'added' | 'known' | 'changed'> {
  if (await insertLoan(db, loan, instalments)) return 'added';
  // The lock keeps payments out: each takes a share lock on its loan.
  await execute(db, 'select from loan where loan_id = $1 for update', [loan.loanId]);
  const stored = await getLoan(db, loan.loanId);
  if (stored === null) throw new Refusal('NotFound', 'no such customer', 'customerId');
  const changed = contractFields.find((field) => stored[field] !== loan[field]);
  const sameInstalments = instalmentsParameter(stored.instalments) === instalmentsParameter(instalments);
  if (changed === 'customerId') throw new Refusal('AlreadyExists', 'the loan belongs to another customer', changed);
  if (stored.contractFixed && (changed !== undefined || !sameInstalments)) {
    const reason = 'the loan exists with other content, and payments or a later schedule build on it';
    throw new Refusal('AlreadyExists', reason, changed ?? 'instalments');
  }
  if (!sameInstalments) await replaceInstalments(db, loan.loanId, instalments);
  const described = describingFields.some((field) => stored[field] !== loan[field]);
  if (changed !== undefined || described) await updateLoan(db, loan);
  return changed !== undefined || described || !sameInstalments ? 'changed' : 'known';
}

const contractFields = ['customerId', 'currency', 'principalMinor', 'disbursedDay'] as const;
const describingFields = ['product', 'riskTier', 'branch'] as const;

/** One statement, so that no loan is ever without its schedule. False where the loan is there or its customer is not. */
async function insertLoan(db: Queryable, loan: Loan, instalments: readonly Instalment[]): Promise<boolean> {
  const text = `
    with added as (
      insert into loan (loan_id, customer_id, product, currency, principal_minor, disbursed_on, risk_tier, branch)
      select $1, customer_id, $3, $4, $5, $6, $7, $8 from customer where customer_id = $2
      on conflict (loan_id) do nothing returning loan_id, disbursed_on),
    contract as (
      insert into schedule (loan_id, schedule_no, effective_from) select loan_id, 1, disbursed_on from added),
    parts as (
      insert into instalment (loan_id, schedule_no, ${instalmentColumns})
      select loan_id, 1, given.* from added, ${instalmentsFromJson('$9')})
    select loan_id from added`;
  return (await execute(db, text, [...loanValues(loan), instalmentsParameter(instalments)])) > 0;
}

async function updateLoan(db: Queryable, loan: Loan): Promise<void> {
  const text = `
    with corrected as (
      update loan set product = $3, currency = $4, principal_minor = $5, disbursed_on = $6, risk_tier = $7, branch = $8
      where loan_id = $1 and customer_id = $2 returning loan_id, disbursed_on)
    update schedule s set effective_from = c.disbursed_on from corrected c
    where s.loan_id = c.loan_id and s.schedule_no = 1 and s.effective_from <> c.disbursed_on`;
  await execute(db, text, loanValues(loan));
}

function loanValues(loan: Loan): (string | number)[] {
  const { loanId, customerId, product, currency, principalMinor, disbursedDay, riskTier, branch } = loan;
  return [loanId, customerId, product, currency, principalMinor, disbursedDay, riskTier, branch];
}

async function replaceInstalments(db: Queryable, loanId: string, instalments: readonly Instalment[]): Promise<void> {
  const text = `
    with given as (select * from ${instalmentsFromJson('$2')}),
    gone as (
      delete from instalment i where loan_id = $1 and schedule_no = 1
      and not exists (select from given where given.instalment_no = i.instalment_no))
    insert into instalment (loan_id, schedule_no, ${instalmentColumns}) select $1, 1, given.* from given
    on conflict (loan_id, schedule_no, instalment_no) do update set due_on = excluded.due_on,
      principal_minor = excluded.principal_minor, interest_minor = excluded.interest_minor,
      fee_minor = excluded.fee_minor, penalty_minor = excluded.penalty_minor`;
  await execute(db, text, [loanId, instalmentsParameter(instalments)]);
}

/**
 * Adds the schedule of an arrangement; the same again is known.
 * @throws Refusal NotFound, or RestructureInvalid where the number is taken by another arrangement.
 */
export async function addSchedule(
  db: Queryable,
  loanId: string,
  schedule: Schedule,
  arrangementId: string,
): Promise<'added' | 'known'> {
  const text = `
    with added as (
      insert into schedule (loan_id, schedule_no, effective_from, arrangement_id)
      select loan_id, $2, $3, $4 from loan where loan_id = $1
      on conflict (loan_id, schedule_no) do nothing returning loan_id, schedule_no),
    parts as (
      insert into instalment (loan_id, schedule_no, ${instalmentColumns})
      select loan_id, schedule_no, given.* from added, ${instalmentsFromJson('$5')})
    select loan_id from added`;
  const { no, effectiveFrom, instalments } = schedule;
  const values = [loanId, no, effectiveFrom, arrangementId, instalmentsParameter(instalments)];
  if ((await execute(db, text, values)) > 0) return 'added';
  const found = await maybeOne(
    db,
    z.object({ arrangementId: z.string().nullable() }),
    'select arrangement_id as "arrangementId" from schedule where loan_id = $1 and schedule_no = $2',
    [loanId, no],
  );
  if (found === null) throw new Refusal('NotFound', 'no such loan', 'loanId');
  if (found.arrangementId === arrangementId) return 'known';
  throw new Refusal('RestructureInvalid', `schedule ${no} of the loan was agreed by another arrangement`);
}

export async function countLoans(db: Queryable): Promise<number> {
  return (await one(db, z.object({ loans: z.int() }), 'select count(*) as loans from loan')).loans;
}
