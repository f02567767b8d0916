import { Refusal } from '../domain/refusal';
import { openCasesOfCustomer } from '../store/case-lists';
import type { StoredCase } from '../store/case-row';
import { addFlag, endFact } from '../store/contact-facts';
import { failedAttempts, isLostAfter } from '../domain/contact/failed-attempts';
import { attemptsToReach, canBeReached, ownNumbersInUse, runningFlag, runningFlagSetBy } from '../store/contact-reach';
import type { Queryable } from '../store/database';
import type { Task } from '../store/task-row';
import { addCaseTask, endOfDuration } from './add-task';
import type { CaseReading, ReadingDeps } from './read-facts';
import { policyActor } from './actor';
import { tellCases } from './tell-cases';

/**
 * Decides anew whether the borrower can be reached at all, after a number or an address of theirs was found or lost, or
 * somebody tried or spoke with them. Lost contact is a state of the person: a flag that rules know, an entry in each case's
 * timeline, and somebody who looks for them in the way that the case's policy says. A flag that a person set is theirs to
 * end. Run it with the borrower locked.
 */
export async function reviewReach(tx: Queryable, deps: ReadingDeps, customerId: string, nowMs: number): Promise<void> {
  const lost = await whyLost(tx, deps, customerId);
  const event = { atMs: nowMs, actor: policyActor, data: {} };
  if (lost.evidence === null) {
    const flag = await runningFlagSetBy(tx, customerId, 'lost-contact', policyActor);
    if (flag === null) return;
    const reason =
      lost.heardMs !== null && lost.heardMs >= flag.fromMs
        ? 'the borrower was heard'
        : 'a number or an address works again';
    await endFact(tx, { fact: 'flag', id: flag.id, customerId, atMs: nowMs, reason, actor: policyActor });
    await tellCases(tx, customerId, null, { ...event, kind: 'contact-found', reason });
    return;
  }
  if ((await runningFlag(tx, customerId, 'lost-contact')) !== null) return;
  const { evidence } = lost;
  const about = { customerId, loanId: null, partyId: null, fromMs: nowMs, untilMs: null, confirmed: true };
  const id = await addFlag(tx, { ...about, flag: 'lost-contact', evidence, actor: policyActor });
  await tellCases(tx, customerId, null, { ...event, kind: 'contact-lost', reason: evidence });
  for (const caseRow of await openCasesOfCustomer(tx, customerId)) await addTrace(tx, deps, caseRow, id, nowMs);
}

interface Reach {
  /** Null where the borrower is not lost. */
  readonly evidence: string | null;
  /** When they were last heard; null where nobody asked, or that never was. */
  readonly heardMs: number | null;
}

async function whyLost(tx: Queryable, deps: ReadingDeps, customerId: string): Promise<Reach> {
  if (!(await canBeReached(tx, customerId))) {
    return { evidence: 'no phone number and no mail address on record works', heardMs: null };
  }
  const afterFailedAttempts = await attemptsThatMakeLost(tx, deps, customerId);
  if (afterFailedAttempts === null) return { evidence: null, heardMs: null };
  const numbers = await ownNumbersInUse(tx, customerId);
  const failed = failedAttempts(await attemptsToReach(tx, customerId), numbers);
  const { count, heardMs } = failed;
  const isLost = isLostAfter(failed, numbers, afterFailedAttempts);
  const evidence = `nobody took ${count} calls in a row, on every number of their own`;
  return { evidence: isLost ? evidence : null, heardMs };
}

/** What every open case's policy agrees on, because the flag is about the person: the most that one asks; null where one does not say. */
async function attemptsThatMakeLost(
  tx: Queryable,
  { policies }: ReadingDeps,
  customerId: string,
): Promise<number | null> {
  let most = 0;
  for (const { policyId, policyVersion } of await openCasesOfCustomer(tx, customerId)) {
    const { policy } = await policies.pinned(tx, policyId, policyVersion);
    if (policy.lostContact?.afterFailedAttempts === undefined) return null;
    most = Math.max(most, policy.lostContact.afterFailedAttempts);
  }
  return most === 0 ? null : most;
}

async function addTrace(
  tx: Queryable,
  { policies }: ReadingDeps,
  caseRow: StoredCase,
  flagId: number,
  nowMs: number,
): Promise<void> {
  const { policy, calendar } = await policies.pinned(tx, caseRow.policyId, caseRow.policyVersion);
  if (policy.lostContact === null) return;
  const { within } = policy.lostContact;
  const taskKey = `${caseRow.loanId}/${caseRow.caseNo}/trace/${flagId}`;
  const reason = 'the borrower cannot be reached';
  const wanted = { taskKey, kind: 'trace', asks: [], within, attempt: 1, reason, notBeforeMs: nowMs } as const;
  await addCaseTask(tx, { caseRow, calendar }, wanted, nowMs);
}

/** What follows when somebody has looked for the borrower. @throws Refusal InputInvalid. */
export async function followTrace(tx: Queryable, reading: CaseReading, task: Task, nowMs: number): Promise<void> {
  const isLost = (await runningFlag(tx, task.customerId, 'lost-contact')) !== null;
  if (task.outcome === 'found' && isLost) {
    throw new Refusal('InputInvalid', 'write down what works first, and end the flag if a person set it', 'outcome');
  }
  const rule = reading.policy.lostContact;
  if (!isLost || rule?.again === undefined || task.attempt > rule.again.atMost) return;
  const attempt = task.attempt + 1;
  const wanted = {
    taskKey: `${task.taskKey.replace(/#\d+$/, '')}#${attempt}`,
    ...{ kind: task.kind, asks: [], attempt, within: rule.within },
    reason: 'the borrower was not found',
    notBeforeMs: endOfDuration(reading.calendar, nowMs, rule.again.after),
  };
  await addCaseTask(tx, reading, wanted, nowMs);
}
