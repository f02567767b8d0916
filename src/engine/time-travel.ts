import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Connection } from '@temporalio/client';
import { msNumberToTs, tsToMs } from '@temporalio/common/lib/time';
import { temporal } from '@temporalio/proto';

import { EngineError } from './engine-error';
import { failedWith } from './grpc-status';

type Description = temporal.api.workflowservice.v1.IDescribeWorkflowExecutionResponse;
type PendingActivity = temporal.api.workflow.v1.IPendingActivityInfo;

const { PendingActivityState, WorkflowExecutionStatus } = temporal.api.enums.v1;
// The rest of the way an execution goes by itself.
const TOLERATED_LAG_MS = 1_000;
const FIRST_LOOK_MS = 5;
const LATER_LOOKS_MS = 80;
// A timer that fires at once and its work come after the skip; more than these would be the next skip's.
const LAST_EVENTS = 20;

export interface ExecutionRef {
  connection: Connection;
  namespace: string;
  workflowId: string;
}

/** An execution at one moment. */
interface Sight {
  readonly isOver: boolean;
  readonly clockMs: number;
  /** It waits for nothing but time. */
  readonly isAtRest: boolean;
  readonly runId: string;
  /** Grows by one with every change that the server writes to the run. */
  readonly changes: number;
}

const underWay = new Map<string, Promise<void>>();

/**
 * Moves the clock of one execution until it is `aheadMs` ahead of the machine's, to the second, and returns when it has
 * got there or the execution has ended; one that is there already is left alone. All that falls due on the way is done on
 * the way, in order; so it needs a running worker, and `limitMs` says how long it may take.
 * @throws EngineError FastForwardFailed.
 */
export async function fastForwardTo(ref: ExecutionRef, aheadMs: number, limitMs = 300_000): Promise<void> {
  // One after the other: two who measure the way before either has gone it would go it twice.
  const key = `${ref.namespace}/${ref.workflowId}`;
  const before = underWay.get(key) ?? Promise.resolve();
  const move = before.catch(() => undefined).then(() => goAhead(ref, aheadMs, Date.now() + limitMs));
  underWay.set(key, move);
  try {
    await move;
  } finally {
    if (underWay.get(key) === move) underWay.delete(key);
  }
}

/**
 * One skip at a time, each from rest: the server takes it within the very change that permits it and permits no other.
 * Left to skip until a target, server 1.32 runs on to the next timer when the target passes while the execution works
 * (GateByFastForward drops a target in the past, not the timer behind it).
 */
async function goAhead(ref: ExecutionRef, aheadMs: number, deadlineMs: number): Promise<void> {
  let skippedFrom: Sight | null = null;
  let pauseMs = FIRST_LOOK_MS;
  for (;;) {
    const seen = await look(ref);
    const leftMs = Date.now() + aheadMs - seen.clockMs;
    if (seen.isOver) return;
    if (hasWoken(seen, skippedFrom)) {
      if (leftMs <= TOLERATED_LAG_MS) return;
      if (seen.isAtRest) {
        await skipOnce(ref, leftMs);
        skippedFrom = (await lastSkipWentAllTheWay(ref)) ? null : seen;
        pauseMs = FIRST_LOOK_MS;
        continue;
      }
    }
    if (Date.now() > deadlineMs) throw stuck(ref);
    await sleep(pauseMs);
    pauseMs = Math.min(LATER_LOOKS_MS, pauseMs * 2);
  }
}

// A timer that was skipped to fires a moment later; until then the execution seems to rest, and a second skip, of this move
// or of the next, would pass over it. The skip is one change, the timer another.
function hasWoken(seen: Sight, skippedFrom: Sight | null): boolean {
  return skippedFrom === null || seen.runId !== skippedFrom.runId || seen.changes > skippedFrom.changes + 1;
}

/** Skips to the next thing that the execution waits for, but not beyond `durationMs` from now. */
async function skipOnce(ref: ExecutionRef, durationMs: number): Promise<void> {
  const fastForwardConfig = { id: randomUUID(), duration: msNumberToTs(durationMs) };
  const timeSkippingConfig = { enabled: true, maxSessionSkipCount: 1, fastForwardConfig };
  try {
    await ref.connection.workflowService.updateWorkflowExecutionOptions({
      namespace: ref.namespace,
      workflowExecution: { workflowId: ref.workflowId },
      workflowExecutionOptions: { timeSkippingConfig },
      updateMask: { paths: ['time_skipping_config'] },
    });
  } catch (error) {
    // It has ended since it was looked at; the next look says so.
    if (!failedWith(error, 'NotFound')) throw error;
  }
}

/** Whether the last skip met no timer before its end: then nothing wakes there. */
async function lastSkipWentAllTheWay({ connection, namespace, workflowId }: ExecutionRef): Promise<boolean> {
  const { history } = await connection.workflowService.getWorkflowExecutionHistoryReverse({
    namespace,
    execution: { workflowId },
    maximumPageSize: LAST_EVENTS,
  });
  const skips = history?.events?.flatMap(
    (event) => event.workflowExecutionTimeSkippingTransitionedEventAttributes ?? [],
  );
  return skips?.[0]?.disabledAfterFastForward === true;
}

async function look(ref: ExecutionRef): Promise<Sight> {
  const description = await describe(ref);
  const { workflowExecutionInfo: info, pendingWorkflowTask, pendingActivities } = description;
  const clockMs = clockOf(description);
  const mayStillSkip = description.workflowExtendedInfo?.timeSkippingInfo?.effectiveConfig?.enabled === true;
  const isBusy = pendingWorkflowTask || pendingActivities?.some((activity) => !waitsForRetry(activity, clockMs));
  return {
    isOver: info?.status !== WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING,
    clockMs,
    isAtRest: !isBusy && !mayStillSkip,
    runId: info?.execution?.runId ?? '',
    changes: Number(info?.stateTransitionCount ?? 0),
  };
}

function waitsForRetry({ state, attempt, scheduledTime }: PendingActivity, clockMs: number): boolean {
  const isScheduled = state === PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED;
  return isScheduled && (attempt ?? 1) > 1 && scheduledTime != null && tsToMs(scheduledTime) > clockMs;
}

/** What time it is for one execution. */
export async function caseClockMs(ref: ExecutionRef): Promise<number> {
  return clockOf(await describe(ref));
}

function clockOf({ workflowExtendedInfo }: Description): number {
  const currentTime = workflowExtendedInfo?.timeSkippingInfo?.currentTime;
  return currentTime ? tsToMs(currentTime) : Date.now();
}

function stuck({ workflowId }: ExecutionRef): EngineError {
  const reason = 'it is still busy. Does a worker run?';
  return new EngineError('FastForwardFailed', `The clock of ${workflowId} did not get where it was sent: ${reason}`);
}

function describe({ connection, namespace, workflowId }: ExecutionRef): Promise<Description> {
  return connection.workflowService.describeWorkflowExecution({ namespace, execution: { workflowId } });
}
