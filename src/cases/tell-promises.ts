import type { JudgedPromise } from '../domain/promise/judge-promises';
import { promisedMinor } from '../domain/promise/promise';
import type { Queryable } from '../store/database';
import { toldPromises } from '../store/told-promises';
import { getPromise } from '../store/promises';
import { recordEvent } from '../store/timeline';
import type { CaseReading } from './read-facts';

/** How the timeline names the state in which a promise was found. */
const kinds = { open: 'promise-reopened', kept: 'promise-kept', broken: 'promise-broken' } as const;

/** Writes into the timeline what became of promises since it was last told, each change once. */
export async function tellPromises(tx: Queryable, { promises, loan }: CaseReading, nowMs: number): Promise<void> {
  if (promises.length === 0) return;
  const told = await toldPromises(tx, loan.loanId);
  for (const promise of promises) {
    const { promiseId, state } = promise;
    const { kind = kinds.open, times = 0 } = told.get(promiseId) ?? {};
    if (state !== 'cancelled' && kinds[state] !== kind) await tell(tx, promise, kinds[state], times + 1, nowMs);
  }
}

async function tell(
  tx: Queryable,
  { promiseId, receivedMinor, parts }: JudgedPromise,
  kind: string,
  no: number,
  nowMs: number,
): Promise<void> {
  const stored = await getPromise(tx, promiseId);
  if (stored === null) return;
  const amountMinor = promisedMinor({ parts });
  await recordEvent(tx, {
    ...{ loanId: stored.loanId, caseNo: stored.caseNo, atMs: nowMs, actor: 'policy', kind },
    reason: `received ${receivedMinor} of ${amountMinor} minor units in time`,
    data: { promiseId, promisedMinor: amountMinor, receivedMinor },
    eventKey: `promise/${promiseId}/${no}`,
  });
}
