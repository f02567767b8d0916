import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { CaseState } from '../domain/case';
import { delinquencyAsOf } from '../domain/delinquency';
import type { Policy, PolicyStage } from '../domain/policy';
import { Refusal } from '../domain/refusal';
import { lockBorrowerOf } from '../store/case-lock';
import type { StoredCase } from '../store/case-row';
import { getCase, getOpenCase, openCase as insertCase } from '../store/cases';
import { inTransaction, type Queryable } from '../store/database';
import { loadLoanFacts, type StoredLoanFacts } from '../store/loan-facts';
import { recordEvent } from '../store/timeline';
import { caseWorkflowId } from '../../workflows/messages';
import type { Desk } from './desk';
import { bringToBankTime } from './time-travel';
import { delinquencyRules, isDueSoon } from './read-facts';

export interface Opening {
  readonly case: StoredCase;
  readonly opened: boolean;
}

/**
 * Opens the case of a loan that is overdue beyond the policy's grace, or due soon where the tier has a courtesy stage, and
 * starts its workflow. The same loan twice is one case; a start that was cut off half-way is made good.
 * @throws Refusal NotFound or LoanNotDelinquent.
 */
export async function openCase(desk: Desk, loanId: string, actor: string): Promise<Opening> {
  const nowMs = await desk.clock.nowMs();
  const opening = await inTransaction(desk.pool, (tx) => writeOpening(tx, desk, loanId, actor, nowMs));
  await ensureRunning(desk, opening.case);
  return opening;
}

async function writeOpening(tx: Queryable, desk: Desk, loanId: string, actor: string, nowMs: number): Promise<Opening> {
  await lockBorrowerOf(tx, loanId);
  const already = await getOpenCase(tx, loanId);
  if (already !== null) return { case: already, opened: false };
  const loan = await loadLoanFacts(tx, loanId);
  if (loan === null) throw new Refusal('NotFound', 'no such loan', 'loanId');
  const { policy, calendar } = await desk.policies.latest(tx, desk.policyId);
  const today = calendar.dayOf(nowMs);
  const delinquency = delinquencyAsOf(loan, today, delinquencyRules(policy));
  const stage = firstStage(policy, loan, delinquency.rawDpd, isDueSoon(policy, loan.riskTier, delinquency, today));
  const { caseNo } = await insertCase(tx, {
    ...{ loanId, policyId: policy.id, policyVersion: policy.version, openedAtMs: nowMs, stage: stage.name },
    openedDpd: delinquency.rawDpd,
    effectiveDpd: delinquency.effectiveDpd,
    overdueMinor: delinquency.overdueMinor,
    assignee: null,
  });
  const { rawDpd, bucket, overdueMinor, oldestUnpaidDueDay } = delinquency;
  const reason = rawDpd > 0 ? `${rawDpd} days past due` : 'due soon';
  const data = { stage: stage.name, rawDpd, bucket, overdueMinor, oldestUnpaidDueDay, policy: policy.version };
  await recordEvent(tx, { loanId, caseNo, atMs: nowMs, kind: 'opened', actor, reason, data, eventKey: 'opened' });
  const opened = await getCase(tx, loanId, caseNo);
  if (opened === null) throw new Error(`case ${loanId}/${caseNo} vanished`);
  return { case: opened, opened: true };
}

function firstStage(policy: Policy, loan: StoredLoanFacts, rawDpd: number, dueSoon: boolean): PolicyStage {
  const course = policy.courses[loan.riskTier];
  const stage = rawDpd > 0 ? course.find(({ from }) => from > 0) : course[0];
  if (stage === undefined) throw new Error(`policy ${policy.id} has no stage for tier ${loan.riskTier}`);
  if (rawDpd > policy.grace.days || (rawDpd === 0 && dueSoon)) return stage;
  const why =
    rawDpd > 0 ? `${rawDpd} days past due lie within the grace days` : 'nothing is overdue above the tolerance';
  throw new Refusal('LoanNotDelinquent', why, 'loanId');
}

/** Starts the workflow of an open case unless it runs already. */
export async function ensureRunning(desk: Desk, opened: StoredCase): Promise<void> {
  const workflowId = caseWorkflowId(opened.loanId);
  for (;;) {
    try {
      await desk.temporal.workflow.start('loanCase', {
        workflowId,
        taskQueue: desk.taskQueue,
        args: [{ state: initialState(opened), historyEventsMax: desk.historyEventsMax }],
        memo: { caseNo: opened.caseNo },
        staticSummary: `loan ${opened.loanId}, case ${opened.caseNo}`,
      });
      break;
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      const handle = desk.temporal.workflow.getHandle(workflowId);
      const { memo } = await handle.describe();
      if (memo?.['caseNo'] === opened.caseNo) return;
      // The loan's last case is closed and its run is about to end: it ends, then this one starts.
      await handle.result();
    }
  }
  await bringToBankTime(desk, opened.loanId);
}

function initialState({ loanId, caseNo, openedAtMs, policyVersion, stage }: StoredCase): CaseState {
  const nothingYet = { done: [], deferred: null, legalMissing: null };
  return { loanId, caseNo, openAtMs: openedAtMs, policyVersion, stage, ...nothingYet };
}
