import { WorkflowNotFoundError } from '@temporalio/client';
import { getLatestCase } from '../store/cases';
import { lockBorrowerOf } from '../store/case-lock';
import { inTransaction } from '../store/database';
import { loansPaidSince, paymentsRecordedSince } from '../store/payments';
import { caseWorkflowId, factsChanged } from '../../workflows/messages';
import type { Desk } from './desk';
import { eachAtOnce } from './each-at-once';
import { ensureRunning, hasNothingToOpen, openCase } from './open-case';
import { tellPayments } from './tell-payments';

/**
 * Tells a loan's case that its facts changed. Where the loan had a case that is closed and the change (a reversal, a
 * bounce, a broken arrangement) makes it overdue again, the next case opens. A loan that never had one is left alone:
 * the core banking system says when a case starts.
 */
export async function notifyCase(desk: Desk, loanId: string): Promise<void> {
  const latest = await getLatestCase(desk.pool, loanId);
  if (latest === null) return;
  if (latest.status === 'closed') return reopenIfOverdue(desk, loanId);
  try {
    await desk.temporal.workflow.getHandle(caseWorkflowId(loanId)).signal(factsChanged);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    await ensureRunning(desk, latest);
  }
}

const notifiedAtOnce = 16;

/**
 * Tells every case whose loan had a payment, or what undoes one, recorded since an instant of the machine's clock, and
 * writes into its timeline what came and what it corrects.
 */
export async function notifyPaidSince(desk: Desk, sinceMs: number, actor: string): Promise<void> {
  const loanIds = await loansPaidSince(desk.pool, sinceMs);
  const nowMs = await desk.clock.nowMs();
  await eachAtOnce(loanIds, notifiedAtOnce, async (loanId) => {
    await inTransaction(desk.pool, async (tx) => {
      await lockBorrowerOf(tx, loanId);
      const payments = await paymentsRecordedSince(tx, loanId, sinceMs);
      await tellPayments(tx, desk.policies, loanId, payments, { actor, nowMs });
    });
    await notifyCase(desk, loanId);
  });
}

async function reopenIfOverdue(desk: Desk, loanId: string): Promise<void> {
  try {
    await openCase(desk, loanId, 'policy');
  } catch (error) {
    if (!hasNothingToOpen(error)) throw error;
  }
}
