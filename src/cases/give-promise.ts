import type { PromisePart } from '../domain/promise/promise';
import { Refusal } from '../domain/refusal';
import { lockBorrowerOf } from '../store/case-lock';
import { getLatestCase } from '../store/cases';
import { inTransaction } from '../store/database';
import { addPromise, cancelPromise, getPromise } from '../store/promises';
import { recordEvent } from '../store/timeline';
import type { Actor } from './actor';
import type { Desk } from './desk';
import { notifyCase } from './notify';
import { readCase } from './read-facts';
import { promiseLimit, promiseProblem, writePromise } from './write-promise';

export interface GivenPromise {
  readonly promiseId: string;
  readonly currency: string;
  readonly parts: readonly PromisePart[];
}

/**
 * Takes a promise that another system heard, for the loan's open case. The same again is known.
 * @throws Refusal NotFound, CaseNotOpen, CurrencyMismatch, PromiseInvalid, or AlreadyExists for an id with other terms.
 */
export async function givePromise(desk: Desk, loanId: string, said: GivenPromise, actor: Actor): Promise<void> {
  const { promiseId, currency, parts } = said;
  const nowMs = await desk.clock.nowMs();
  await inTransaction(desk.pool, async (tx) => {
    await lockBorrowerOf(tx, loanId);
    const stored = await getPromise(tx, promiseId);
    // Known before it is judged: what could be promised on its day may lie in the past today.
    if (stored !== null) return addPromise(tx, { ...stored, loanId, parts: [...parts] });
    const latest = await getLatestCase(tx, loanId);
    if (latest?.status !== 'open') throw new Refusal('CaseNotOpen', 'the loan has no open case', 'loanId');
    const reading = await readCase(tx, desk, { ...latest, done: [] }, nowMs);
    const problem = promiseProblem(reading, parts, currency) ?? promiseLimit(reading);
    if (problem !== null) throw problem;
    return writePromise(tx, reading, { promiseId, parts, source: 'api', sourceId: null }, actor.name, nowMs);
  });
  await notifyCase(desk, loanId);
}

/**
 * Takes back a promise that runs; the same again is known. A kept or a broken one stays what it is.
 * @throws Refusal NotFound or PromiseInvalid.
 */
export async function takeBackPromise(
  desk: Desk,
  { loanId, promiseId }: { readonly loanId: string; readonly promiseId: string },
  reason: string,
  actor: Actor,
): Promise<void> {
  const nowMs = await desk.clock.nowMs();
  await inTransaction(desk.pool, async (tx) => {
    await lockBorrowerOf(tx, loanId);
    const stored = await getPromise(tx, promiseId);
    if (stored?.loanId !== loanId) throw new Refusal('NotFound', 'no such promise of this loan', 'promiseId');
    if (stored.cancelledDay !== null) return;
    const { caseNo } = stored;
    const latest = await getLatestCase(tx, loanId);
    const reading = await readCase(tx, desk, { loanId, caseNo, stage: latest?.stage ?? '', done: [] }, nowMs);
    const state = reading.promises.find((promise) => promise.promiseId === promiseId)?.state;
    if (state !== 'open') throw new Refusal('PromiseInvalid', `it is ${state ?? 'unknown'} already`, 'promiseId');
    const cancellation = { promiseId, cancelledDay: reading.today, cancelledAtMs: nowMs, cancelledBy: actor.name };
    await cancelPromise(tx, cancellation);
    await recordEvent(tx, {
      ...{ loanId, caseNo, atMs: nowMs, actor: actor.name, kind: 'promise-cancelled', reason, data: { promiseId } },
      eventKey: `promise-cancelled/${promiseId}`,
    });
  });
  await notifyCase(desk, loanId);
}
