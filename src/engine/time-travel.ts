import { randomUUID } from 'node:crypto';

import type { Connection } from '@temporalio/client';
import { msNumberToTs, tsToMs } from '@temporalio/common/lib/time';
import { temporal } from '@temporalio/proto';

import { EngineError } from './engine-error';
import { failedWith } from './grpc-status';

type TimeSkippingConfig = temporal.api.common.v1.ITimeSkippingConfig;
type PollAnswer = temporal.api.workflowservice.v1.PollWorkflowExecutionTimeSkippingResponse;
type Description = temporal.api.workflowservice.v1.IDescribeWorkflowExecutionResponse;

const { FastForwardPollingResult: Polling, WorkflowExecutionStatus } = temporal.api.enums.v1;
// The server's default of 200 ends a long story in the middle.
const MAX_SKIPS = 100_000;

export interface ExecutionRef {
  connection: Connection;
  namespace: string;
  workflowId: string;
}

/** What an execution is told so that its clock runs ahead by `durationMs` and then goes at the pace of the world. */
export function timeSkippingStart(id: string, durationMs: number): TimeSkippingConfig {
  return {
    enabled: true,
    maxSessionSkipCount: MAX_SKIPS,
    fastForwardConfig: { id, duration: msNumberToTs(durationMs) },
  };
}

/**
 * Moves the clock of one execution ahead and returns when it has got there, or when the execution has ended. All that
 * falls due on the way is done on the way, in order; so it needs a running worker, and `limitMs` says how long it may.
 */
export async function fastForward(ref: ExecutionRef, durationMs: number, limitMs = 300_000): Promise<void> {
  const fastForwardId = randomUUID();
  const deadlineMs = Date.now() + limitMs;
  if (!(await wasAccepted(ref, timeSkippingStart(fastForwardId, durationMs)))) return;
  for (;;) {
    const answer = await poll(ref, fastForwardId, deadlineMs).catch((error: unknown) => {
      // Which of the two it is depends on who notices the deadline first, this side or the server.
      if (!failedWith(error, 'DeadlineExceeded') && !failedWith(error, 'Cancelled')) throw error;
      throw stuck(ref, `it is still busy after ${limitMs / 1000} s. Does a worker run?`);
    });
    const result = answer.fastForwardPollingResult;
    if (result === Polling.FAST_FORWARD_POLLING_RESULT_FAST_FORWARD_COMPLETED) return;
    if (result === Polling.FAST_FORWARD_POLLING_RESULT_FAST_FORWARD_FAILED)
      return requireOver(ref, answer.failedReason);
    // Anything else: the server's long poll ran out, and the clock is still on its way.
  }
}

/** What time it is for one execution. */
export async function caseClockMs(ref: ExecutionRef): Promise<number> {
  const { workflowExtendedInfo } = await describe(ref);
  const currentTime = workflowExtendedInfo?.timeSkippingInfo?.currentTime;
  return currentTime ? tsToMs(currentTime) : Date.now();
}

function poll(
  { connection, namespace, workflowId }: ExecutionRef,
  fastForwardId: string,
  deadlineMs: number,
): Promise<PollAnswer> {
  const request = { namespace, workflowExecution: { workflowId }, fastForwardId };
  return connection.withDeadline(deadlineMs, () =>
    connection.workflowService.pollWorkflowExecutionTimeSkipping(request),
  );
}

async function wasAccepted(ref: ExecutionRef, timeSkippingConfig: TimeSkippingConfig): Promise<boolean> {
  try {
    await ref.connection.workflowService.updateWorkflowExecutionOptions({
      namespace: ref.namespace,
      workflowExecution: { workflowId: ref.workflowId },
      workflowExecutionOptions: { timeSkippingConfig },
      updateMask: { paths: ['time_skipping_config'] },
    });
    return true;
  } catch (error) {
    if (!failedWith(error, 'NotFound')) throw error;
    // Said of an execution that has ended and of one that never was; describing the latter fails.
    await describe(ref);
    return false;
  }
}

// A poll that comes late finds the execution ended, or continued as new after its clock had arrived.
async function requireOver(ref: ExecutionRef, reason: string): Promise<void> {
  const { workflowExecutionInfo, workflowExtendedInfo } = await describe(ref);
  if (workflowExecutionInfo?.status !== WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING) return;
  if (!workflowExtendedInfo?.timeSkippingInfo?.fastForwardInfo) return;
  throw stuck(ref, reason);
}

function stuck({ workflowId }: ExecutionRef, reason: string): EngineError {
  return new EngineError('FastForwardFailed', `The clock of ${workflowId} did not get where it was sent: ${reason}`);
}

function describe({ connection, namespace, workflowId }: ExecutionRef): Promise<Description> {
  return connection.workflowService.describeWorkflowExecution({ namespace, execution: { workflowId } });
}
