import { Refusal } from '../domain/refusal';
import { setAssignee, setEscalateTo } from '../store/cases';
import { inTransaction } from '../store/database';
import { recordEvent } from '../store/timeline';
import type { Actor } from './actor';
import type { Desk } from './desk';
import { lockOpenCase } from './hand-to-legal';
import { notifyCase } from './notify';

/**
 * Sends a case to a later stage before its day. The stages between are entered one by one; the last one still needs its
 * preconditions and its approval.
 * @throws Refusal NotFound, CaseNotOpen or InputInvalid.
 */
export async function escalateCase(
  desk: Desk,
  loanId: string,
  stage: string,
  reason: string,
  actor: Actor,
): Promise<void> {
  const nowMs = await desk.clock.nowMs();
  await inTransaction(desk.pool, async (tx) => {
    const { caseRow, policy, loan } = await lockOpenCase(tx, desk, loanId, nowMs);
    const names = policy.courses[loan.riskTier].map(({ name }) => name);
    const later = names.slice(names.indexOf(caseRow.stage) + 1);
    if (!later.includes(stage)) {
      const known = later.length === 0 ? 'the case is in its last stage' : `must be one of ${later.join(', ')}`;
      throw new Refusal('InputInvalid', known, 'stage');
    }
    await setEscalateTo(tx, loanId, caseRow.caseNo, stage);
    const data = { from: caseRow.stage, to: stage };
    const event = { loanId, caseNo: caseRow.caseNo, atMs: nowMs, actor: actor.name, reason, data };
    await recordEvent(tx, { ...event, kind: 'escalation-asked' });
  });
  await notifyCase(desk, loanId);
}

/** Gives a case to a collector; null takes it back. @throws Refusal NotFound or CaseNotOpen. */
export async function assignCase(desk: Desk, loanId: string, assignee: string | null, actor: Actor): Promise<void> {
  const nowMs = await desk.clock.nowMs();
  await inTransaction(desk.pool, async (tx) => {
    const { caseRow } = await lockOpenCase(tx, desk, loanId, nowMs);
    if (caseRow.assignee === assignee) return;
    await setAssignee(tx, loanId, caseRow.caseNo, assignee);
    const reason = assignee === null ? 'taken back' : `given to ${assignee}`;
    const event = { loanId, caseNo: caseRow.caseNo, atMs: nowMs, actor: actor.name, reason, kind: 'assigned' };
    await recordEvent(tx, { ...event, data: { from: caseRow.assignee, to: assignee } });
  });
  await notifyCase(desk, loanId);
}
