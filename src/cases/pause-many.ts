import { createHash } from 'node:crypto';
import { WorkflowIdConflictPolicy } from '@temporalio/client';
import type { PauseReason } from '../domain/case';
import type { Day } from '../domain/day';
import { pauseProblem } from '../domain/pause';
import { Refusal } from '../domain/refusal';
import { stableJson } from '../policy/stable-json';
import { addBulkPause, bulkProgress, type BulkProgress, type BulkPause, getBulkPause } from '../store/bulk-pauses';
import { inTransaction, type Queryable } from '../store/database';
import type { LoanFilter } from '../store/loan-selection';
import { bulkPauseWorkflowId } from '../../workflows/messages';
import type { Desk } from './desk';
import { reviewDayOf } from './pause-reviews';
import { delinquencyRules } from './read-facts';
import { selectLoans, type Selection } from './select-loans';

export interface BulkWish {
  readonly filter: LoanFilter;
  readonly from: Day;
  readonly until: Day | null;
  readonly reason: PauseReason;
  readonly reviewOn?: Day;
}

export interface BulkPreview extends Selection {
  /** Of a pause without an end. */
  readonly reviewDay: Day | null;
  /** Stands for these loans and these terms: whoever agrees sends it back. */
  readonly token: string;
}

/**
 * Which loans a pause would be of, and how much they are about. Nothing is written.
 * @throws Refusal PauseInvalid, InputInvalid or NotFound.
 */
export async function previewPauses(desk: Desk, wish: BulkWish): Promise<BulkPreview> {
  const nowMs = await desk.clock.nowMs();
  return inTransaction(desk.pool, (tx) => preview(tx, desk, wish, nowMs));
}

/**
 * Pauses exactly the loans that were previewed, or none. What was agreed is written at once and carried out in batches by
 * a workflow; the same id again is the same pause, and goes on where an earlier attempt was cut off.
 * @throws Refusal PauseInvalid where the loans are no longer those of the token, AlreadyExists for an id with other terms.
 */
export async function pauseMany(
  desk: Desk,
  bulkId: string,
  token: string,
  wish: BulkWish,
  actor: string,
): Promise<BulkPause & BulkProgress> {
  const nowMs = await desk.clock.nowMs();
  await inTransaction(desk.pool, async (tx) => {
    if ((await getBulkPause(tx, bulkId)) !== null) return;
    const found = await preview(tx, desk, wish, nowMs);
    if (found.token !== token) throw changed(found, token);
    const { from: fromDay, until: untilDay, reason } = wish;
    const terms = { filter: { ...wish.filter }, fromDay, untilDay, reviewDay: found.reviewDay, reason };
    await addBulkPause(tx, { bulkId, ...terms, token, actor, atMs: nowMs }, found.loanIds);
  });
  const agreed = await readBulkPause(desk.pool, bulkId);
  if (agreed.token !== token) throw new Refusal('AlreadyExists', 'another pause has this id', 'bulkId');
  if (agreed.paused < agreed.loans || agreed.told < agreed.cases) await carryOut(desk, bulkId);
  return agreed;
}

/** @throws Refusal NotFound. */
export async function readBulkPause(db: Queryable, bulkId: string): Promise<BulkPause & BulkProgress> {
  const [bulk, progress] = [await getBulkPause(db, bulkId), await bulkProgress(db, bulkId)];
  if (bulk === null || progress === null) throw new Refusal('NotFound', 'no such pause', 'bulkId');
  return { ...bulk, ...progress };
}

async function preview(tx: Queryable, desk: Desk, wish: BulkWish, nowMs: number): Promise<BulkPreview> {
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

/** The count is in the open, so that a refusal can say how many there were. */
function tokenOf({ loanIds }: Selection, terms: Readonly<Record<string, unknown>>): string {
  const hash = createHash('sha256').update(stableJson({ loanIds, terms }));
  return `${loanIds.length}-${hash.digest('hex')}`;
}

function changed({ loanIds }: BulkPreview, token: string): Refusal {
  const before = Number(token.split('-')[0]);
  const reason =
    before === loanIds.length
      ? 'the loans or the terms are no longer those of the preview'
      : `the preview was of ${before} loans, now they are ${loanIds.length}`;
  return new Refusal('PauseInvalid', reason, 'token');
}

async function carryOut(desk: Desk, bulkId: string): Promise<void> {
  await desk.temporal.workflow.start('bulkPause', {
    workflowId: bulkPauseWorkflowId(bulkId),
    taskQueue: desk.taskQueue,
    args: [{ bulkId }],
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    staticSummary: `pause ${bulkId}`,
  });
}
