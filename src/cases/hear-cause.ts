import { randomUUID } from 'node:crypto';
import { type Cause, causeProblem, type CauseSource } from '../domain/cause/cause';
import type { Day } from '../domain/day';
import { Refusal } from '../domain/refusal';
import { lockBorrowerOf } from '../store/case-lock';
import { getLatestCase } from '../store/cases';
import { addCause, endCause as storeEnd, getCause, type StoredCause } from '../store/causes';
import { inTransaction, type Queryable } from '../store/database';
import { recordEvent } from '../store/timeline';
import type { Actor } from './actor';
import { bankToday } from './bank-today';
import type { Desk } from './desk';

export interface HeardCause {
  readonly loanId: string;
  readonly caseNo: number;
  readonly code: Cause;
  readonly fromDay: Day;
  readonly source: CauseSource;
  /** The task or the contact that heard it; null for the other sources. */
  readonly sourceId: string | null;
}

/**
 * Writes down why the borrower is behind, in the transaction that heard it. While a cause of the same code runs, that one
 * is the answer.
 */
export async function hearCause(tx: Queryable, heard: HeardCause, actor: string, nowMs: number): Promise<StoredCause> {
  const { cause, added } = await addCause(tx, { ...heard, causeId: randomUUID(), heardAtMs: nowMs, actor });
  if (!added) return cause;
  const { loanId, caseNo, causeId, code, fromDay, source, sourceId } = cause;
  const event = { loanId, caseNo, atMs: nowMs, actor, kind: 'cause-heard', reason: `${code} since ${fromDay}` };
  await recordEvent(tx, { ...event, data: { causeId, code, source, sourceId }, eventKey: `cause/${causeId}` });
  return cause;
}

/**
 * Adds a cause that no task asked for to the loan's latest case.
 * @throws Refusal CaseNotOpen where the loan never had a case, InputInvalid, or AlreadyExists where the code runs from
 * another day.
 */
export async function addCaseCause(
  desk: Desk,
  loanId: string,
  said: {
    readonly code: Cause;
    readonly fromDay: Day | null;
    readonly source: Exclude<CauseSource, 'task' | 'contact'>;
  },
  actor: Actor,
): Promise<StoredCause> {
  const today = await bankToday(desk);
  const fromDay = said.fromDay ?? today;
  const problem = causeProblem(fromDay, null, today);
  if (problem !== null) throw problem;
  const nowMs = await desk.clock.nowMs();
  return inTransaction(desk.pool, async (tx) => {
    await lockBorrowerOf(tx, loanId);
    const latest = await getLatestCase(tx, loanId);
    if (latest === null) throw new Refusal('CaseNotOpen', 'the loan never had a case', 'loanId');
    const heard = { loanId, caseNo: latest.caseNo, code: said.code, fromDay, source: said.source, sourceId: null };
    const cause = await hearCause(tx, heard, actor.name, nowMs);
    if (said.fromDay === null || cause.fromDay === fromDay) return cause;
    throw new Refusal('AlreadyExists', `it runs from ${cause.fromDay}; end that one first`, 'fromDay');
  });
}

/** Says that a cause is over. @throws Refusal NotFound, InputInvalid or AlreadyExists. */
export async function endCaseCause(
  desk: Desk,
  loanId: string,
  causeId: string,
  endedDay: Day,
  actor: Actor,
): Promise<StoredCause> {
  const today = await bankToday(desk);
  const nowMs = await desk.clock.nowMs();
  return inTransaction(desk.pool, async (tx) => {
    await lockBorrowerOf(tx, loanId);
    const running = await getCause(tx, causeId);
    if (running?.loanId !== loanId) throw new Refusal('NotFound', 'no such cause of this loan', 'causeId');
    const problem = causeProblem(running.fromDay, endedDay, today);
    if (problem !== null) throw problem;
    const end = { causeId, endedDay, endedBy: actor.name, endedAtMs: nowMs };
    const { cause, ended } = await storeEnd(tx, end);
    if (!ended) return cause;
    const event = { loanId, caseNo: cause.caseNo, atMs: nowMs, actor: actor.name, kind: 'cause-ended' };
    const reason = `${cause.code} is over since ${endedDay}`;
    await recordEvent(tx, {
      ...event,
      reason,
      data: { causeId, code: cause.code },
      eventKey: `cause/${causeId}/ended`,
    });
    return cause;
  });
}
