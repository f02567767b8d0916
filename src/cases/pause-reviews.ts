import type { PauseReason } from '../domain/case';
import type { Day } from '../domain/day';
import type { Duration } from '../domain/policy-duration';
import type { StoredCase } from '../store/case-row';
import type { Queryable } from '../store/database';
import { listStoredPauses, setReviewDay } from '../store/pauses';
import type { Task } from '../store/task-row';
import { addCaseTask, endOfDuration } from './add-task';
import type { CaseReading } from './read-facts';

type Reading = Pick<CaseReading, 'caseRow' | 'calendar' | 'policy' | 'today'>;

interface Review {
  readonly pauseId: string;
  readonly reviewDay: Day;
}

/** For a review that begins on its day, whenever it was asked for. */
const reviewWithin: Duration = { amount: 2, unit: 'workingDays' };

/** When a pause without an end that began on `from` is looked at, as the policy says for its reason. */
export function reviewDayOf(
  { policy, calendar, today }: Omit<Reading, 'caseRow'>,
  reason: PauseReason,
  from: Day,
): Day {
  const { reviewAfter } = policy.rests.pauses[reason];
  const sinceMs = calendar.startOfDayMs(from > today ? from : today);
  return calendar.dayOf(endOfDuration(calendar, sinceMs, reviewAfter));
}

/** A task for a supervisor that begins on the day of the review; nothing has to wake the case for it. */
export async function addPauseReview(
  tx: Queryable,
  reading: Pick<Reading, 'caseRow' | 'calendar'>,
  review: Review,
  nowMs: number,
): Promise<void> {
  const { caseRow, calendar } = reading;
  const taskKey = pauseReviewKey(caseRow, review);
  const reason = 'a pause without an end is to be reviewed';
  const notBeforeMs = calendar.startOfDayMs(review.reviewDay);
  const about = { taskKey, kind: 'review', asks: [], within: reviewWithin, attempt: 1 } as const;
  await addCaseTask(tx, { calendar, caseRow }, { ...about, reason, notBeforeMs, assignee: null }, nowMs);
}

/** A case that opens while its loan is paused without an end gets the reviews that the pauses were given. */
export async function addReviewsOfPauses(
  tx: Queryable,
  reading: Pick<Reading, 'caseRow' | 'calendar'>,
  nowMs: number,
): Promise<void> {
  for (const { pauseId, untilDay, resumedDay, reviewDay } of await listStoredPauses(tx, reading.caseRow.loanId)) {
    if (reviewDay === null || untilDay !== null || resumedDay !== null) continue;
    await addPauseReview(tx, reading, { pauseId, reviewDay }, nowMs);
  }
}

/** Whoever reviewed a pause and did not end it lets it go on, until the next review. */
export async function followPauseReview(tx: Queryable, reading: Reading, task: Task, nowMs: number): Promise<void> {
  const { loanId } = reading.caseRow;
  const pause = (await listStoredPauses(tx, loanId)).find(
    ({ pauseId, reviewDay }) => reviewDay !== null && task.taskKey === pauseReviewKey(task, { pauseId, reviewDay }),
  );
  if (pause === undefined || pause.untilDay !== null || pause.resumedDay !== null) return;
  const reviewDay = reviewDayOf(reading, pause.reason as PauseReason, pause.fromDay);
  await setReviewDay(tx, pause.pauseId, reviewDay);
  await addPauseReview(tx, reading, { pauseId: pause.pauseId, reviewDay }, nowMs);
}

export function pauseReviewKey({ loanId, caseNo }: Pick<StoredCase, 'loanId' | 'caseNo'>, review: Review): string {
  return `${loanId}/${caseNo}/pause/${review.pauseId}/${review.reviewDay}`;
}
