import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { CaseState } from '../domain/case';
import { type Delinquency, delinquencyAsOf } from '../domain/delinquency';
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
import { addReviewsOfPauses } from './pause-reviews';
import { delinquencyRules, isDueSoon } from './read-facts';
import { classifyCase } from './read-standing';

export interface Opening {
  readonly case: StoredCase;
  readonly opened: boolean;
}

/**
 * Opens the case of a loan that is overdue beyond the policy's grace, or due soon where the tier has a courtesy stage, and
 * starts its workflow. The same loan twice is one case; a start that was cut off half-way is made good.
 * @throws Refusal NotFound, LoanSold or LoanNotDelinquent.
 */
export async function openCase(desk: Desk, loanId: string, actor: string): Promise<Opening> {
  const nowMs = await desk.clock.nowMs();
  const opening = await inTransaction(desk.pool, (tx) => writeOpening(tx, desk, loanId, actor, nowMs));
  await ensureRunning(desk, opening.case);
  return opening;
}

/** Whether a case was not opened because there is nothing to collect: no accident, and nobody's fault. */
export function hasNothingToOpen(error: unknown): boolean {
  return error instanceof Refusal && (error.type === 'LoanNotDelinquent' || error.type === 'LoanSold');
}

async function writeOpening(tx: Queryable, desk: Desk, loanId: string, actor: string, nowMs: number): Promise<Opening> {
  await lockBorrowerOf(tx, loanId);
  const already = await getOpenCase(tx, loanId);
  if (already !== null) return { case: already, opened: false };
  const loan = await loadLoanFacts(tx, loanId);
  if (loan === null) throw new Refusal('NotFound', 'no such loan', 'loanId');
  if (loan.sold) throw new Refusal('LoanSold', 'the loan was sold', 'loanId');
  const { policy, calendar } = await desk.policies.latest(tx, desk.policyId);
  if (loan.currency !== policy.currency) {
    const reason = `policy ${policy.id} is written for ${policy.currency}, the loan is in ${loan.currency}`;
    throw new Refusal('CurrencyMismatch', reason, 'loanId');
  }
  const today = calendar.dayOf(nowMs);
  const delinquency = delinquencyAsOf(loan, today, delinquencyRules(policy));
  const dueSoon = isDueSoon(policy, loan.riskTier, delinquency, today);
  const stages = stagesReached(policy, loan, delinquency, dueSoon);
  const stage = stages.at(-1)?.name ?? '';
  const { caseNo } = await insertCase(tx, {
    ...{ loanId, policyId: policy.id, policyVersion: policy.version, openedAtMs: nowMs, stage },
    openedDpd: delinquency.rawDpd,
    effectiveDpd: delinquency.effectiveDpd,
    overdueMinor: delinquency.overdueMinor,
    assignee: null,
  });
  const { rawDpd, bucket, overdueMinor, oldestUnpaidDueDay } = delinquency;
  const reason = rawDpd > 0 ? `${rawDpd} days past due` : 'due soon';
  const classified = await classifyCase(tx, { loan, delinquency, policy });
  const data = {
    ...{ stage, rawDpd, bucket, overdueMinor, oldestUnpaidDueDay, policy: policy.version },
    ...(classified !== null && { class: classified.class }),
  };
  await recordEvent(tx, { loanId, caseNo, atMs: nowMs, kind: 'opened', actor, reason, data, eventKey: 'opened' });
  await recordPassed(tx, loanId, caseNo, stages, nowMs);
  const opened = await getCase(tx, loanId, caseNo);
  if (opened === null) throw new Error(`case ${loanId}/${caseNo} vanished`);
  await addReviewsOfPauses(tx, { caseRow: opened, calendar }, nowMs);
  return { case: opened, opened: true };
}

/**
 * The stages that the loan has reached on its day, in their order; the last one is where its case starts. Leaving the house
 * is never among them: that takes what is on record and an approval.
 */
function stagesReached(
  policy: Policy,
  loan: StoredLoanFacts,
  { rawDpd, effectiveDpd }: Delinquency,
  dueSoon: boolean,
): readonly PolicyStage[] {
  const course = policy.courses[loan.riskTier];
  if (rawDpd === 0 && dueSoon) return course.slice(0, 1);
  if (rawDpd <= policy.grace.days) {
    const within = `${rawDpd} days past due lie within the grace days`;
    throw new Refusal('LoanNotDelinquent', rawDpd > 0 ? within : 'nothing is overdue above the tolerance', 'loanId');
  }
  const worked = course.filter(({ from, legal }) => from > 0 && legal === undefined);
  const reached = worked.filter(({ from }) => from <= effectiveDpd);
  return reached.length > 0 ? reached : worked.slice(0, 1);
}

/** A case that is opened late has passed stages on its first day; each is on record. */
async function recordPassed(
  tx: Queryable,
  loanId: string,
  caseNo: number,
  stages: readonly PolicyStage[],
  atMs: number,
): Promise<void> {
  for (const [index, { name, from }] of stages.entries()) {
    const before = stages[index - 1];
    if (before === undefined) continue;
    const event = {
      loanId,
      caseNo,
      atMs,
      kind: 'escalated',
      actor: 'policy',
      reason: `opened at or beyond day ${from}`,
    };
    await recordEvent(tx, { ...event, data: { from: before.name, to: name }, eventKey: `escalated/${name}` });
  }
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
