import type { PauseReason } from '../domain/case';
import type { Day } from '../domain/day';
import { isPausedOn } from '../domain/paused-days';
import { Refusal } from '../domain/refusal';
import { pausesThatStop } from '../domain/rest/rest-rules';
import type { Queryable } from '../store/database';
import { loadLoanFacts } from '../store/loan-facts';
import { addPause, listStoredPauses, resumeOn } from '../store/pauses';
import { cancelTask } from '../store/tasks';
import { addPauseReview, pauseReviewKey, reviewDayOf } from './pause-reviews';
import type { CaseReading } from './read-facts';

interface PauseWish {
  readonly from: Day;
  readonly until: Day | null;
  readonly reason: PauseReason;
  readonly reviewOn?: Day;
  readonly actor: string;
}

/** Writes a pause down, and the review of one without an end. Says in a sentence what was done. */
export async function pauseCase(
  tx: Queryable,
  reading: CaseReading,
  pauseId: string,
  { from, until, reason, reviewOn, actor }: PauseWish,
  nowMs: number,
): Promise<string> {
  const { loanId } = reading.loan;
  const reviewDay = until === null ? (reviewOn ?? reviewDayOf(reading, reason, from)) : null;
  await addPause(tx, { pauseId, loanId, fromDay: from, untilDay: until, reviewDay, reason, actor });
  if (reviewDay === null) return `paused from ${from} until ${until ?? ''}: ${reason}`;
  await addPauseReview(tx, reading, { pauseId, reviewDay }, nowMs);
  return `paused from ${from} with no end yet, to be reviewed on ${reviewDay}: ${reason}`;
}

interface ResumeWish {
  readonly on: Day;
  readonly reason?: PauseReason;
  readonly actor: string;
}

/**
 * Ends the pauses that cover the day, which may lie in the past or ahead; what they covered before it stays paused.
 * @throws Refusal PauseInvalid where none does.
 */
export async function resumeCase(
  tx: Queryable,
  { loan: { loanId }, caseRow, policy, today }: CaseReading,
  { on, reason, actor }: ResumeWish,
): Promise<string> {
  const ended = await resumeOn(tx, loanId, on, actor, reason ?? null);
  if (ended.length === 0) throw await whyNone(tx, loanId, on, today);
  for (const { pauseId, reviewDay } of ended) {
    if (reviewDay !== null) await cancelTask(tx, pauseReviewKey(caseRow, { pauseId, reviewDay }));
  }
  const left = pausesThatStop((await loadLoanFacts(tx, loanId))?.pauses ?? [], 'contacts', policy.rests);
  // Whoever asked must know when the case rests all the same: two reasons may hold at once.
  return isPausedOn(left, on > today ? on : today)
    ? `resumed on ${on}; a rest for another reason goes on`
    : `resumed on ${on}`;
}

async function whyNone(tx: Queryable, loanId: string, on: Day, today: Day): Promise<Refusal> {
  const begun = (await listStoredPauses(tx, loanId)).find(
    ({ fromDay, untilDay, resumedDay }) =>
      on < fromDay && fromDay <= today && (resumedDay ?? untilDay ?? today) >= today,
  );
  const reason = begun === undefined ? 'no pause covers this day' : `lies before the pause began, on ${begun.fromDay}`;
  return new Refusal('PauseInvalid', reason, 'on');
}
