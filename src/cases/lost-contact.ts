import { Refusal } from '../domain/refusal';
import { openCasesOfCustomer } from '../store/case-lists';
import type { StoredCase } from '../store/case-row';
import { addFlag, endFact } from '../store/contact-facts';
import { canBeReached, runningFlag } from '../store/contact-reach';
import type { Queryable } from '../store/database';
import type { Task } from '../store/task-row';
import { addCaseTask, endOfDuration } from './add-task';
import type { CaseReading, ReadingDeps } from './read-facts';
import { policyActor } from './actor';
import { tellCases } from './tell-cases';

/**
 * Decides anew whether the borrower can be reached at all, after a number or an address of theirs was found or lost. Lost
 * contact is a state of the person: a flag that rules know, an entry in each case's timeline, and somebody who looks for
 * them in the way that the case's policy says. Run it with the borrower locked.
 */
export async function reviewReach(tx: Queryable, deps: ReadingDeps, customerId: string, nowMs: number): Promise<void> {
  const [reachable, flagId] = [await canBeReached(tx, customerId), await runningFlag(tx, customerId, 'lost-contact')];
  if (reachable === (flagId === null)) return;
  const event = { atMs: nowMs, actor: policyActor, data: {} };
  if (flagId !== null) {
    const reason = 'a number or an address works again';
    await endFact(tx, { fact: 'flag', id: flagId, customerId, atMs: nowMs, reason, actor: policyActor });
    await tellCases(tx, customerId, null, { ...event, kind: 'contact-found', reason });
    return;
  }
  const evidence = 'no phone number and no mail address on record works';
  const about = { customerId, loanId: null, partyId: null, fromMs: nowMs, untilMs: null, confirmed: true };
  const id = await addFlag(tx, { ...about, flag: 'lost-contact', evidence, actor: policyActor });
  await tellCases(tx, customerId, null, { ...event, kind: 'contact-lost', reason: evidence });
  for (const caseRow of await openCasesOfCustomer(tx, customerId)) await addTrace(tx, deps, caseRow, id, nowMs);
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
    throw new Refusal('InputInvalid', 'write down the number or address that works first', 'outcome');
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
