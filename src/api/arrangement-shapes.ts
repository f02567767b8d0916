import { z } from 'zod';
import { arrangementTerms } from '../cases/arrangement-terms';
import type { PreviewedArrangement } from '../cases/arrange';
import type { PreviewedClasses } from '../cases/preview-classes';
import type { WatchedArrangement } from '../cases/watch-arrangements';
import { arrangementStates } from '../domain/arrangement/state';
import { measureNames } from '../domain/arrangement/measures';
import { costMinor } from '../domain/arrangement/rearrange';
import { arrangementKinds, type ArrangementTerms } from '../domain/arrangement/terms';
import type { Weighed } from '../domain/arrangement/weigh';
import { classReasons } from '../domain/classification/own-class';
import type { Classification } from '../domain/classification/classify';
import type { Amounts } from '../domain/loan';
import { shownSchedule } from './loan-shapes';
import { shownDay } from './shapes';
import { shownScheduleOf } from './show-loan';

const minor = z.int();
const byComponent = z.object({
  principalMinor: minor,
  interestMinor: minor,
  feeMinor: minor,
  penaltyMinor: minor,
});
const state = z.enum(arrangementStates);
const standing = z.object({ rawDpd: z.int(), bucket: z.string(), overdueMinor: minor, outstandingMinor: minor });

const shownClass = z.object({
  asOf: shownDay,
  class: z.string(),
  why: z.enum(classReasons),
  nonPerforming: z.boolean(),
  nonAccrual: z.boolean(),
  provisionMinor: minor,
});

export const shownArrangement = z
  .object({
    arrangementId: z.string(),
    loanId: z.string(),
    caseNo: z.int(),
    kind: z.enum(arrangementKinds),
    terms: arrangementTerms,
    reason: z.string(),
    actor: z.string(),
    /** Found from payments as of today; a reversal can take it back. */
    state,
    history: z.array(z.object({ state, since: shownDay })),
    /** While it is active: kept up to this day whatever happens. While it is breached: the last day to make it good. */
    lastDay: shownDay.nullable(),
    proposedOn: shownDay,
    effectiveFrom: shownDay.nullable(),
    cancelledOn: shownDay.nullable(),
    /** The role that has to agree, or had to. */
    approvalRole: z.string().nullable(),
    /** Lineage: the schedule that it made, the one before, and the one that brought that back when it was cancelled. */
    scheduleNo: z.int().nullable(),
    replacesScheduleNo: z.int().nullable(),
    reinstatedAsNo: z.int().nullable(),
    waived: byComponent.nullable(),
    added: byComponent.nullable(),
  })
  .meta({ id: 'Arrangement' });

export function showArrangement(arrangement: WatchedArrangement): z.infer<typeof shownArrangement> {
  const { waived, added, scheduleNo, history, ...rest } = arrangement;
  return {
    ...rest,
    scheduleNo,
    history: [...history],
    replacesScheduleNo: scheduleNo === null ? null : scheduleNo - 1,
    waived: waived === null ? null : showAmounts(waived),
    added: added === null ? null : showAmounts(added),
  };
}

export const shownPreview = z
  .object({
    terms: arrangementTerms,
    /** Without a reason against it, and with nobody else to ask, it would begin at once. */
    refusals: z.array(z.object({ field: z.string().nullable(), reason: z.string() })),
    approval: z.object({ role: z.string(), because: z.array(z.enum(measureNames)) }).nullable(),
    effectiveFrom: shownDay,
    /** Null where the schedule stays, and where it cannot be. */
    schedule: shownSchedule.nullable(),
    waived: byComponent.nullable(),
    added: byComponent.nullable(),
    /** What the borrower pays more than before; below zero: less. */
    costMinor: minor.nullable(),
    /** How far it goes, by the names that the policy's limits have. */
    measures: z.partialRecord(z.enum(measureNames), z.int()),
    affordability: z.object({ leftMinor: minor, monthlyMinor: minor, affordable: z.boolean() }).nullable(),
    before: standing,
    after: standing.nullable(),
    /** The loan would not be classed better before this day; null where its terms do not change. */
    observationUntil: shownDay.nullable(),
    /** Null where the policy does not classify. After the observation: if it is kept, and all else is paid in time. */
    classification: z
      .object({ today: shownClass, after: shownClass, afterObservation: shownClass.nullable() })
      .nullable(),
  })
  .meta({ id: 'ArrangementPreview' });

export function showPreview(
  { reading: { today }, weighed, observationUntil, classes }: PreviewedArrangement,
  terms: ArrangementTerms,
): z.infer<typeof shownPreview> {
  const { made, measures, affordability, approval, refusals, before, after } = weighed;
  const schedule = made?.schedule ?? null;
  return {
    terms,
    refusals: refusals.map(({ field, reason }) => ({ field: field ?? null, reason })),
    approval: approval === null ? null : { ...approval, because: [...approval.because] },
    effectiveFrom: today,
    schedule: schedule === null ? null : shownScheduleOf(schedule),
    waived: made === null ? null : showAmounts(made.waived),
    added: made === null ? null : showAmounts(made.added),
    costMinor: made === null ? null : costMinor(made),
    measures,
    affordability,
    before: showStanding(before),
    after: after === null ? null : showStanding(after),
    observationUntil,
    classification: classes === null ? null : showClasses(classes),
  };
}

function showClasses({ today, after, afterObservation }: PreviewedClasses) {
  const later = afterObservation === null ? null : showClass(afterObservation);
  return { today: showClass(today), after: showClass(after), afterObservation: later };
}

function showClass({ asOf, class: name, why, nonPerforming, nonAccrual, provisionMinor }: Classification) {
  return { asOf, class: name, why, nonPerforming, nonAccrual, provisionMinor };
}

function showStanding({ rawDpd, bucket, overdueMinor, outstandingMinor }: Weighed['before']): z.infer<typeof standing> {
  return { rawDpd, bucket, overdueMinor, outstandingMinor };
}

function showAmounts({ principal, interest, fee, penalty }: Amounts): z.infer<typeof byComponent> {
  return { principalMinor: principal, interestMinor: interest, feeMinor: fee, penaltyMinor: penalty };
}
