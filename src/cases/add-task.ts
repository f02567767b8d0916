import { randomUUID } from 'node:crypto';
import type { BankCalendar } from '../domain/bank-calendar';
import type { CaseState, TaskKind, TimetableStep } from '../domain/case';
import { stepOf } from '../domain/policy';
import { type Duration, durationMs } from '../domain/policy-duration';
import { isBrokenPromiseStep } from '../domain/promise/broken-promise-steps';
import { promiseRulesOf } from '../domain/promise/promise-rules';
import type { Queryable } from '../store/database';
import { handlerOf } from '../store/flag-days';
import type { Task } from '../store/task-row';
import { addTask } from '../store/tasks';
import { recordEvent } from '../store/timeline';
import type { CaseReading } from './read-facts';

const approvalWithin: Duration = { amount: 3, unit: 'workingDays' };

type TaskWanted = TaskParts & ({ readonly within: Duration } | { readonly dueAtMs: number });

interface TaskParts {
  readonly taskKey: string;
  readonly kind: TaskKind;
  readonly asks: readonly string[];
  readonly attempt: number;
  readonly reason: string;
  readonly notBeforeMs: number;
  /** Null: whoever takes it. Where nothing is said, whoever looks after the borrower, or else after the case. */
  readonly assignee?: null;
}

/** The task of a policy step, due within the time that the step allows. */
export async function addStepTask(
  tx: Queryable,
  reading: CaseReading,
  state: CaseState,
  step: TimetableStep,
  nowMs: number,
): Promise<void> {
  const wanted = {
    ...sheetOf(reading, step.key),
    taskKey: `${state.loanId}/${state.caseNo}/${step.key}`,
    attempt: 1,
    reason: `${step.key} is due`,
    notBeforeMs: nowMs,
  };
  await addCaseTask(tx, reading, wanted, nowMs);
}

function sheetOf(
  { policy, loan }: CaseReading,
  stepKey: string,
): Pick<TaskParts, 'kind' | 'asks'> & { readonly within: Duration } {
  if (isBrokenPromiseStep(stepKey)) {
    const { whenBroken } = promiseRulesOf(policy);
    if (whenBroken !== null) return { kind: whenBroken.task, asks: [], within: whenBroken.within };
  }
  const action = stepOf(policy, loan.riskTier, stepKey)?.action;
  if (action?.kind !== 'task') throw new Error(`${stepKey} is not a task of the pinned policy`);
  return { kind: action.task, asks: action.asks, within: action.within };
}

/** The second pair of eyes on a legal handoff. */
export async function addApprovalTask(
  tx: Queryable,
  reading: CaseReading,
  state: Pick<CaseState, 'loanId' | 'caseNo'>,
  handoffId: string,
  nowMs: number,
): Promise<void> {
  const wanted = {
    taskKey: `${state.loanId}/${state.caseNo}/approve/${handoffId}`,
    kind: 'approve-legal',
    asks: [],
    within: approvalWithin,
    attempt: 1,
    reason: 'legal handoff was proposed',
    notBeforeMs: nowMs,
  } as const;
  await addCaseTask(tx, reading, wanted, nowMs);
}

export async function addCaseTask(
  tx: Queryable,
  reading: Pick<CaseReading, 'caseRow' | 'calendar'>,
  wanted: TaskWanted,
  nowMs: number,
): Promise<Task> {
  const { caseRow, calendar } = reading;
  const { loanId, caseNo, customerId, stage } = caseRow;
  const { assignee = (await handlerOf(tx, customerId, loanId, nowMs)) ?? caseRow.assignee } = wanted;
  const { taskKey, kind, attempt, notBeforeMs } = wanted;
  const dueAtMs = 'dueAtMs' in wanted ? wanted.dueAtMs : endOfDuration(calendar, notBeforeMs, wanted.within);
  const { task, added } = await addTask(tx, {
    ...{
      taskId: randomUUID(),
      taskKey,
      loanId,
      caseNo,
      customerId,
      kind,
      stage,
      attempt,
      assignee,
      notBeforeMs,
      dueAtMs,
    },
    asks: [...wanted.asks],
  });
  if (!added) return task;
  const data = { taskId: task.taskId, kind, attempt, dueAt: new Date(dueAtMs).toISOString() };
  const event = { loanId, caseNo, atMs: nowMs, actor: 'policy', reason: wanted.reason, data };
  await recordEvent(tx, { ...event, kind: 'task-created', eventKey: `task/${taskKey}` });
  return task;
}

/** When a length of time that starts now has passed; working days end with the bank's day. */
export function endOfDuration(calendar: BankCalendar, fromMs: number, duration: Duration): number {
  const exactMs = durationMs(duration);
  if (exactMs !== null) return fromMs + exactMs;
  const lastDay = calendar.addWorkdays(calendar.dayOf(fromMs), duration.amount);
  return calendar.instantAt(lastDay, '23:59');
}
