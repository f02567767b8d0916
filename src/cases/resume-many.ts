import type { PauseReason } from '../domain/case';
import type { Day } from '../domain/day';
import { Refusal } from '../domain/refusal';
import type { BulkPause, BulkProgress } from '../store/bulk-pauses';
import { inTransaction, type Queryable } from '../store/database';
import type { LoanFilter } from '../store/loan-selection';
import { pausedOn } from '../store/pauses';
import { agreeTo, type BulkPreview, tokenOf } from './bulk-agreement';
import type { Desk } from './desk';
import { delinquencyRules } from './read-facts';
import { selectLoans } from './select-loans';

export interface ResumeManyWish {
  readonly filter: LoanFilter;
  /** The first day that is free again; today where it is not said. */
  readonly on: Day | null;
  /** Only pauses for this reason end; null: all that cover the day. */
  readonly reason: PauseReason | null;
}

export interface ResumePreview extends BulkPreview {
  readonly on: Day;
}

/**
 * Of which loans pauses would end, and how much they are about. Nothing is written.
 * @throws Refusal PauseInvalid where no pause of these covers the day, InputInvalid or NotFound.
 */
export async function previewResumes(desk: Desk, wish: ResumeManyWish): Promise<ResumePreview> {
  const nowMs = await desk.clock.nowMs();
  return inTransaction(desk.pool, (tx) => preview(tx, desk, wish, nowMs));
}

/** Ends the pauses of exactly the loans that were previewed, or of none. @throws Refusal as `agreeTo` does. */
export function resumeMany(
  desk: Desk,
  bulkId: string,
  token: string,
  wish: ResumeManyWish,
  actor: string,
): Promise<BulkPause & BulkProgress> {
  return agreeTo(desk, { bulkId, token }, async (tx, nowMs) => {
    const found = await preview(tx, desk, wish, nowMs);
    const days = { fromDay: found.on, untilDay: null, reviewDay: null };
    return { found, terms: { filter: { ...wish.filter }, ...days, reason: wish.reason, resumes: true, actor } };
  });
}

async function preview(tx: Queryable, desk: Desk, wish: ResumeManyWish, nowMs: number): Promise<ResumePreview> {
  const { policy, calendar } = await desk.policies.latest(tx, desk.policyId);
  const today = calendar.dayOf(nowMs);
  const on = wish.on ?? today;
  const among = (loanIds: readonly string[]) => pausedOn(tx, loanIds, on, wish.reason);
  const selection = await selectLoans(tx, wish.filter, delinquencyRules(policy), { today, nowMs, among });
  if (selection.loanIds.length === 0) {
    throw new Refusal('PauseInvalid', `no pause of these loans covers ${on}`, 'filter');
  }
  return { ...selection, on, token: tokenOf(selection, { resumesOn: on, reason: wish.reason }) };
}
