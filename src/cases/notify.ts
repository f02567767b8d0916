import { WorkflowNotFoundError } from '@temporalio/client';
import { Refusal } from '../domain/refusal';
import { getLatestCase } from '../store/cases';
import { loansPaidSince } from '../store/payments';
import { caseWorkflowId, factsChanged } from '../../workflows/messages';
import type { Desk } from './desk';
import { eachAtOnce } from './each-at-once';
import { ensureRunning, openCase } from './open-case';

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

/** Tells every case whose loan had a payment, reversal or bounce recorded since an instant of the machine's clock. */
export async function notifyPaidSince(desk: Desk, sinceMs: number): Promise<void> {
  const loanIds = await loansPaidSince(desk.pool, sinceMs);
  await eachAtOnce(loanIds, notifiedAtOnce, (loanId) => notifyCase(desk, loanId));
}

async function reopenIfOverdue(desk: Desk, loanId: string): Promise<void> {
  try {
    await openCase(desk, loanId, 'policy');
  } catch (error) {
    if (!(error instanceof Refusal && error.type === 'LoanNotDelinquent')) throw error;
  }
}
