import { randomUUID } from 'node:crypto';
import { missingForLegal } from '../domain/legal-precondition';
import type { ContactPack } from '../domain/contact/rule';
import { rulesOn } from '../domain/contact/rules-on-day';
import type { PolicyStage } from '../domain/policy';
import { Refusal } from '../domain/refusal';
import { lockBorrowerOf } from '../store/case-lock';
import { getLatestCase, setEscalateTo } from '../store/cases';
import { inTransaction, type Queryable } from '../store/database';
import { decideHandoff, type Handoff, latestHandoff, proposeHandoff } from '../store/legal';
import { listTasks } from '../store/task-lists';
import type { Task } from '../store/task-row';
import { completeTask } from '../store/tasks';
import { recordEvent } from '../store/timeline';
import type { Actor } from './actor';
import { addApprovalTask } from './add-task';
import type { Desk } from './desk';
import { notifyCase } from './notify';
import { type CaseReading, readCase } from './read-facts';
import { readHandoffGaps } from './read-handoff';

export interface LegalDecision {
  readonly state: 'approved' | 'rejected';
  /** The officer's own words; they stay in the database. */
  readonly reason: string;
}

/**
 * A person proposes to hand the loan to legal means. What M6 asks for must be on record.
 * @throws Refusal NotFound, CaseNotOpen or LegalPreconditionMissing, which names all that is missing.
 */
export async function proposeLegal(desk: Desk, loanId: string, reason: string, actor: Actor): Promise<Handoff> {
  const nowMs = await desk.clock.nowMs();
  const handoff = await inTransaction(desk.pool, async (tx) => {
    const reading = await lockOpenCase(tx, desk, loanId, nowMs);
    requireLegalOpen(reading);
    const { caseRow } = reading;
    await requireComplete(tx, desk, reading, nowMs);
    const { caseNo } = caseRow;
    const evidence = handoffEvidence(desk.packs, reading);
    const proposal = { handoffId: randomUUID(), loanId, caseNo, proposedBy: actor.name, proposedAtMs: nowMs, evidence };
    const { handoff: stored, proposed } = await proposeHandoff(tx, proposal);
    if (!proposed) return stored;
    await addApprovalTask(tx, reading, caseRow, stored.handoffId, nowMs);
    const event = { loanId, caseNo, atMs: nowMs, actor: actor.name, reason, data: evidence };
    await recordEvent(tx, { ...event, kind: 'legal-proposed', eventKey: `proposed/${stored.handoffId}` });
    return stored;
  });
  await notifyCase(desk, loanId);
  return handoff;
}

/**
 * The second pair of eyes decides on what was proposed; its task is done with that.
 * @throws Refusal NotFound, CaseNotOpen, Forbidden, FourEyes, NotYourTask or AlreadyExists.
 */
export async function decideLegal(desk: Desk, loanId: string, decision: LegalDecision, actor: Actor): Promise<Handoff> {
  const nowMs = await desk.clock.nowMs();
  const handoff = await inTransaction(desk.pool, async (tx) => {
    const reading = await lockOpenCase(tx, desk, loanId, nowMs);
    const proposed = await latestHandoff(tx, loanId, reading.caseRow.caseNo);
    if (proposed === null) throw new Refusal('NotFound', 'no legal handoff was proposed');
    const decided = await decide(tx, desk, reading, proposed, decision, actor, nowMs);
    await completeApprovalTask(tx, decided, actor, nowMs);
    return decided;
  });
  await notifyCase(desk, loanId);
  return handoff;
}

/** The decision itself, inside the transaction that holds the borrower. */
export async function decide(
  tx: Queryable,
  desk: Desk,
  reading: CaseReading,
  { handoffId }: Handoff,
  { state, reason }: LegalDecision,
  actor: Actor,
  nowMs: number,
): Promise<Handoff> {
  requireRole(reading, actor);
  if (state === 'approved') {
    requireLegalOpen(reading);
    // A dispute or a plan may have come in between.
    await requireComplete(tx, desk, reading, nowMs);
  }
  const { loanId, caseNo } = reading.caseRow;
  const decided = await decideHandoff(tx, { handoffId, state, decidedBy: actor.name, decidedAtMs: nowMs, reason });
  // Approved is to be handed over, also where days past due would not yet bring the case to its last stage.
  if (state === 'approved') await setEscalateTo(tx, loanId, caseNo, legalStageOf(reading).name);
  const event = { loanId, caseNo, atMs: nowMs, actor: actor.name, reason, data: { handoffId } };
  await recordEvent(tx, { ...event, kind: `legal-${state}`, eventKey: `decided/${handoffId}` });
  return decided;
}

/** What was on record when a handoff was proposed, and the rules that were asked besides the policy. */
export function handoffEvidence(packs: readonly ContactPack[], { facts, today }: CaseReading) {
  const rules = rulesOn(packs, 'handoff', today).map(({ id }) => id);
  return { contacts: facts.contacts, offered: facts.offered, rawDpd: facts.rawDpd, rules };
}

/** @throws Refusal LegalPreconditionMissing with all that the policy and the rules of the packs still ask for. */
async function requireComplete(tx: Queryable, desk: Desk, reading: CaseReading, nowMs: number): Promise<void> {
  const { facts } = reading;
  const handoff = await readHandoffGaps(tx, desk.packs, reading, facts.offered, nowMs);
  const missing = missingForLegal(legalStageOf(reading).legal, { ...facts, handoff }, nowMs);
  if (missing.length > 0) throw new Refusal('LegalPreconditionMissing', missing.join('; '));
}

/** The handoff that an approval task is about. @throws Refusal NotFound. */
export async function handoffOfTask(tx: Queryable, { taskKey, loanId, caseNo }: Task): Promise<Handoff> {
  const handoff = await latestHandoff(tx, loanId, caseNo);
  if (handoff === null || !taskKey.endsWith(`/approve/${handoff.handoffId}`)) {
    throw new Refusal('NotFound', 'the handoff of this task is no longer the one that is proposed');
  }
  return handoff;
}

/** Whoever may not decide may not take the task either, or it would lie there. @throws Refusal Forbidden or FourEyes. */
export async function requireApprover(tx: Queryable, reading: CaseReading, task: Task, actor: Actor): Promise<void> {
  requireRole(reading, actor);
  const { proposedBy } = await handoffOfTask(tx, task);
  if (proposedBy === actor.name) throw new Refusal('FourEyes', 'whoever proposed a handoff cannot decide on it');
}

function requireRole(reading: CaseReading, actor: Actor): void {
  const { approval } = legalStageOf(reading).legal;
  if (!actor.roles.includes(approval)) throw new Refusal('Forbidden', `the policy asks for the role ${approval}`);
}

function requireLegalOpen({ facts: { legalRest }, calendar }: CaseReading): void {
  if (legalRest === undefined) return;
  const until = legalRest.untilMs === null ? '' : ` until ${calendar.dayOf(legalRest.untilMs)}`;
  throw new Refusal('LegalPreconditionMissing', `legal means rest${until}: a pause or a flag stops them`);
}

function legalStageOf({ policy, loan }: CaseReading): PolicyStage & Required<Pick<PolicyStage, 'legal'>> {
  const stage = policy.courses[loan.riskTier].find(({ legal }) => legal !== undefined);
  if (stage?.legal === undefined) {
    throw new Refusal('LegalPreconditionMissing', 'the policy of this case has no stage for legal means');
  }
  return { ...stage, legal: stage.legal };
}

/** The open case with its borrower locked. @throws Refusal NotFound or CaseNotOpen. */
export async function lockOpenCase(tx: Queryable, desk: Desk, loanId: string, nowMs: number): Promise<CaseReading> {
  await lockBorrowerOf(tx, loanId);
  const latest = await getLatestCase(tx, loanId);
  if (latest === null) throw new Refusal('NotFound', 'the loan never had a case', 'loanId');
  if (latest.status !== 'open') throw new Refusal('CaseNotOpen', 'the case is closed');
  return readCase(tx, desk, { loanId, caseNo: latest.caseNo, stage: latest.stage, done: [] }, nowMs);
}

async function completeApprovalTask(tx: Queryable, handoff: Handoff, actor: Actor, nowMs: number): Promise<void> {
  const { loanId, handoffId, state } = handoff;
  const { items } = await listTasks(tx, { loanId, kind: 'approve-legal' }, null, 200);
  const task = items.find(({ taskKey }) => taskKey.endsWith(`/approve/${handoffId}`));
  if (task === undefined || task.state === 'cancelled') return;
  const nothingElse = { cause: null, willingness: null, note: null, promisedDay: null, promisedMinor: null };
  await completeTask(tx, {
    ...{ taskId: task.taskId, actor: actor.name, atMs: nowMs, outcome: state, offered: [], contactId: null },
    ...nothingElse,
  });
}
