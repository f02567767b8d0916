import type { PauseReason } from '../domain/case';
import type { Day } from '../domain/day';
import { pauseProblem } from '../domain/pause';
import { Refusal } from '../domain/refusal';
import type { BulkPause, BulkProgress } from '../store/bulk-pauses';
import { inTransaction, type Queryable } from '../store/database';
import type { LoanFilter } from '../store/loan-selection';
import { agreeTo, type BulkPreview, tokenOf } from './bulk-agreement';
import type { Desk } from './desk';
import { reviewDayOf } from './pause-reviews';
import { delinquencyRules } from './read-facts';
import { selectLoans } from './select-loans';

export interface BulkWish {
  readonly filter: LoanFilter;
  readonly from: Day;
  readonly until: Day | null;
  readonly reason: PauseReason;
  readonly reviewOn?: Day;
}

export interface PausePreview extends BulkPreview {
  /** Of a pause without an end. */
  readonly reviewDay: Day | null;
}

/**
 * Which loans a pause would be of, and how much they are about. Nothing is written.
 * @throws Refusal PauseInvalid, InputInvalid or NotFound.
 */
export async function previewPauses(desk: Desk, wish: BulkWish): Promise<PausePreview> {
  const nowMs = await desk.clock.nowMs();
  return inTransaction(desk.pool, (tx) => preview(tx, desk, wish, nowMs));
}

/** Pauses exactly the loans that were previewed, or none. @throws Refusal as `agreeTo` does. */
export function pauseMany(
  desk: Desk,
  bulkId: string,
  token: string,
  wish: BulkWish,
  actor: string,
): Promise<BulkPause & BulkProgress> {
  return agreeTo(desk, { bulkId, token }, async (tx, nowMs) => {
    const found = await preview(tx, desk, wish, nowMs);
    const { from: fromDay, until: untilDay, reason } = wish;
    const terms = { filter: { ...wish.filter }, fromDay, untilDay, reviewDay: found.reviewDay, reason };
    return { found, terms: { ...terms, resumes: false, actor } };
  });
}

async function preview(tx: Queryable, desk: Desk, wish: BulkWish, nowMs: number): Promise<PausePreview> {
  const problem = pauseProblem(wish);
  if (problem !== null) throw problem;
  const { policy, calendar } = await desk.policies.latest(tx, desk.policyId);
  const today = calendar.dayOf(nowMs);
  const selection = await selectLoans(tx, wish.filter, delinquencyRules(policy), { today, nowMs });
  if (selection.loanIds.length === 0)
    throw new Refusal('PauseInvalid', 'no loan of these has anything to pay', 'filter');
  const { from, until, reason, reviewOn } = wish;
  const reviewDay = until === null ? (reviewOn ?? reviewDayOf({ policy, calendar, today }, reason, from)) : null;
  return { ...selection, reviewDay, token: tokenOf(selection, { from, until, reason, reviewDay }) };
}
