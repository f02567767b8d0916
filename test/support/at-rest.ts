import { ServiceError, type WorkflowHandle } from '@temporalio/client';
import type { Desk } from '../../src/cases/desk';
import { eachAtOnce } from '../../src/cases/each-at-once';
import type { Decision } from '../../src/domain/case';
import { allOpenCases } from '../../src/store/case-lists';
import { type CaseView, caseQuery, caseWorkflowId } from '../../workflows/messages';
import { eventually } from './eventually';

/** Waits until no open case does anything, or has anything to do before a later instant. */
export async function untilAtRest(desk: Desk): Promise<void> {
  await eachAtOnce(await allOpenCases(desk.pool), 8, async ({ loanId }) => {
    await eventually(
      () => busyWith(desk, loanId),
      (work) => work === null,
      120_000,
    );
  });
}

async function busyWith(desk: Desk, loanId: string): Promise<string | null> {
  const run = desk.temporal.workflow.getHandle(caseWorkflowId(loanId));
  const { raw, status } = await run.describe();
  if (status.name !== 'RUNNING') return null;
  if (raw.pendingWorkflowTask || raw.pendingActivities?.length) return 'something under way';
  const next = await nextOf(run);
  if (next?.do !== 'wait') return 'a decision';
  return next.untilMs !== null && next.untilMs <= (await desk.clock.nowMs()) ? next.reason : null;
}

async function nextOf(run: WorkflowHandle): Promise<Decision | null> {
  try {
    return (await run.query<CaseView>(caseQuery)).next;
  } catch (error) {
    // The run has just begun and has nothing to ask yet, or the worker that was asked is no more: it is asked again.
    if (error instanceof ServiceError) return null;
    throw error;
  }
}
