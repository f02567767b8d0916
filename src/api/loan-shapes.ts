import { z } from 'zod';
import { riskTiers } from '../domain/loan';
import { loanClass } from './classification-shapes';
import { amountMinor, currency, day, id, positiveMinor, shortText, shownDay } from './shapes';

export const instalmentBody = z.strictObject({
  no: z.int().min(1).max(999_999),
  dueDay: day,
  principalMinor: amountMinor.default(0),
  interestMinor: amountMinor.default(0),
  feeMinor: amountMinor.default(0),
  penaltyMinor: amountMinor.default(0),
});

export const loanBody = z.strictObject({
  customerId: id,
  product: shortText(64),
  currency,
  principalMinor: positiveMinor,
  disbursedDay: day,
  riskTier: z.enum(riskTiers),
  branch: shortText(64),
  instalments: z.array(instalmentBody).min(1).max(1_200),
});

const minor = z.int();
export const shownInstalment = z.object({
  no: z.int(),
  dueDay: shownDay,
  principalMinor: minor,
  interestMinor: minor,
  feeMinor: minor,
  penaltyMinor: minor,
});

export const shownSchedule = z.object({
  no: z.int(),
  effectiveFrom: shownDay,
  instalments: z.array(shownInstalment),
});

const shownAmounts = z.object({ principalMinor: minor, interestMinor: minor, feeMinor: minor, penaltyMinor: minor });

export const delinquency = z
  .object({
    asOf: shownDay,
    /** Days past due. No pause lowers it. */
    rawDpd: z.int(),
    /** Less the days of pauses. */
    effectiveDpd: z.int(),
    pausedDays: z.int(),
    bucket: z.string(),
    overdueMinor: minor,
    overdue: shownAmounts,
    oldestUnpaidDueDay: shownDay.nullable(),
    nextDueDay: shownDay.nullable(),
    nextDueMinor: minor,
    outstandingMinor: minor,
    outstanding: shownAmounts,
    creditMinor: minor,
  })
  .meta({ id: 'Delinquency' });

export const instalmentStanding = z
  .object({
    no: z.int(),
    dueDay: shownDay,
    /** With late fees and penalty interest, less what was waived. */
    dueMinor: minor,
    paidMinor: minor,
    unpaidMinor: minor,
    unpaid: shownAmounts,
    /** Days since the due day while anything is unpaid, tolerated or not. */
    dpd: z.int(),
  })
  .meta({ id: 'InstalmentStanding' });

const bucketStay = z.object({ bucket: z.string(), enteredOn: shownDay, leftOn: shownDay.nullable() });

const charge = z
  .object({
    kind: z.enum(['late-fee', 'penalty-interest']),
    scheduleNo: z.int(),
    instalmentNo: z.int(),
    fromDay: shownDay,
    throughDay: shownDay,
    amountMinor: minor,
    waivedMinor: minor,
    unpaidMinor: minor,
  })
  .meta({ id: 'Charge' });

export const loan = z
  .object({
    loanId: z.string(),
    customerId: z.string(),
    product: z.string(),
    currency: z.string(),
    principalMinor: minor,
    disbursedDay: shownDay,
    riskTier: z.enum(riskTiers),
    branch: z.string(),
    schedules: z.array(shownSchedule),
    delinquency,
    /** Of the schedule in force on the day, in the order in which money settles them. */
    instalments: z.array(instalmentStanding),
    /** Every bucket that the loan was in up to the day; the last one, without an end, is the one it is in. */
    buckets: z.array(bucketStay),
    /** Late fees and penalty interest up to the day; what is unpaid of them is part of what their instalment asks for. */
    charges: z.array(charge),
    firstPayment: z.object({ dueDay: shownDay, defaultedOn: shownDay.nullable() }).nullable(),
    /** Null where the policy does not classify. */
    classification: loanClass.nullable(),
  })
  .meta({ id: 'Loan' });
