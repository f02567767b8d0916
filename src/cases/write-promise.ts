import { checkPromise, checkPromiseLimits, type PromiseStanding } from '../domain/promise/check-promise';
import type { PromisePart, PromiseSource } from '../domain/promise/promise';
import { promiseRulesOf } from '../domain/promise/promise-rules';
import type { Refusal } from '../domain/refusal';
import type { Queryable } from '../store/database';
import { addPromise } from '../store/promises';
import { recordEvent } from '../store/timeline';
import type { CaseReading } from './read-facts';

export interface SaidPromise {
  readonly promiseId: string;
  readonly source: PromiseSource;
  /** The task or the message that it was heard in. */
  readonly sourceId: string | null;
  readonly parts: readonly PromisePart[];
}

/** What is wrong with a promise of this case, in the loan's currency unless another is named; null where it can be taken. */
export function promiseProblem(reading: CaseReading, parts: readonly PromisePart[], currency?: string): Refusal | null {
  const wish = { parts, currency: currency ?? reading.loan.currency };
  return checkPromise(wish, standingOf(reading), promiseRulesOf(reading.policy));
}

/** Why the policy takes no promise of this case now, whatever it says; null where it does. */
export function promiseLimit(reading: CaseReading): Refusal | null {
  return checkPromiseLimits(standingOf(reading), promiseRulesOf(reading.policy));
}

/** Writes a promise down, and tells of it, in the transaction that heard it. */
export async function writePromise(
  tx: Queryable,
  { caseRow: { loanId, caseNo }, today }: CaseReading,
  { promiseId, source, sourceId, parts }: SaidPromise,
  actor: string,
  nowMs: number,
): Promise<void> {
  const promise = { promiseId, loanId, caseNo, source, sourceId, parts: [...parts] };
  const isNew = await addPromise(tx, { ...promise, givenDay: today, givenAtMs: nowMs, actor });
  if (!isNew) return;
  await recordEvent(tx, {
    ...{ loanId, caseNo, atMs: nowMs, actor, kind: 'promised', data: { promiseId, source, sourceId, parts } },
    reason: `to pay by ${parts.map(({ dueDay }) => dueDay).join(', ')}`,
    eventKey: `promised/${promiseId}`,
  });
}

function standingOf({ today, loan, delinquency, promises }: CaseReading): PromiseStanding {
  const { outstandingMinor } = delinquency;
  return { today, currency: loan.currency, outstandingMinor, earlier: promises };
}
