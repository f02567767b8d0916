import {
  type BulkPause,
  bulkProgress,
  casesToTell,
  getBulkPause,
  markTold,
  pauseNext,
  takeNextToResume,
} from '../store/bulk-pauses';
import type { StoredCase } from '../store/case-row';
import { inTransaction, type Queryable } from '../store/database';
import { resumeOn } from '../store/pauses';
import { cancelTask } from '../store/tasks';
import { recordEvent } from '../store/timeline';
import type { Desk } from './desk';
import { eachAtOnce } from './each-at-once';
import { notifyCase } from './notify';
import { addPauseReview, pauseReviewKey } from './pause-reviews';

const loansAtOnce = 250;
const toldAtOnce = 16;

/**
 * Pauses the next loans of an agreed list in one transaction, or ends their pauses, then tells their cases; answers how many
 * are left. Done again after it was cut off it goes on with what is left, and nothing is paused, told or written twice.
 */
export async function pauseNextLoans(desk: Desk, bulkId: string, signal?: AbortSignal): Promise<number> {
  const nowMs = await desk.clock.nowMs();
  await inTransaction(desk.pool, async (tx) => {
    const bulk = await getBulkPause(tx, bulkId);
    if (bulk === null) return;
    if (bulk.resumes) return resumeNext(tx, bulk, nowMs);
    for (const caseRow of await pauseNext(tx, bulkId, loansAtOnce, nowMs)) {
      await writePaused(tx, desk, bulk, caseRow, nowMs);
    }
  });
  const loanIds = await casesToTell(desk.pool, bulkId);
  const tell = async (loanId: string): Promise<void> => {
    await notifyCase(desk, loanId);
    await markTold(desk.pool, bulkId, loanId, nowMs);
  };
  await eachAtOnce(loanIds, toldAtOnce, tell, signal);
  const progress = await bulkProgress(desk.pool, bulkId);
  return progress === null ? 0 : progress.loans - progress.paused;
}

async function writePaused(
  tx: Queryable,
  { policies }: Pick<Desk, 'policies'>,
  { bulkId, fromDay, untilDay, reviewDay, reason, actor }: BulkPause,
  caseRow: StoredCase,
  nowMs: number,
): Promise<void> {
  const { loanId, caseNo, policyId, policyVersion } = caseRow;
  const until = untilDay === null ? 'with no end yet' : `until ${untilDay}`;
  const said = `paused from ${fromDay} ${until}: ${reason ?? ''}`;
  const event = { loanId, caseNo, atMs: nowMs, kind: 'paused', actor, reason: said };
  await recordEvent(tx, { ...event, data: { bulkId, reviewDay }, eventKey: `bulk/${bulkId}` });
  if (reviewDay === null) return;
  const { calendar } = await policies.pinned(tx, policyId, policyVersion);
  await addPauseReview(tx, { caseRow, calendar }, { pauseId: `bulk/${bulkId}/${loanId}`, reviewDay }, nowMs);
}

/** A pause that was ended meanwhile by somebody else is left as it is. */
async function resumeNext(tx: Queryable, bulk: BulkPause, nowMs: number): Promise<void> {
  const { bulkId, fromDay: on, reason: pausedFor, actor } = bulk;
  for (const { loanId, caseNo } of await takeNextToResume(tx, bulkId, loansAtOnce, nowMs)) {
    const ended = await resumeOn(tx, loanId, on, actor, pausedFor);
    if (caseNo === null || ended.length === 0) continue;
    for (const { pauseId, reviewDay } of ended) {
      if (reviewDay !== null) await cancelTask(tx, pauseReviewKey({ loanId, caseNo }, { pauseId, reviewDay }));
    }
    const event = { loanId, caseNo, atMs: nowMs, kind: 'resumed', actor, reason: `resumed on ${on}` };
    await recordEvent(tx, { ...event, data: { bulkId }, eventKey: `bulk/${bulkId}` });
  }
}
