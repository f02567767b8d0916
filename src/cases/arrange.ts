import { isDeepStrictEqual } from 'node:util';
import type { Budget } from '../domain/arrangement/affordability';
import { observationUntil } from '../domain/arrangement/lifecycle';
import { reinstate } from '../domain/arrangement/reinstate';
import type { ArrangementTerms } from '../domain/arrangement/terms';
import type { Weighed } from '../domain/arrangement/weigh';
import type { Cause } from '../domain/cause/cause';
import type { Day } from '../domain/day';
import { Refusal } from '../domain/refusal';
import { withdrawApproval } from '../store/approvals';
import { addArrangement, cancelArrangement as storeCancellation, getArrangement } from '../store/arrangements';
import { getLatestCase } from '../store/cases';
import { inTransaction, type Queryable } from '../store/database';
import { addSchedule } from '../store/loans';
import { recordEvent } from '../store/timeline';
import { accountRules } from './account-rules';
import type { Actor } from './actor';
import { bringIntoForce, readAgain, requireMade, weighTerms } from './arrangement-force';
import { askForApproval } from './decide-approval';
import type { Desk } from './desk';
import { lockOpenCase } from './hand-to-legal';
import { hearCause } from './hear-cause';
import { notifyCase } from './notify';
import { type PreviewedClasses, previewClasses } from './preview-classes';
import { type CaseReading, readCase, type ReadingDeps } from './read-facts';
import { noteArrangements, type WatchedArrangement } from './watch-arrangements';

export interface ArrangementWish {
  readonly arrangementId: string;
  readonly terms: ArrangementTerms;
  /** A code: it travels through histories. */
  readonly reason: string;
  readonly budget: Budget | null;
  /** Why the borrower is behind, as they say it when they ask for relief; null or missing where nobody asked. */
  readonly cause?: Cause | null;
  readonly actor: string;
}

export interface PreviewedArrangement {
  readonly reading: CaseReading;
  readonly weighed: Weighed;
  /** Null where the terms of the loan do not change. */
  readonly observationUntil: Day | null;
  readonly classes: PreviewedClasses | null;
}

/** What an arrangement would do to the open case today, and every reason against it. @throws Refusal NotFound or CaseNotOpen. */
export async function previewArrangement(
  desk: Desk,
  loanId: string,
  { terms, budget }: Pick<ArrangementWish, 'terms' | 'budget'>,
): Promise<PreviewedArrangement> {
  const latest = await getLatestCase(desk.pool, loanId);
  if (latest === null) throw new Refusal('NotFound', 'the loan never had a case', 'loanId');
  if (latest.status !== 'open') throw new Refusal('CaseNotOpen', 'the case is closed');
  const key = { loanId, caseNo: latest.caseNo, stage: latest.stage, done: [] };
  const reading = await readCase(desk.pool, desk, key, await desk.clock.nowMs());
  const weighed = await weighTerms(desk.pool, reading, terms, budget);
  const { arrangements, policy, today } = reading;
  const { observationMonths } = policy.arrangements;
  const changes = weighed.made !== null && weighed.made.schedule !== null;
  const agreed = [...arrangements, { terms, effectiveFrom: today, cancelledOn: null }];
  const until = changes ? observationUntil(agreed, observationMonths) : null;
  return {
    reading,
    weighed,
    observationUntil: until,
    classes: await previewClasses(desk.pool, reading, weighed, until),
  };
}

/**
 * Makes an arrangement: it begins at once, or it waits for a second person where it goes beyond what one may decide alone.
 * The same id and terms again are the same arrangement. Answers with all of the loan's.
 * @throws Refusal NotFound, CaseNotOpen, RestructureInvalid or AlreadyExists.
 */
export async function makeArrangement(
  desk: Desk,
  loanId: string,
  wish: ArrangementWish,
): Promise<readonly WatchedArrangement[]> {
  const nowMs = await desk.clock.nowMs();
  const arrangements = await inTransaction(desk.pool, async (tx) => {
    const reading = await lockOpenCase(tx, desk, loanId, nowMs);
    await agree(tx, desk, reading, wish, nowMs);
    return (await readAgain(tx, desk, reading, nowMs)).arrangements;
  });
  await notifyCase(desk, loanId);
  return arrangements;
}

/** The same inside a transaction that holds the borrower; answers who has to agree besides, null where it is in force. */
export async function agree(
  tx: Queryable,
  deps: ReadingDeps,
  reading: CaseReading,
  { arrangementId, terms, reason, budget, cause = null, actor }: ArrangementWish,
  nowMs: number,
): Promise<{ readonly waitsFor: string | null }> {
  const { loanId, caseNo } = reading.caseRow;
  const known = await getArrangement(tx, loanId, arrangementId);
  if (known !== null) {
    if (!isDeepStrictEqual(known.terms, terms)) {
      throw new Refusal('AlreadyExists', 'the arrangement exists with other terms', 'arrangementId');
    }
    return { waitsFor: known.effectiveFrom === null ? known.approvalRole : null };
  }
  if (reading.arrangements.some(({ state }) => state === 'proposed')) {
    throw new Refusal('AlreadyExists', 'another arrangement of the loan waits for approval');
  }
  const weighed = await weighTerms(tx, reading, terms, budget);
  requireMade(weighed);
  const { approval, measures, affordability } = weighed;
  const agreed = { arrangementId, loanId, caseNo, terms, reason, actor, proposedOn: reading.today };
  await addArrangement(tx, { ...agreed, approvalRole: approval?.role ?? null });
  if (cause !== null) {
    const heard = { loanId, caseNo, code: cause, fromDay: reading.today, source: 'plan', sourceId: null } as const;
    await hearCause(tx, heard, actor, nowMs);
  }
  if (approval === null) {
    await bringIntoForce(tx, deps, reading, agreed, weighed, nowMs);
    return { waitsFor: null };
  }
  const proposal = {
    ...({ kind: 'arrangement', subjectId: arrangementId, loanId, caseNo, role: approval.role } as const),
    ...{ proposedBy: actor, proposedAtMs: nowMs },
    terms: { ...terms, because: approval.because, measures, affordability, waived: weighed.made?.waived },
  };
  await askForApproval(tx, proposal, reason);
  return { waitsFor: approval.role };
}

/**
 * Ends a proposal or an arrangement before its time. The schedule before it is in force again from today on: what was waived
 * is owed again, what an upheld dispute took off meanwhile is not, and days past due count from the old due days.
 * @throws Refusal NotFound, CaseNotOpen, or RestructureInvalid where it is over, or a later one was built on it.
 */
export async function cancelArrangement(
  desk: Desk,
  loanId: string,
  arrangementId: string,
  reason: string,
  actor: Actor,
): Promise<readonly WatchedArrangement[]> {
  const nowMs = await desk.clock.nowMs();
  const arrangements = await inTransaction(desk.pool, async (tx) => {
    const reading = await lockOpenCase(tx, desk, loanId, nowMs);
    const found = reading.arrangements.find((one) => one.arrangementId === arrangementId);
    if (found === undefined) throw new Refusal('NotFound', 'no such arrangement', 'arrangementId');
    if (found.cancelledOn !== null) return reading.arrangements;
    await cancel(tx, reading, found, reason, actor, nowMs);
    const after = await readAgain(tx, desk, reading, nowMs);
    await noteArrangements(tx, after, nowMs);
    return after.arrangements;
  });
  await notifyCase(desk, loanId);
  return arrangements;
}

const cancellable: readonly string[] = ['proposed', 'active', 'breached', 'broken'];

async function cancel(
  tx: Queryable,
  { loan, caseRow: { loanId, caseNo }, policy, today }: CaseReading,
  { arrangementId, kind, state, scheduleNo }: WatchedArrangement,
  reason: string,
  actor: Actor,
  nowMs: number,
): Promise<void> {
  if (!cancellable.includes(state)) throw new Refusal('RestructureInvalid', `it is ${state}`, 'arrangementId');
  await storeCancellation(tx, { arrangementId, on: today, actor: actor.name });
  await withdrawApproval(tx, { kind: 'arrangement', subjectId: arrangementId, by: actor.name, atMs: nowMs });
  if (scheduleNo !== null) {
    await addSchedule(tx, loanId, reinstate(loan, scheduleNo, today, accountRules(policy)), arrangementId);
  }
  const event = { loanId, caseNo, atMs: nowMs, actor: actor.name, reason, data: { arrangementId, kind } };
  await recordEvent(tx, {
    ...event,
    kind: 'arrangement-cancelled',
    eventKey: `arrangement/${arrangementId}/cancelled`,
  });
}
