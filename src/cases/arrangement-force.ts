import type { Budget } from '../domain/arrangement/affordability';
import type { ArrangementTerms } from '../domain/arrangement/terms';
import { weigh, type Weighed } from '../domain/arrangement/weigh';
import { Refusal } from '../domain/refusal';
import { branchArrangements, bringArrangementIntoForce, type StoredArrangement } from '../store/arrangements';
import type { Queryable } from '../store/database';
import { addSchedule } from '../store/loans';
import { recordEvent } from '../store/timeline';
import { type CaseReading, delinquencyRules, readCase, type ReadingDeps } from './read-facts';
import { noteArrangements } from './watch-arrangements';

/** Weighs terms against how the case stands now. */
export async function weighTerms(
  db: Queryable,
  { loan, policy, today, arrangements }: CaseReading,
  terms: ArrangementTerms,
  budget: Budget | null,
): Promise<Weighed> {
  const earlier = arrangements.flatMap(({ effectiveFrom, cancelledOn }) =>
    effectiveFrom === null || cancelledOn !== null ? [] : [effectiveFrom],
  );
  const branch = await branchArrangements(db, loan.branch);
  const rules = delinquencyRules(policy);
  const scene = { loan, product: loan.product, today, rules, policy: policy.arrangements, earlier, branch, budget };
  return weigh(scene, terms);
}

/** @throws the first Refusal, where there is a reason against it. */
export function requireMade({ made, refusals: [refusal] }: Weighed): NonNullable<Weighed['made']> {
  if (refusal !== undefined) throw refusal;
  if (made === null) throw new Refusal('RestructureInvalid', 'cannot be');
  return made;
}

/** From today on the new schedule counts, or the settlement may be paid; collection stops in the same transaction. */
export async function bringIntoForce(
  tx: Queryable,
  deps: ReadingDeps,
  reading: CaseReading,
  { arrangementId, terms, reason, actor }: Pick<StoredArrangement, 'arrangementId' | 'terms' | 'reason' | 'actor'>,
  weighed: Weighed,
  nowMs: number,
): Promise<void> {
  const { schedule, waived, added } = requireMade(weighed);
  const { loanId, caseNo } = reading.caseRow;
  await bringArrangementIntoForce(tx, { arrangementId, effectiveFrom: reading.today, waived, added });
  if (schedule !== null) await addSchedule(tx, loanId, schedule, arrangementId);
  const data = { arrangementId, terms, scheduleNo: schedule?.no ?? null, waived, added };
  const event = { loanId, caseNo, atMs: nowMs, actor, reason, data };
  await recordEvent(tx, { ...event, kind: 'arrangement-active', eventKey: `arrangement/${arrangementId}/active` });
  await noteArrangements(tx, await readAgain(tx, deps, reading, nowMs), nowMs);
}

/** The case as it stands after what this transaction wrote. */
export function readAgain(
  tx: Queryable,
  deps: ReadingDeps,
  { caseRow: { loanId, caseNo, stage } }: CaseReading,
  nowMs: number,
): Promise<CaseReading> {
  return readCase(tx, deps, { loanId, caseNo, stage, done: [] }, nowMs);
}
