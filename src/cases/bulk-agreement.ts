import { createHash } from 'node:crypto';
import { WorkflowIdConflictPolicy } from '@temporalio/client';
import { Refusal } from '../domain/refusal';
import { stableJson } from '../policy/stable-json';
import { addBulkPause, type BulkPause, bulkProgress, type BulkProgress, getBulkPause } from '../store/bulk-pauses';
import { inTransaction, type Queryable } from '../store/database';
import { bulkPauseWorkflowId } from '../../workflows/messages';
import type { Desk } from './desk';
import type { Selection } from './select-loans';

/** Loans with a token that stands for them and for the terms: whoever agrees sends it back. */
export interface BulkPreview extends Selection {
  readonly token: string;
}

/** The count is in the open, so that a refusal can say how many there were. */
export function tokenOf({ loanIds }: Selection, terms: Readonly<Record<string, unknown>>): string {
  const hash = createHash('sha256').update(stableJson({ loanIds, terms }));
  return `${loanIds.length}-${hash.digest('hex')}`;
}

/**
 * Agrees to exactly what was previewed, or to nothing. It is written at once and carried out in batches by a workflow; the
 * same id again is the same, and goes on where an earlier attempt was cut off.
 * @throws Refusal PauseInvalid where the loans are no longer those of the token, AlreadyExists for an id with other terms.
 */
export async function agreeTo(
  desk: Desk,
  { bulkId, token }: Pick<BulkPause, 'bulkId' | 'token'>,
  look: (
    tx: Queryable,
    nowMs: number,
  ) => Promise<{ found: BulkPreview; terms: Omit<BulkPause, 'bulkId' | 'token' | 'atMs'> }>,
): Promise<BulkPause & BulkProgress> {
  const nowMs = await desk.clock.nowMs();
  await inTransaction(desk.pool, async (tx) => {
    if ((await getBulkPause(tx, bulkId)) !== null) return;
    const { found, terms } = await look(tx, nowMs);
    if (found.token !== token) throw changed(found, token);
    await addBulkPause(tx, { bulkId, ...terms, token, atMs: nowMs }, found.loanIds);
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
