import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { afterStep } from '../domain/after-step';
import type { CaseState, Decision, StepOutcome, StepResult } from '../domain/case';
import { nextStep } from '../domain/next-step';
import { releaseContactsOf } from '../store/calls';
import { lockBorrowerOf } from '../store/case-lock';
import { closeCase } from '../store/cases';
import { inTransaction, type Queryable } from '../store/database';
import { proposeHandoff } from '../store/legal';
import { cancelOpenTasks } from '../store/tasks';
import { recordEvent } from '../store/timeline';
import { policyActor } from './actor';
import { addApprovalTask, addStepTask } from './add-task';
import { handoffEvidence } from './hand-to-legal';
import { isSameDeed, showCase } from './projection';
import { type CaseReading, readCase, type ReadingDeps } from './read-facts';
import { contactKeyOfTask } from './work-task';

export interface StepDeps extends ReadingDeps {
  readonly pool: Pool;
}

/** Everything but a contact: one transaction that decides again on fresh facts and acts only when the answer is the same. */
export async function takeStep(
  deps: StepDeps,
  state: CaseState,
  decision: Exclude<Decision, { do: 'contact' | 'wait' }>,
  nowMs: number,
): Promise<StepResult> {
  return inTransaction(deps.pool, async (tx) => {
    await lockBorrowerOf(tx, state.loanId);
    const reading = await readCase(tx, deps, state, nowMs);
    const fresh = nextStep(state, reading.facts, nowMs);
    if (!isSameDeed(fresh, decision)) return finishStep(tx, deps, state, decision, { kind: 'changed' }, nowMs);
    // The deed is the same; its reason is told as the fresh facts have it.
    await doDeed(tx, deps, reading, state, { ...decision, reason: fresh.reason }, nowMs);
    return finishStep(tx, deps, state, decision, { kind: 'done' }, nowMs);
  });
}

/** Reads the facts as they are after the step and writes what lists show. */
export async function finishStep(
  tx: Queryable,
  deps: ReadingDeps,
  state: CaseState,
  decision: Decision,
  outcome: StepOutcome,
  nowMs: number,
): Promise<StepResult> {
  const after = afterStep(state, decision, outcome);
  const { facts } = await readCase(tx, deps, after, nowMs);
  await showCase(tx, after, facts, nowMs);
  return { outcome, facts };
}

async function doDeed(
  tx: Queryable,
  deps: ReadingDeps,
  reading: CaseReading,
  state: CaseState,
  decision: Exclude<Decision, { do: 'contact' | 'wait' }>,
  nowMs: number,
): Promise<void> {
  const { loanId, caseNo } = state;
  const event = { loanId, caseNo, atMs: nowMs, actor: policyActor, reason: decision.reason };
  switch (decision.do) {
    case 'task':
      await recordSuperseded(tx, state, decision.supersedes, decision.step.key, nowMs);
      return addStepTask(tx, reading, state, decision.step, nowMs);
    case 'skip':
      for (const key of decision.keys) {
        await recordEvent(tx, { ...event, kind: 'step-skipped', data: { step: key }, eventKey: `skipped/${key}` });
      }
      return;
    case 'escalate': {
      const data = { from: state.stage, to: decision.stage };
      await recordEvent(tx, { ...event, kind: 'escalated', data, eventKey: `escalated/${decision.stage}` });
      return;
    }
    case 'refuseLegal':
      await recordEvent(tx, { ...event, kind: 'legal-refused', data: { missing: decision.missing } });
      return;
    case 'proposeLegal': {
      const evidence = handoffEvidence(deps.packs, reading);
      const proposal = {
        handoffId: randomUUID(),
        loanId,
        caseNo,
        proposedBy: policyActor,
        proposedAtMs: nowMs,
        evidence,
      };
      const { handoff } = await proposeHandoff(tx, proposal);
      await addApprovalTask(tx, reading, state, handoff.handoffId, nowMs);
      await recordEvent(tx, {
        ...event,
        kind: 'legal-proposed',
        data: evidence,
        eventKey: `proposed/${handoff.handoffId}`,
      });
      return;
    }
    case 'close':
      await closeCase(tx, loanId, caseNo, { closedAtMs: nowMs, reason: decision.why });
      await cancelTasks(tx, loanId, caseNo);
      await recordEvent(tx, { ...event, kind: 'closed', data: { why: decision.why }, eventKey: 'closed' });
  }
}

/** Whoever had claimed a call or a visit does not make it any more: its slot is free again. */
async function cancelTasks(tx: Queryable, loanId: string, caseNo: number): Promise<void> {
  const cancelled = await cancelOpenTasks(tx, loanId, caseNo);
  const tasks = cancelled.map((taskId) => ({ taskId, contactKey: contactKeyOfTask(taskId) }));
  if (tasks.length > 0) await releaseContactsOf(tx, tasks, 'the case was closed and its task cancelled');
}

/** A step that a later one replaced is on record too: nothing vanishes (design, decision 9). */
export async function recordSuperseded(
  tx: Queryable,
  { loanId, caseNo }: CaseState,
  keys: readonly string[],
  by: string,
  nowMs: number,
): Promise<void> {
  for (const step of keys) {
    await recordEvent(tx, {
      loanId,
      caseNo,
      atMs: nowMs,
      kind: 'step-superseded',
      actor: policyActor,
      reason: `${by} took its place`,
      data: { step, by },
      eventKey: `superseded/${step}`,
    });
  }
}
