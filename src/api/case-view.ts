import type { z } from 'zod';
import type { Desk } from '../cases/desk';
import { readCase } from '../cases/read-facts';
import type { StoredCase } from '../store/case-row';
import { caseQuery, type CaseView, caseWorkflowId } from '../../workflows/messages';
import { type shownCaseInFull, showCaseRow } from './case-shapes';
import { iso } from './shapes';

const queryLimitMs = 2_000;

/** A case as the database has it, and as its workflow sees itself where that can be asked in time. */
export async function viewCase(desk: Desk, row: StoredCase): Promise<z.infer<typeof shownCaseInFull>> {
  if (row.status === 'closed') return { ...showCaseRow(row), workflow: null };
  // The row keeps the figures of the last step; whoever looks at one case is told those of today.
  const { facts } = await readCase(desk.pool, desk, { ...row, done: [] }, await desk.clock.nowMs());
  const { rawDpd, effectiveDpd, overdueMinor } = facts;
  const today = { ...showCaseRow(row), rawDpd, effectiveDpd, overdueMinor, paused: facts.pause !== null };
  const handle = desk.temporal.workflow.getHandle(caseWorkflowId(row.loanId));
  const view = await desk.connection
    .withDeadline(Date.now() + queryLimitMs, () => handle.query(caseQuery))
    // The row alone is an answer: a person must see the case also while the workflow service is away.
    .catch(() => null);
  const isThisCase = view?.state.caseNo === row.caseNo;
  return { ...today, workflow: view !== null && isThisCase ? showView(view) : null };
}

function showView({ state, next, rawDpd, effectiveDpd, overdueMinor }: CaseView) {
  const { stage, done, deferred, legalMissing } = state;
  return {
    stage,
    done: [...done],
    deferred: deferred === null ? null : { step: deferred.key, until: iso(deferred.untilMs) },
    legalMissing: legalMissing === null ? null : [...legalMissing],
    next:
      next === null
        ? null
        : {
            do: next.do,
            reason: next.reason,
            step: 'step' in next ? next.step.key : null,
            at: next.do === 'wait' && next.untilMs !== null ? iso(next.untilMs) : null,
          },
    rawDpd,
    effectiveDpd,
    overdueMinor,
  };
}
